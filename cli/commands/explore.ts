import { resolve } from 'node:path';
import type { Command } from 'commander';
import { messageOf } from '#shared/message-of.ts';
import { printable } from '#shared/text/printable.ts';
import { systemClock } from '#shared/time/system.ts';
import { describeWhen } from '#test/kit/faults/when.ts';
import type { Counterexample, ExploreResult } from '#test/kit/search/explore.ts';
import { callerPath } from '../caller-path.ts';
import { UsageError } from '../failure.ts';
import { abortedByUser } from '../testing/aborted-by-user.ts';
import { OUTCOME_EXIT } from '../testing/outcome-exit.ts';
import { progressOf } from '../testing/progress.ts';
import { repeatLine } from '../testing/repeat-line.ts';
import type { DriverFlags } from '../testing/scenario-file.ts';
import type { ScenarioFacts, SearchReport } from '../testing/search-messages.ts';
import { searchApart } from '../testing/search-process.ts';
import { testFileText } from '../testing/test-file.ts';
import { isThere, writeNewFile } from '../testing/write-user-file.ts';
import { jsonText } from '../text/json-text.ts';
import { formatCountOf } from '../text/units.ts';
import { sentenceText } from '../text/verdict-text.ts';
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
Each seed stands for a schedule: how long frames take, and up to three faults.
The first schedule that breaks a rule is shrunk to the fewest faults that still
do, and written as a test.

Exit code: 0 when every rule held in every run, 1 when one was violated, 2 when
one could not be told, or the command was used wrongly. Ctrl-C ends it with exit
code 2.

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
  await demandNoTest(flags, io);
  const { result, facts, why } = await searched(file, flags, io);
  process.exitCode = exitOf(result, flags.seeds);
  if (why !== undefined) io.stderr.write(`explore: ended, since ${why}\n`);
  const found = result.counterexample;
  const test =
    found?.outcome !== 'violated' || facts === undefined
      ? undefined
      : await writeTest(facts, flags, found, io);
  const text =
    flags.json === true ? `${jsonText({ ...result, test }, 2)}\n` : textOf(file, flags, result, io);
  await print(io, text);
  if (flags.json !== true && test !== undefined) await print(io, `test:   ${test}\n`);
}

/** A test of the user's own is not written over. @throws UsageError */
async function demandNoTest({ test }: Flags, io: CommandIo): Promise<void> {
  if (typeof test !== 'string' || !(await isThere(callerPath(test, io.env)))) return;
  throw new UsageError(`--test: ${test} is there already: name another file, or remove it`);
}

interface Searched {
  readonly result: ExploreResult;
  readonly facts: ScenarioFacts | undefined;
  readonly why: string | undefined;
}

async function searched(file: string, flags: Flags, io: CommandIo): Promise<Searched> {
  const { seeds, firstSeed } = flags;
  let runs = 0;
  let unknown = 0;
  const write = (line: string): boolean => io.stderr.write(line);
  const say = progressOf('explore', systemClock, write);
  const onReport = (report: SearchReport): void => {
    if (report.type === 'shrinking') write(`explore: shrinking, after ${report.runs} runs\n`);
    if (report.type !== 'progress') return;
    runs = report.done;
    unknown = report.unknown;
    say(report.done, report.all);
  };
  const beyondTheModel = flags.beyondTheModel === true;
  const order = { kind: 'explore', file, flags, env: io.env, seeds, firstSeed } as const;
  const end = await searchApart(
    { ...order, beyondTheModel },
    { signal: abortedByUser(io), onReport },
  );
  const result = end.found?.explore ?? { runs, unknown, counterexample: undefined };
  return { result, facts: end.found?.facts, why: end.why };
}

function exitOf({ counterexample, unknown, runs }: ExploreResult, seeds: number): number {
  if (counterexample !== undefined) return OUTCOME_EXIT[counterexample.outcome];
  // Of the schedules that were not run nobody can tell.
  if (runs < seeds) return OUTCOME_EXIT.unknown;
  return unknown > 0 ? OUTCOME_EXIT.unknown : OUTCOME_EXIT.holds;
}

/** Returns where the test is. What was found is not lost where it cannot be written. */
async function writeTest(
  facts: ScenarioFacts,
  { test }: Flags,
  { seed, options }: Counterexample,
  io: CommandIo,
): Promise<string | undefined> {
  if (test === false) return undefined;
  const name =
    typeof test === 'string' ? test : `repro${seed === undefined ? '' : `-${seed}`}.test.ts`;
  const folder = resolve(callerPath(name, io.env), '..');
  const title = `${facts.name}, ${seed === undefined ? 'without any fault' : `as seed ${seed} found it`}`;
  try {
    return await writeNewFile(name, testFileText(title, facts, folder, options), io.env);
  } catch (error) {
    io.stderr.write(`${printable(messageOf(error))}\n`);
    return undefined;
  }
}

function textOf(file: string, flags: Flags, result: ExploreResult, { stdout }: CommandIo): string {
  const { counterexample: found, runs, unknown } = result;
  if (found === undefined) {
    const done = runs < flags.seeds ? `stopped after ${runs} of ${flags.seeds}` : runs;
    return `${done} schedules: no rule was broken, ${unknown} unknown\n`;
  }
  const faults = found.options.faults ?? [];
  const { latency = 0, seed } = found.options;
  const takes = [
    ...(latency === 0 ? [] : [`  frames that take up to ${latency} ms, by seed ${seed}\n`]),
    ...faults
      .map(({ when, do: fault }) => printable(`  ${fault.verb}: ${describeWhen(when)}`))
      .map((line) => `${line}\n`),
  ];
  if (found.outcome === 'broken') return `Without any fault:\n${whyText(found, stdout.columns)}`;
  const head =
    found.seed === undefined
      ? 'A rule is broken without any fault:'
      : `Seed ${found.seed} breaks a rule, after ${formatCountOf(runs, 'schedule')}:`;
  return `${head}
${whyText(found, stdout.columns)}
What it takes:
${takes.length === 0 ? '  nothing: it breaks by itself\n' : takes.join('')}
repeat: ${repeatLine(file, flags, found.options)}
`;
}

function whyText({ why }: Counterexample, columns: number | undefined): string {
  return why.map((sentence) => sentenceText(sentence, columns)).join('');
}
