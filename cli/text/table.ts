import Table from 'cli-table3';
import { printable } from '#shared/text/printable.ts';

/** A column of a table. */
export interface Column {
  readonly head: string;
  readonly align?: 'left' | 'right';
}

/** No lines at all: two spaces part the columns. */
const BORDERLESS = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
};

/** A terminal may be narrower than what stands on it. */
const LEAST_WIDTH = 20;

/** Rows under their heads. What a peer or a plug-in wrote in a cell cannot reach the terminal. */
export function renderTable(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
): string {
  return render(
    columns.map((column) => column.align ?? 'left'),
    [columns.map((column) => column.head), ...rows],
  );
}

/**
 * Names and values, one pair on each line; a name may be empty, for a further value. Values that
 * reach beyond `columns` go on below, at a space.
 */
export function renderFields(
  fields: readonly (readonly [name: string, value: string])[],
  columns?: number,
): string {
  if (columns === undefined) return render(['left', 'left'], fields);
  const names = Math.max(...fields.map(([name]) => name.length)) + BORDERLESS.middle.length;
  return render(['left', 'left'], fields, [null, Math.max(columns - names, LEAST_WIDTH)]);
}

function render(
  colAligns: ('left' | 'right')[],
  rows: readonly (readonly string[])[],
  colWidths: (number | null)[] = [],
): string {
  const style = { 'padding-left': 0, 'padding-right': 0, head: [], border: [] };
  const table = new Table({ chars: BORDERLESS, style, colAligns, colWidths, wordWrap: true });
  table.push(...rows.map((row) => row.map(printable)));
  const lines = table.toString().split('\n');
  return lines.map((line) => `${line.trimEnd()}\n`).join('');
}
