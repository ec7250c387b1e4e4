import { authorsFrame } from '#shared/authors-frame.ts';
import { printable } from '#shared/text/printable.ts';
import type { ChildLogLine } from './child-process.ts';

/** Fields of a log line that say nothing to somebody who reads it beside a ladder. */
const LEFT_OUT = new Set(['level', 'time', 'pid', 'hostname', 'process', 'msg', 'stack']);

/** pino's number for the level error. */
const ERROR_LEVEL = 50;

const LEVEL_NAMES = new Map([
  [40, 'warning: '],
  [50, 'error: '],
  [60, 'fatal: '],
]);

/** How far the further lines of a long log line stand in. */
const INDENT = '    ';

/**
 * A log line for people: `· g1:  configuration applied  mac 02:…  mtu 1500`. Where it is wider than
 * `columns` it goes on, between two fields, in the next line. An error that a miniport threw has the
 * place in its own file beneath it: `    at my-pf.ts:12:5`. What a peer or a plug-in wrote in any of it
 * cannot reach the terminal.
 */
export function describeLogLine(source: string, line: ChildLogLine, columns: number): string {
  const fields = Object.entries(line)
    .filter(([name]) => !LEFT_OUT.has(name))
    .map(([name, value]) => `${name} ${typeof value === 'string' ? value : JSON.stringify(value)}`);
  const level = LEVEL_NAMES.get(line.level) ?? '';
  const parts = [`· ${source}:`, `${level}${line.msg}`, ...fields];
  const lines = fitted(parts.map(printable), columns);
  const place = placeOf(line);
  if (place !== undefined) lines.push(printable(`${INDENT}at ${place}`));
  return lines.join('\n');
}

function placeOf(line: ChildLogLine): string | undefined {
  const stack = line['stack'];
  const isThrown = line.level >= ERROR_LEVEL && typeof stack === 'string';
  return isThrown ? authorsFrame(stack) : undefined;
}

function fitted(parts: readonly string[], columns: number): string[] {
  const lines: string[] = [];
  for (const part of parts) {
    const last = lines.at(-1);
    const joined = `${last ?? ''}  ${part}`;
    if (last === undefined) lines.push(part);
    else if (joined.length <= columns) lines[lines.length - 1] = joined;
    else lines.push(INDENT + part);
  }
  return lines;
}
