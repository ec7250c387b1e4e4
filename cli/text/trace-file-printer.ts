import { formatEvent } from '#shared/trace/format-event.ts';
import type { TraceEvent } from '#shared/trace/trace.ts';
import { describeRule } from '#test/kit/faults/fault-engine.ts';
import { asRunOptions } from '#test/kit/trace-file/schedule-schema.ts';
import type { TraceFile } from '#test/kit/trace-file/trace-file.ts';
import type { CommandIo } from '../commands/command-io.ts';
import { guestsOf } from '../ladder/guests-of.ts';
import { Ladder } from '../ladder/ladder.ts';
import { jsonText } from './json-text.ts';
import { TRACE_COLUMNS, type TraceFormat, timeText } from './trace-printer.ts';

/** Makes the text of an event and of the faults that befell it, with line ends. */
export type EventPrinter = (event: TraceEvent, faults: readonly string[]) => string;

/** What befell which event, by its number, in words: `drop: every READ_BLOCK at …`. */
export function faultTexts({ header, faults }: TraceFile): ReadonlyMap<number, readonly string[]> {
  const rules = asRunOptions(header.options).faults ?? [];
  const texts = new Map<number, readonly string[]>();
  for (const { rule, seq, fault } of faults) {
    const known = rules[rule];
    const text = known === undefined ? fault.verb : describeRule(known);
    texts.set(seq, [...(texts.get(seq) ?? []), text]);
  }
  return texts;
}

/**
 * What prints the events of a trace file in a format. In a ladder and in lines each has its number
 * before it, by which checkers name events.
 */
export function newEventPrinter(
  format: TraceFormat,
  { stdout, env }: CommandIo,
  { events }: TraceFile,
): EventPrinter {
  const numberDigits = String(events.at(-1)?.seq ?? 0).length;
  switch (format) {
    case 'json':
      return (event, faults) =>
        [event, ...faults.map((fault) => ({ seq: event.seq, fault }))]
          .map((each) => `${jsonText(each)}\n`)
          .join('');
    case 'lines':
      return (event, faults) => {
        const number = String(event.seq).padStart(numberDigits);
        const line = `${number} ${timeText(event.at)} ${formatEvent(event)}`;
        return [line, ...faults.map((fault) => `${' '.repeat(numberDigits + 1)}fault: ${fault}`)]
          .map((each) => `${each}\n`)
          .join('');
      };
    case 'ladder': {
      const columns = stdout.columns ?? TRACE_COLUMNS;
      const colour = stdout.isTTY === true && env['NO_COLOR'] === undefined;
      const ladder = new Ladder({ columns, colour, guests: guestsOf(events), numberDigits });
      return (event, faults) =>
        [...ladder.render(event), ...faults.flatMap((fault) => ladder.remark(`fault: ${fault}`))]
          .map((row) => `${row}\n`)
          .join('');
    }
    default:
      return format satisfies never;
  }
}
