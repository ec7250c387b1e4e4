import type { Lifecycle } from '../states/lifecycles.ts';
import { renderFields } from './table.ts';

type Field = readonly [name: string, text: string];

const BLANK: Field = ['', ''];

/** What `states` prints of one life: each state with its meaning, and below it where it leads and why. */
export function statesText({ title, table }: Lifecycle, columns: number): string {
  const fields = Object.entries(table).flatMap(([state, { what, to }]): readonly Field[] => [
    BLANK,
    [state, what],
    ...Object.entries(to).map(([next, cause]): Field => [`  → ${next}`, cause]),
  ]);
  return `${title}\n${renderFields(fields, columns)}`;
}
