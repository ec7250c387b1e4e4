import type { ChildLogLine } from './child-process.ts';

/** Fields of a log line that say nothing to somebody who reads it beside a ladder. */
const LEFT_OUT = new Set(['level', 'time', 'pid', 'hostname', 'process', 'msg', 'stack']);

const LEVEL_NAMES = new Map([
  [40, 'warning: '],
  [50, 'error: '],
  [60, 'fatal: '],
]);

/** A log line in one line for people: `· g1  configuration applied  mac 02:… mtu 1500`. */
export function describeLogLine(source: string, line: ChildLogLine): string {
  const fields = Object.entries(line)
    .filter(([name]) => !LEFT_OUT.has(name))
    .map(([name, value]) => `${name} ${typeof value === 'string' ? value : JSON.stringify(value)}`);
  const level = LEVEL_NAMES.get(line.level) ?? '';
  return [`· ${source}:`, `${level}${line.msg}`, ...fields].join('  ');
}
