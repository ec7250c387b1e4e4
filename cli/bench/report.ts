import type { Machine } from './machine.ts';
import type { Measured } from './measured.ts';
import { type Budget, ROWS, type RowName, type Unit, verdictOf } from './rows.ts';
import { ratiosOf, type Summary, summaryOf } from './statistics.ts';
import type { TwoCores } from './two-cores.ts';

/** One side of a row. */
export interface Side extends Summary {
  readonly what: string;
  readonly rounds: readonly number[];
}

/** What was measured for one row. */
export interface Result {
  readonly row: RowName;
  readonly unit: Unit;
  readonly subject: Side;
  readonly baseline: Side;
  readonly note: string | null;
}

/** The ratio of the two sides, over the rounds that were measured next to each other. */
export interface Ratio extends Summary {
  readonly row: RowName;
  readonly budget: Budget;
  readonly meetsFirst: boolean;
  readonly meetsLater: boolean;
}

/** One run of the bench; `--json` prints it as it is. */
export interface Report {
  readonly machine: Machine;
  /** The cores that servers and clients were kept on; null when they were left to the scheduler. */
  readonly pinned: TwoCores | null;
  readonly revision: string | null;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly results: readonly Result[];
  readonly ratios: readonly Ratio[];
}

export function resultOf(row: RowName, { subject, baseline, note }: Measured): Result {
  const { what, against, unit } = ROWS[row];
  return {
    row,
    unit,
    subject: { what, ...summaryOf(subject), rounds: subject },
    baseline: { what: against, ...summaryOf(baseline), rounds: baseline },
    note: note ?? null,
  };
}

export function ratioOf({ row, subject, baseline }: Result): Ratio {
  const { budget } = ROWS[row];
  const summary = summaryOf(ratiosOf(subject.rounds, baseline.rounds));
  const verdict = verdictOf(summary.median, budget);
  return { row, ...summary, budget, meetsFirst: verdict.first, meetsLater: verdict.later };
}

/** The ratios that miss their first budget, each in words; empty when there are none. */
export function missesOf(ratios: readonly Ratio[]): string[] {
  return ratios
    .filter((ratio) => !ratio.meetsFirst)
    .map(({ row, median, budget: { bound, first } }) => {
      return `${row} is ${median.toFixed(2)}, expected ${bound} ${first}`;
    });
}
