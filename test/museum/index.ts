import type { Exhibit } from './exhibit.ts';

/** Every exhibit, by id; its code is loaded when it is run. */
export const EXHIBITS: Readonly<Record<string, () => Promise<{ readonly default: Exhibit }>>> = {
  S10: () => import('./exhibits/s10-invalidated-while-reading/index.ts'),
};

/** The exhibit with an id; undefined when there is none. */
export async function exhibit(id: string): Promise<Exhibit | undefined> {
  return (await EXHIBITS[id.toUpperCase()]?.())?.default;
}
