import type { StateTable } from '#shared/state-table.ts';

/** What is wrong with a table of states whose first one is `first`; nothing, for one that is right. */
export function defectsOf(table: StateTable, first: string): readonly string[] {
  const states = Object.keys(table);
  const reached = reachableFrom(table, first);
  const last = states.filter((state) => Object.keys(table[state]?.to ?? {}).length === 0);
  return [
    ...states.flatMap((state) => causesOf(table, state)),
    ...states.filter((state) => !reached.has(state)).map((state) => `${state} is never entered`),
    ...states
      .filter((state) => !last.some((end) => reachableFrom(table, state).has(end)))
      .map((state) => `${state} never ends`),
  ];
}

function causesOf(table: StateTable, state: string): readonly string[] {
  const { what = '', to = {} } = table[state] ?? {};
  return [
    ...(what === '' ? [`${state} is not explained`] : []),
    ...Object.entries(to).flatMap(([target, cause]) => [
      ...(target in table ? [] : [`${state} leads to ${target}, which is no state`]),
      ...(cause === '' ? [`${state} becomes ${target} for no cause`] : []),
    ]),
  ];
}

function reachableFrom(table: StateTable, first: string): ReadonlySet<string> {
  const reached = new Set<string>();
  const visit = (state: string): void => {
    if (reached.has(state)) return;
    reached.add(state);
    for (const target of Object.keys(table[state]?.to ?? {})) visit(target);
  };
  visit(first);
  return reached;
}
