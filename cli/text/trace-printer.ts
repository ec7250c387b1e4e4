import type { TraceLine } from '#host/control/trace-line.ts';
import { formatEvent } from '#shared/trace/format-event.ts';
import type { CommandIo } from '../commands/command-io.ts';
import { Ladder } from '../ladder/ladder.ts';
import { jsonText } from './json-text.ts';
import { formatCountOf } from './units.ts';

/** How a trace can be printed. */
export const TRACE_FORMATS = ['ladder', 'lines', 'json'] as const;

export type TraceFormat = (typeof TRACE_FORMATS)[number];

/** Makes the text of a line, with its line end. */
export type TracePrinter = (line: TraceLine) => string;

/** The width of a trace on what is no terminal. */
export const TRACE_COLUMNS = 120;

/** What prints a trace in a format, as wide as standard output is at the time. */
export function newTracePrinter(format: TraceFormat, { stdout, env }: CommandIo): TracePrinter {
  switch (format) {
    case 'json':
      return (line) => `${jsonText(line)}\n`;
    case 'lines':
      return (line) =>
        'dropped' in line ? gapText(line.dropped) : `${timeText(line.at)} ${formatEvent(line)}\n`;
    case 'ladder': {
      const colour = stdout.isTTY === true && env['NO_COLOR'] === undefined;
      const ladder = new Ladder({ columns: TRACE_COLUMNS, colour });
      return (line) => {
        if ('dropped' in line) return gapText(line.dropped);
        ladder.columns = stdout.columns ?? TRACE_COLUMNS;
        return ladder
          .render(line)
          .map((row) => `${row}\n`)
          .join('');
      };
    }
    default:
      return format satisfies never;
  }
}

/** When an event happened, by the clock of the wall. */
export function timeText(at: number): string {
  return new Date(at).toISOString();
}

function gapText(dropped: number): string {
  return `(${formatCountOf(dropped, 'event')} missing here: this reader was too slow)\n`;
}
