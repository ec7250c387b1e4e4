import type { Exhibit } from './exhibit.ts';

/** Every exhibit, by id; its code is loaded when it is run. */
export const EXHIBITS: Readonly<Record<string, () => Promise<{ readonly default: Exhibit }>>> = {
  S10: () => import('./exhibits/s10-invalidated-while-reading/index.ts'),
  S19: () => import('./exhibits/s19-held-for-a-crashed-guest/index.ts'),
  S29: () => import('./exhibits/s29-late-answer-to-an-equal-request/index.ts'),
  S35: () => import('./exhibits/s35-time-out-too-short/index.ts'),
  S40: () => import('./exhibits/s40-stale-reset-impending/index.ts'),
  S52: () => import('./exhibits/s52-trylock-fails/index.ts'),
  S54: () => import('./exhibits/s54-link-event-before-interrupts/index.ts'),
  S60: () => import('./exhibits/s60-mailbox-of-the-last-tenant/index.ts'),
  S62: () => import('./exhibits/s62-window-on-another-vf/index.ts'),
};

/** The exhibit with an id; undefined when there is none. */
export async function exhibit(id: string): Promise<Exhibit | undefined> {
  return (await EXHIBITS[id.toUpperCase()]?.())?.default;
}
