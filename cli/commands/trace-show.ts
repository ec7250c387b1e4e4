import { type Command, InvalidArgumentError, Option } from 'commander';
import type { TraceEvent } from '#shared/trace/trace.ts';
import { parseTraceFilter } from '#shared/trace/trace-filter.ts';
import { mermaid } from '#test/kit/trace-file/mermaid.ts';
import { UsageError } from '../failure.ts';
import { readTraceFile } from '../testing/read-trace-file.ts';
import { faultTexts, newEventPrinter } from '../text/trace-file-printer.ts';
import { TRACE_FORMATS, type TraceFormat } from '../text/trace-printer.ts';
import { type CommandIo, print } from './command-io.ts';

/** How many events before and behind the one that --around names. */
const AROUND = 10;

const EPILOGUE = `
Checkers name events by their numbers, which stand before them. A filter is that
of \`backchannel trace\`: key=value, with commas between.

Examples:
  backchannel trace show run.jsonl --format mermaid
  backchannel trace show run.jsonl --around 169
  backchannel trace show run.jsonl --filter "vf=0,block=3"`;

interface ShowFlags {
  readonly format: TraceFormat | 'mermaid';
  readonly filter?: string;
  readonly around?: number;
}

/** Adds `trace show`. */
export function addTraceShowCommand(trace: Command, io: CommandIo): void {
  const format = new Option('--format <format>', 'how to print it')
    .choices([...TRACE_FORMATS, 'mermaid'])
    .default('ladder');
  trace
    .command('show')
    .description('print a trace file, with what faults did')
    .argument('<file>', 'what `backchannel check --save` wrote')
    .addOption(format)
    .option('--filter <expression>', 'print only these, such as vf=1 or status=failed')
    .option('--around <event>', 'print only the events about this number', eventNumber)
    .addHelpText('after', EPILOGUE)
    .action((file: string, flags: ShowFlags) => show(file, flags, io));
}

async function show(file: string, flags: ShowFlags, io: CommandIo): Promise<void> {
  const isChosen = choice(flags);
  const run = await readTraceFile(file, io.env);
  const near =
    flags.around === undefined ? run.events : eventsAround(run.events, flags.around, file);
  const events = near.filter(isChosen);
  const faults = faultTexts(run);
  if (flags.format === 'mermaid') {
    await print(io, mermaid(events, faults));
    return;
  }
  const text = newEventPrinter(flags.format, io, run);
  for (const event of events) {
    if (!(await print(io, text(event, faults.get(event.seq) ?? [])))) return;
  }
}

function choice({ filter }: ShowFlags): (event: TraceEvent) => boolean {
  if (filter === undefined) return () => true;
  const parsed = parseTraceFilter(filter);
  if (!parsed.ok) throw new UsageError(`--filter: ${parsed.error}`);
  return parsed.filter;
}

function eventsAround(
  events: readonly TraceEvent[],
  seq: number,
  file: string,
): readonly TraceEvent[] {
  const index = events.findIndex((event) => event.seq === seq);
  if (index < 0) throw new UsageError(`--around: ${file} has no event ${seq}`);
  return events.slice(Math.max(0, index - AROUND), index + AROUND + 1);
}

function eventNumber(text: string): number {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number >= 1) return number;
  throw new InvalidArgumentError('expected the number of an event, from 1.');
}
