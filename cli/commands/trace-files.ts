import { type Command, Option } from 'commander';
import { formatEvent } from '#shared/trace/format-event.ts';
import { invariants } from '#test/kit/check/index.ts';
import { runScenario } from '#test/kit/scenario/run-scenario.ts';
import { checkTraceFile } from '#test/kit/trace-file/check-trace-file.ts';
import { type Difference, firstDifference } from '#test/kit/trace-file/first-difference.ts';
import { mermaid } from '#test/kit/trace-file/mermaid.ts';
import { asRunOptions } from '#test/kit/trace-file/schedule-schema.ts';
import { EXIT, UsageError } from '../failure.ts';
import { guestsOf } from '../ladder/guests-of.ts';
import { OUTCOME_EXIT, outcomeOf } from '../testing/outcome-exit.ts';
import { readTraceFile } from '../testing/read-trace-file.ts';
import { runOnce } from '../testing/run-once.ts';
import { loadScenario } from '../testing/scenario-file.ts';
import { jsonText } from '../text/json-text.ts';
import { newTracePrinter, TRACE_FORMATS, type TraceFormat } from '../text/trace-printer.ts';
import { runText } from '../text/verdict-text.ts';
import { type CommandIo, print } from './command-io.ts';

interface ShowFlags {
  readonly format: TraceFormat | 'mermaid';
}

interface JsonFlags {
  readonly json?: true;
}

/** Adds `trace show`, `trace diff`, `trace check` and `trace replay`, for traces kept in files. */
export function addTraceFileCommands(trace: Command, io: CommandIo): void {
  const format = new Option('--format <format>', 'how to print it')
    .choices([...TRACE_FORMATS, 'mermaid'])
    .default('ladder');
  trace
    .command('show')
    .description('print a trace file')
    .argument('<file>', 'what `backchannel check --save` wrote')
    .addOption(format)
    .addHelpText('after', '\nExample:\n  backchannel trace show run.jsonl --format mermaid')
    .action((file: string, flags: ShowFlags) => show(file, flags, io));
  trace
    .command('diff')
    .description('show where two trace files part; exit code 1 when they do')
    .argument('<left>')
    .argument('<right>')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  backchannel trace diff before.jsonl after.jsonl')
    .action((left: string, right: string, flags: JsonFlags) => diff(left, right, flags, io));
  trace
    .command('check')
    .description('hold a trace file to the invariants I1 to I10')
    .argument('<file>')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExit code: 0 all hold, 1 violated, 2 unknown or used wrongly.')
    .action((file: string, flags: JsonFlags) => check(file, flags, io));
  trace
    .command('replay')
    .description('run the scenario of a trace file again; exit code 1 when it goes another way')
    .argument('<file>')
    .option('--scenario <file>', 'the scenario, when it is not where the trace file says')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  backchannel trace replay run.jsonl')
    .action((file: string, flags: JsonFlags & { readonly scenario?: string }) =>
      replay(file, flags, io),
    );
}

async function show(file: string, { format }: ShowFlags, io: CommandIo): Promise<void> {
  const { events } = await readTraceFile(file, io.env);
  if (format === 'mermaid') {
    await print(io, mermaid(events));
    return;
  }
  const text = newTracePrinter(format, io, guestsOf(events));
  for (const event of events) if (!(await print(io, text(event)))) return;
}

async function diff(left: string, right: string, flags: JsonFlags, io: CommandIo): Promise<void> {
  const [one, other] = [await readTraceFile(left, io.env), await readTraceFile(right, io.env)];
  await report(firstDifference(one.events, other.events), [left, right], flags, io);
}

async function replay(
  file: string,
  flags: JsonFlags & { readonly scenario?: string },
  io: CommandIo,
): Promise<void> {
  const { header, events } = await readTraceFile(file, io.env);
  const path = flags.scenario ?? header.file;
  if (path === undefined) throw new UsageError(`${file} names no scenario file: give --scenario`);
  const { pf, vf } = header.drivers ?? {};
  const drivers = {
    ...(pf === undefined ? {} : { pfMiniport: pf }),
    ...(vf === undefined ? {} : { vfMiniport: vf }),
  };
  const { scenario } = await loadScenario(path, drivers, io.env);
  const options = asRunOptions(header.options);
  if (options.world === 'processes') {
    throw new UsageError(
      `${file} is a run between processes, which never goes the same way to the byte: \`backchannel trace check\` holds it to the rules`,
    );
  }
  const again = await runOnce(() => runScenario(scenario, options), file);
  await report(firstDifference(events, again.events), [file, 'the replay'], flags, io);
}

async function report(
  difference: Difference | undefined,
  names: readonly [string, string],
  { json }: JsonFlags,
  io: CommandIo,
): Promise<void> {
  if (difference !== undefined) process.exitCode = EXIT.failed;
  const facts = { same: difference === undefined, ...difference };
  await print(io, json === true ? `${jsonText(facts, 2)}\n` : differenceText(difference, names));
}

function differenceText(
  difference: Difference | undefined,
  [left, right]: readonly [string, string],
): string {
  if (difference === undefined) return 'the traces are the same\n';
  const text = (event: Difference['left']): string =>
    event === undefined ? 'nothing: it has ended' : `${formatEvent(event)} at ${event.at}`;
  return `the traces part at event ${difference.index + 1}
  ${left}: ${text(difference.left)}
  ${right}: ${text(difference.right)}
`;
}

async function check(file: string, { json }: JsonFlags, io: CommandIo): Promise<void> {
  const result = checkTraceFile(await readTraceFile(file, io.env));
  const { verdicts, own = [] } = result;
  process.exitCode = OUTCOME_EXIT[outcomeOf(result)];
  const text = runText(result, [...own, ...invariants()], io.stdout.columns);
  await print(io, json === true ? `${jsonText(verdicts, 2)}\n` : text);
}
