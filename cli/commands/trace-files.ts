import type { Command } from 'commander';
import { invariants } from '#test/kit/check/index.ts';
import { runScenario } from '#test/kit/scenario/run-scenario.ts';
import { checkTraceFile } from '#test/kit/trace-file/check-trace-file.ts';
import { asRunOptions } from '#test/kit/trace-file/schedule-schema.ts';
import { UsageError } from '../failure.ts';
import { OUTCOME_EXIT, outcomeOf } from '../testing/outcome-exit.ts';
import { readTraceFile } from '../testing/read-trace-file.ts';
import { runOnce } from '../testing/run-once.ts';
import { loadScenario } from '../testing/scenario-file.ts';
import { jsonText } from '../text/json-text.ts';
import { runText } from '../text/verdict-text.ts';
import { type CommandIo, print } from './command-io.ts';
import { addTraceDiffCommand, reportDifference } from './trace-diff.ts';
import { addTraceShowCommand } from './trace-show.ts';

interface JsonFlags {
  readonly json?: true;
}

/** Adds `trace show`, `trace diff`, `trace check` and `trace replay`, for traces kept in files. */
export function addTraceFileCommands(trace: Command, io: CommandIo): void {
  addTraceShowCommand(trace, io);
  addTraceDiffCommand(trace, io);
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
  // The options of `trace` are for the trace of a host that runs.
  for (const command of trace.commands) {
    command.configureHelp({ ...command.configureHelp(), showGlobalOptions: false });
  }
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
  const names = [file, 'the replay'] as const;
  await reportDifference({ events: [events, again.events], names }, flags, io);
}

async function check(file: string, { json }: JsonFlags, io: CommandIo): Promise<void> {
  const result = checkTraceFile(await readTraceFile(file, io.env));
  const { verdicts, own = [] } = result;
  process.exitCode = OUTCOME_EXIT[outcomeOf(result)];
  const text = runText(result, [...own, ...invariants()], io.stdout.columns);
  await print(io, json === true ? `${jsonText(verdicts, 2)}\n` : text);
}
