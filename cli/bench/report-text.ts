import { renderTable } from '../text/table.ts';
import { formatBytes } from '../text/units.ts';
import type { Ratio, Report, Result } from './report.ts';
import type { Budget, Unit } from './rows.ts';
import type { Summary } from './statistics.ts';

const COLUMNS = [
  { head: 'row' },
  { head: 'measured' },
  { head: 'against' },
  { head: 'ratio', align: 'right' },
  { head: 'first' },
  { head: 'later' },
] as const;

/** How the values of a unit are shown: what they are divided by, and what stands behind them. */
const SHOWN: Readonly<Record<Unit, { readonly scale: number; readonly suffix: string }>> = {
  ms: { scale: 0.001, suffix: 'µs' },
  'reads/s': { scale: 1000, suffix: 'k/s' },
  bytes: { scale: 1000, suffix: 'kB' },
};

/** A report for people, within 80 columns. */
export function reportText(report: Report): string {
  const rows = report.results.flatMap((result) => {
    const ratio = report.ratios.find((each) => each.row === result.row);
    return ratio === undefined ? [] : [rowOf(result, ratio)];
  });
  const notes = report.results.flatMap(({ row, note }) => (note === null ? [] : `${row}: ${note}`));
  return [machineText(report), '', renderTable(COLUMNS, rows), ...notes, ''].join('\n');
}

function machineText({ machine, pinned }: Report): string {
  const { cpu, cores, memoryBytes, node, os } = machine;
  const where =
    pinned === null
      ? 'The processes were left to the scheduler, which may move a pair onto one core.'
      : `Servers were kept on core ${pinned.server}, clients on core ${pinned.client}.`;
  return `${cores} cores of ${cpu}, ${formatBytes(memoryBytes)}\nNode ${node}, ${os}\n${where}`;
}

function rowOf({ row, unit, subject, baseline }: Result, ratio: Ratio): string[] {
  const { budget, meetsFirst, meetsLater, median } = ratio;
  return [
    row,
    valueText(unit, subject),
    valueText(unit, baseline),
    median.toFixed(2),
    budgetText(budget, budget.first, meetsFirst),
    budgetText(budget, budget.later, meetsLater),
  ];
}

/** `118 µs (112-125)`: the median, the least and the most. */
function valueText(unit: Unit, { median, least, most }: Summary): string {
  const { scale, suffix } = SHOWN[unit];
  const shown = (value: number): string => threeDigits(value / scale);
  return `${shown(median)} ${suffix} (${shown(least)}-${shown(most)})`;
}

function threeDigits(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}

function budgetText({ bound }: Budget, limit: number, meets: boolean): string {
  return `${bound === 'at most' ? '<=' : '>='} ${limit} ${meets ? 'ok' : 'no'}`;
}
