import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { systemClock } from '#shared/time/system.ts';
import { describeWhen } from '#test/kit/faults/when.ts';
import { type Counterexample, type ExploreResult, explore } from '#test/kit/search/explore.ts';
import { callerPath } from '../caller-path.ts';
import { OUTCOME_EXIT } from '../testing/outcome-exit.ts';
import { progressOf } from '../testing/progress.ts';
import { type DriverFlags, type LoadedScenario, loadScenario } from '../testing/scenario-file.ts';
import { scheduleWord } from '../testing/schedule-text.ts';
import { testFileText } from '../testing/test-file.ts';
import { jsonText } from '../text/json-text.ts';
import { type CommandIo, print, processIo } from './command-io.ts';
import { wholeNumber } from './numbers.ts';

interface Flags extends DriverFlags {
  readonly seeds: number;
  readonly firstSeed: number;
  readonly beyondTheModel?: true;
  readonly test: string | boolean;
  readonly json?: true;
}

const MOST_SEEDS = 10_000_000;
const DEFAULT_SEEDS = 1_000;

const HELP = `
Each seed stands for a schedule: how long frames take, and up to three faults. The first schedule
that breaks a rule is shrunk to the fewest faults that still do, and written as a test.

Exit code: 0 when every rule held in every run, 1 when one was violated, 2 when one could not be
told, or the command was used wrongly.

Examples:
  backchannel explore ./my.scenario.ts --seeds 10000
  backchannel explore ./my.scenario.ts --seeds 1 --first-seed 4711`;

export function registerExplore(program: Command, io: CommandIo = processIo): void {
  const seeds = wholeNumber('--seeds', 1, MOST_SEEDS);
  const firstSeed = wholeNumber('--first-seed', 0, 0xffff_ffff);
  program
    .command('explore')
    .description('try random schedules of a scenario until one breaks a rule, and shrink that one')
    .argument('<scenario>', 'a file that exports a scenario')
    .option('--seeds <count>', 'how many schedules to try', seeds, DEFAULT_SEEDS)
    .option('--first-seed <seed>', 'the first of them', firstSeed, 1)
    .option('--pf-miniport <driver>', "the PF miniport, instead of the scenario's own")
    .option('--vf-miniport <driver>', "the VF miniport, instead of the scenario's own")
    .option('--beyond-the-model', 'break also as only a defective or hostile peer does')
    .option('--test <file>', 'where to write the test (default: repro-<seed>.test.ts)')
    .option('--no-test', 'write no test')
    .option('--json', 'print JSON')
    .addHelpText('after', HELP)
    .action((file: string, flags: Flags) => run(file, flags, io));
}

async function run(file: string, flags: Flags, io: CommandIo): Promise<void> {
  const loaded = await loadScenario(file, flags, io.env);
  const { seeds, firstSeed } = flags;
  const result = await explore(loaded.scenario, {
    seeds,
    firstSeed,
    beyondTheModel: flags.beyondTheModel === true,
    onProgress: progressOf('explore', systemClock, (line) => process.stderr.write(line)),
  });
  process.exitCode = OUTCOME_EXIT[outcomeOf(result)];
  const found = result.counterexample;
  const test = found === undefined ? undefined : await writeTest(loaded, flags, found, io);
  const text =
    flags.json === true ? `${jsonText({ ...result, test }, 2)}\n` : textOf(file, result, test);
  await print(io, text);
}

function outcomeOf({ counterexample, unknown }: ExploreResult): 'holds' | 'violated' | 'unknown' {
  if (counterexample !== undefined) return 'violated';
  return unknown > 0 ? 'unknown' : 'holds';
}

async function writeTest(
  { path, scenario }: LoadedScenario,
  { test }: Flags,
  { seed, options }: Counterexample,
  io: CommandIo,
): Promise<string | undefined> {
  if (test === false) return undefined;
  const name = typeof test === 'string' ? test : `repro-${seed}.test.ts`;
  const file = resolve(callerPath(name, io.env));
  const title = `${scenario.name}, as seed ${seed} found it`;
  await writeFile(file, testFileText(title, path, resolve(file, '..'), options));
  return file;
}

function textOf(file: string, result: ExploreResult, test: string | undefined): string {
  const { counterexample: found, runs, unknown } = result;
  if (found === undefined) return `${runs} schedules: no rule was broken, ${unknown} unknown\n`;
  const faults = found.options.faults ?? [];
  return `Seed ${found.seed} breaks a rule, after ${runs} schedules:
${found.why.map((why) => `  ${why}\n`).join('')}
What it takes${faults.length === 0 ? ': nothing' : ''}
${faults.map(({ when, do: fault }) => `  ${fault.verb}: ${describeWhen(when)}\n`).join('')}
repeat: backchannel check ${file} --schedule ${scheduleWord(found.options)}
${test === undefined ? '' : `test:   ${test}\n`}`;
}
