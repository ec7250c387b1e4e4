import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { type RunResult, runScenario } from '#test/kit/scenario/run-scenario.ts';
import { judge } from '#test/kit/search/outcome.ts';
import { traceFileText } from '#test/kit/trace-file/trace-file.ts';
import { callerPath } from '../caller-path.ts';
import { OUTCOME_EXIT } from '../testing/outcome-exit.ts';
import { type DriverFlags, loadScenario } from '../testing/scenario-file.ts';
import { parseSchedule } from '../testing/schedule-text.ts';
import { jsonText } from '../text/json-text.ts';
import { renderTable } from '../text/table.ts';
import { type CommandIo, print, processIo } from './command-io.ts';

interface Flags extends DriverFlags {
  readonly schedule?: string;
  readonly save?: string;
  readonly json?: true;
}

const HELP = `
A schedule is what \`sweep\` and \`explore\` print behind "repeat:", or JSON with seed, latency and
faults.

Exit code: 0 when every rule held, 1 when one was violated, 2 when one could not be told, or the
command was used wrongly.

Examples:
  backchannel check ./my.scenario.ts
  backchannel check ./my.scenario.ts --schedule eyJmYXVsdHMiOltdfQ`;

export function registerCheck(program: Command, io: CommandIo = processIo): void {
  program
    .command('check')
    .description('run a scenario once, and hold what happened to every rule')
    .argument('<scenario>', 'a file that exports a scenario')
    .option('--schedule <schedule>', 'what befalls it')
    .option('--pf-miniport <driver>', "the PF miniport, instead of the scenario's own")
    .option('--vf-miniport <driver>', "the VF miniport, instead of the scenario's own")
    .option('--save <file>', 'keep the trace, for `backchannel trace show|diff|check|replay`')
    .option('--json', 'print JSON')
    .addHelpText('after', HELP)
    .action((file: string, flags: Flags) => run(file, flags, io));
}

async function run(file: string, flags: Flags, io: CommandIo): Promise<void> {
  const { scenario, path } = await loadScenario(file, flags, io.env);
  const options = flags.schedule === undefined ? {} : parseSchedule(flags.schedule);
  const result = await runScenario(scenario, options);
  const judgement = judge(result, options.faults ?? []);
  process.exitCode = OUTCOME_EXIT[judgement.outcome];
  if (flags.save !== undefined) {
    const text = traceFileText(scenario.name, options, result, path);
    await writeFile(resolve(callerPath(flags.save, io.env)), text);
  }
  const { events, ...rest } = result;
  const json = { ...rest, outcome: judgement.outcome, events: events.length };
  const text = flags.json === true ? `${jsonText(json, 2)}\n` : textOf(result, judgement.why);
  await print(io, text);
}

function textOf({ verdicts, unfired, events, hash }: RunResult, why: readonly string[]): string {
  const table = renderTable(
    [{ head: 'RULE' }, { head: 'HOLDS' }],
    verdicts.map(({ id, holds }) => [id, String(holds)]),
  );
  const notes = [...why, ...unfired.map((each) => `no event met the fault ${each}`)];
  return `${table}\n${notes.map((note) => `${note}\n`).join('')}${events.length} events, trace ${hash.slice(0, 16)}\n`;
}
