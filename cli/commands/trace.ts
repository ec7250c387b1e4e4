import { type Command, Option } from 'commander';
import { parseTraceFilter } from '#shared/trace/trace-filter.ts';
import { addControlFlags, type ControlFlags, connect } from '../control/control-connection.ts';
import { UsageError } from '../failure.ts';
import { newTracePrinter, TRACE_FORMATS, type TraceFormat } from '../text/trace-printer.ts';
import { type CommandIo, print, processIo } from './command-io.ts';
import { wholeNumber } from './numbers.ts';
import { addTraceFileCommands } from './trace-files.ts';

interface Flags extends ControlFlags {
  readonly follow?: true;
  readonly filter?: string;
  readonly recent?: number;
  readonly format: TraceFormat;
  readonly json?: true;
}

/** How many events are printed when none are followed and nobody says. */
const DEFAULT_RECENT = 100;
/** The most that the control API lets one ask for. */
const MAX_RECENT = 1_000_000;

const HELP = `
A filter is key=value, with commas between; * stands for any characters, | for
"or". The host reports its own hops; \`backchannel start\` draws those inside its
guest as well.

Examples:
  backchannel trace
  backchannel trace --follow --filter "device=g1/0,name=*INVALIDATE*"
  backchannel trace --filter "pf=pf0,status=failed"
  backchannel trace --recent 1000 --format json`;

/** Adds `trace`. */
export function registerTrace(program: Command, io: CommandIo = processIo): void {
  const recent = new Option(
    '--recent <count>',
    `how many past events to print (default: ${DEFAULT_RECENT}; 0 with --follow)`,
  );
  const format = new Option('--format <format>', 'how to print them')
    .choices(TRACE_FORMATS)
    .default('ladder');
  const command = program.command('trace');
  addTraceFileCommands(command, io);
  addControlFlags(command)
    .description('print the hops of a running host')
    .option('--follow', 'print hops as they happen, until Ctrl-C')
    .option('--filter <expression>', 'print only these, such as vf=1 or status=failed')
    .addOption(recent.argParser(wholeNumber('--recent', 0, MAX_RECENT)))
    .addOption(format)
    .addOption(new Option('--json', 'the same as --format json').conflicts('format'))
    .addHelpText('after', HELP)
    .action((flags: Flags) => trace(flags, io));
}

async function trace(flags: Flags, io: CommandIo): Promise<void> {
  checkFilter(flags.filter);
  const client = await connect(flags, io.env);
  const follow = flags.follow === true;
  const recent = flags.recent ?? (follow ? 0 : DEFAULT_RECENT);
  const ending = new AbortController();
  if (follow) {
    io.interrupted().then(
      () => ending.abort(),
      () => {},
    );
  }
  const text = newTracePrinter(flags.json ? 'json' : flags.format, io);
  for await (const line of client.trace({ filter: flags.filter, recent, follow }, ending.signal)) {
    if (!(await print(io, text(line)))) return;
  }
}

function checkFilter(expression: string | undefined): void {
  const parsed = parseTraceFilter(expression ?? '');
  if (!parsed.ok) throw new UsageError(`--filter: ${parsed.error}`);
}
