import type { SweepResult, SweptRun } from '#test/kit/search/sweep.ts';
import { type Column, renderTable } from './table.ts';

const COLUMNS: readonly Column[] = [
  { head: 'HOP' },
  { head: 'NAME' },
  { head: 'RUNS', align: 'right' },
  { head: 'HELD', align: 'right' },
  { head: 'UNKNOWN', align: 'right' },
  { head: 'VIOLATED', align: 'right' },
];

/** A line for each cut point of a sweep: its hop and what travels there, whichever its number. */
export function sweepText({ baseline, runs }: SweepResult): string {
  if (baseline.outcome === 'violated') {
    return `Without any fault:\n${baseline.why.map((why) => `  ${why}\n`).join('')}`;
  }
  const groups = new Map<string, SweptRun[]>();
  for (const run of runs) {
    const { hop, name } = run.point.when;
    const known = groups.get(`${hop} ${name}`);
    if (known === undefined) groups.set(`${hop} ${name}`, [run]);
    else known.push(run);
  }
  return renderTable(COLUMNS, [...groups.values()].map(rowOf));
}

function rowOf(runs: readonly SweptRun[]): readonly string[] {
  const [first] = runs;
  const count = (outcome: SweptRun['outcome']): string =>
    String(runs.filter((run) => run.outcome === outcome).length);
  return [
    first?.point.when.hop ?? '',
    first?.point.when.name ?? '',
    String(runs.length),
    count('holds'),
    count('unknown'),
    count('violated'),
  ];
}
