import type { Command } from 'commander';
import { formatEvent } from '#shared/trace/format-event.ts';
import type { TraceEvent } from '#shared/trace/trace.ts';
import { type Difference, firstDifference } from '#test/kit/trace-file/first-difference.ts';
import { EXIT } from '../failure.ts';
import { readTraceFile } from '../testing/read-trace-file.ts';
import { jsonText } from '../text/json-text.ts';
import { wrap } from '../text/reflow.ts';
import { TRACE_COLUMNS } from '../text/trace-printer.ts';
import { type CommandIo, print } from './command-io.ts';

/** How many events that both traces have are shown before the one at which they part. */
const CONTEXT = 4;

interface DiffFlags {
  readonly json?: true;
  readonly ignoreTimes?: true;
}

/** What is compared: two lists of events, and how to call them. */
interface Compared {
  readonly events: readonly [readonly TraceEvent[], readonly TraceEvent[]];
  readonly names: readonly [string, string];
}

/** Adds `trace diff`. */
export function addTraceDiffCommand(trace: Command, io: CommandIo): void {
  trace
    .command('diff')
    .description('show where two trace files part; exit code 1 when they do')
    .argument('<left>')
    .argument('<right>')
    .option('--ignore-times', 'let the same event have another time in each')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  backchannel trace diff before.jsonl after.jsonl')
    .action((left: string, right: string, flags: DiffFlags) => diff(left, right, flags, io));
}

async function diff(left: string, right: string, flags: DiffFlags, io: CommandIo): Promise<void> {
  const [one, other] = [await readTraceFile(left, io.env), await readTraceFile(right, io.env)];
  await reportDifference({ events: [one.events, other.events], names: [left, right] }, flags, io);
}

/** Prints where two traces part; exit code 1 when they do. */
export async function reportDifference(
  { events: [left, right], names }: Compared,
  { json, ignoreTimes }: DiffFlags,
  io: CommandIo,
): Promise<void> {
  const difference = firstDifference(left, right, ignoreTimes === true ? ['at'] : []);
  if (difference !== undefined) process.exitCode = EXIT.failed;
  if (json === true) {
    await print(io, `${jsonText({ same: difference === undefined, ...difference }, 2)}\n`);
    return;
  }
  const columns = io.stdout.columns ?? TRACE_COLUMNS;
  const before = left.slice(0, difference?.index).slice(-CONTEXT);
  await print(io, differenceText(difference, before, names, columns));
}

function differenceText(
  difference: Difference | undefined,
  before: readonly TraceEvent[],
  [left, right]: readonly [string, string],
  columns: number,
): string {
  if (difference === undefined) return 'the traces are the same\n';
  const lines = [
    `the traces part at event ${difference.index + 1}`,
    ...before.map((event) => `  both: ${eventText(event)}`),
    `  ${left}: ${eventText(difference.left)}`,
    `  ${right}: ${eventText(difference.right)}`,
  ];
  return lines.map((line) => `${wrap(line, columns, '    ')}\n`).join('');
}

function eventText(event: TraceEvent | undefined): string {
  if (event === undefined) return 'nothing: it has ended';
  return `${event.seq}: ${formatEvent(event)} at ${event.at}`;
}
