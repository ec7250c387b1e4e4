import type { SweepResult, SweptRun } from '#test/kit/search/sweep.ts';
import { type Column, renderTable } from './table.ts';

const COLUMNS: readonly Column[] = [
  { head: 'CUT POINT' },
  { head: 'RUNS', align: 'right' },
  { head: 'HELD', align: 'right' },
  { head: 'UNKNOWN', align: 'right' },
  { head: 'VIOLATED', align: 'right' },
];

/** The cut points of a sweep: beneath each hop a line for each name that travels there, and its runs. */
export function sweepText({ runs }: SweepResult): string {
  const hops = groupedBy(runs, ({ hop }) => hop);
  const rows = [...hops].flatMap(([hop, atHop]) => [
    [hop],
    ...[...groupedBy(atHop, ({ name }) => name)].map(([name, each]) => rowOf(`  ${name}`, each)),
  ]);
  return renderTable(COLUMNS, rows);
}

function groupedBy(
  runs: readonly SweptRun[],
  keyOf: (when: SweptRun['point']['when']) => string,
): ReadonlyMap<string, readonly SweptRun[]> {
  const groups = new Map<string, SweptRun[]>();
  for (const run of runs) {
    const key = keyOf(run.point.when);
    const known = groups.get(key);
    if (known === undefined) groups.set(key, [run]);
    else known.push(run);
  }
  return groups;
}

function rowOf(name: string, runs: readonly SweptRun[]): readonly string[] {
  const count = (...outcomes: readonly SweptRun['outcome'][]): string =>
    String(runs.filter(({ outcome }) => outcomes.includes(outcome)).length);
  return [name, String(runs.length), count('holds'), count('unknown', 'broken'), count('violated')];
}
