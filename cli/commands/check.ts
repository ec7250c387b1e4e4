import { type Command, Option } from 'commander';
import { invariants } from '#test/kit/check/index.ts';
import {
  type RunResult,
  runScenario,
  WORLD_KINDS,
  type WorldKind,
} from '#test/kit/scenario/run-scenario.ts';
import type { Scenario } from '#test/kit/scenario/scenario.ts';
import type { Outcome } from '#test/kit/search/outcome.ts';
import { traceFileText } from '#test/kit/trace-file/trace-file.ts';
import { UsageError } from '../failure.ts';
import { OUTCOME_EXIT, outcomeOf } from '../testing/outcome-exit.ts';
import { runFacts } from '../testing/run-facts.ts';
import { runOnce } from '../testing/run-once.ts';
import { type DriverFlags, loadScenario, placesOf } from '../testing/scenario-file.ts';
import { parseSchedule } from '../testing/schedule-text.ts';
import { demandWritable, writeUserFile } from '../testing/write-user-file.ts';
import { jsonText } from '../text/json-text.ts';
import { runText } from '../text/verdict-text.ts';
import { checkBoth } from './check-both.ts';
import { type CommandIo, print, processIo } from './command-io.ts';

interface Flags extends DriverFlags {
  readonly world?: WorldKind | 'both';
  readonly schedule?: string;
  readonly save?: string;
  readonly json?: true;
}

const HELP = `
In a simulated world both operating systems are in this process, and time is the
scenario's. With --world processes each is a process of its own, joined by
WebSockets, and time is real: the drivers have to be files or built-in ones, or
the scenario says \`file: import.meta.url\`. With --world both the scenario runs
in either, and they must agree, but for what the scenario leaves to real time.

A schedule is what \`sweep\` and \`explore\` print behind "repeat:", or JSON with
seed, latency and faults.

Exit code: 0 when every rule held, 1 when one was violated or the worlds differ,
2 when one could not be told, as when a fault of the schedule met no event, or
the command was used wrongly, or the scenario is broken.

Examples:
  backchannel check ./my.scenario.ts
  backchannel check ./my.scenario.ts --world both
  backchannel check ./my.scenario.ts --schedule eyJmYXVsdHMiOltdfQ`;

export function registerCheck(program: Command, io: CommandIo = processIo): void {
  program
    .command('check')
    .description('run a scenario once, and hold what happened to every rule')
    .argument('<scenario>', 'a file that exports a scenario')
    .addOption(
      new Option(
        '--world <world>',
        'where it runs: simulated, as without it, processes, or both',
      ).choices([...WORLD_KINDS, 'both']),
    )
    .option('--schedule <schedule>', 'what befalls it')
    .option('--pf-miniport <driver>', "the PF miniport, instead of the scenario's own")
    .option('--vf-miniport <driver>', "the VF miniport, instead of the scenario's own")
    .option('--save <file>', 'keep the trace, for `backchannel trace show|diff|check|replay`')
    .option('--json', 'print JSON')
    .addHelpText('after', HELP)
    .action((file: string, flags: Flags) => run(file, flags, io));
}

async function run(file: string, flags: Flags, io: CommandIo): Promise<void> {
  const { scenario, path, drivers } = await loadScenario(file, flags, io.env);
  const schedule = flags.schedule === undefined ? {} : parseSchedule(flags.schedule);
  if (flags.world === 'both') {
    if (flags.save !== undefined) {
      throw new UsageError('--save keeps one run: give --world simulated, or --world processes');
    }
    await checkBoth(scenario, schedule, flags, io);
    return;
  }
  const options = flags.world === undefined ? schedule : { ...schedule, world: flags.world };
  if (flags.save !== undefined) await demandWritable('--save', flags.save, io.env);
  const result = await runOnce(() => runScenario(scenario, options), '--schedule');
  const exit = outcomeOf(result);
  process.exitCode = OUTCOME_EXIT[exit];
  if (flags.save !== undefined) {
    const text = traceFileText(scenario.name, options, result, path, placesOf(drivers));
    await writeUserFile(flags.save, text, io.env);
  }
  const text =
    flags.json === true ? `${jsonText(runFacts(result), 2)}\n` : textOf(scenario, result, exit, io);
  await print(io, text);
}

function textOf(
  { checkers = [] }: Scenario,
  result: RunResult,
  outcome: Outcome,
  { stdout }: CommandIo,
): string {
  const { events, hash } = result;
  return `${runText(result, [...checkers, ...invariants()], stdout.columns)}
${outcome}: ${events.length} events, trace ${hash.slice(0, 16)}
`;
}
