import type { StateTable } from '#shared/state-table.ts';
import { lastStatesOf } from './lifecycles.ts';

/** A table of states as a state diagram of Mermaid; its first state is entered from the start. */
export function mermaidOf(table: StateTable): string {
  const changes = Object.entries(table).flatMap(([state, { to }]) =>
    Object.entries(to).map(([next, cause]) => `${state} --> ${next}: ${label(cause)}`),
  );
  const lines = [
    ...Object.keys(table)
      .slice(0, 1)
      .map((first) => `[*] --> ${first}`),
    ...changes,
    ...lastStatesOf(table).map((last) => `${last} --> [*]`),
  ];
  return `stateDiagram-v2\n${lines.map((line) => `  ${line}\n`).join('')}`;
}

/** Mermaid ends a label at these characters, and knows them by their numbers. */
function label(cause: string): string {
  return cause.replace(/[#:;]/g, (character) => `#${character.charCodeAt(0)};`);
}
