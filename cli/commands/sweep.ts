import type { Command } from 'commander';
import { printable } from '#shared/text/printable.ts';
import { systemClock } from '#shared/time/system.ts';
import { describeWhen } from '#test/kit/faults/when.ts';
import { breaksByItself } from '#test/kit/search/outcome.ts';
import type { SweepResult, SweptRun } from '#test/kit/search/sweep.ts';
import { abortedByUser } from '../testing/aborted-by-user.ts';
import { OUTCOME_EXIT, worst } from '../testing/outcome-exit.ts';
import { progressOf } from '../testing/progress.ts';
import { repeatLine } from '../testing/repeat-line.ts';
import type { DriverFlags } from '../testing/scenario-file.ts';
import type { SearchReport } from '../testing/search-messages.ts';
import { searchApart } from '../testing/search-process.ts';
import { jsonText } from '../text/json-text.ts';
import { sweepText } from '../text/sweep-text.ts';
import { sentenceText } from '../text/verdict-text.ts';
import { type CommandIo, print, processIo } from './command-io.ts';

interface Flags extends DriverFlags {
  readonly beyondTheModel?: true;
  readonly json?: true;
}

/** Violations that are written out; the table counts them all. */
const SHOWN = 10;

const HELP = `
Each event of an undisturbed run is a cut point. Each is broken in each way that
real systems may break it: late, very late, its channel cut, its guest or the
host dead, refused. With --beyond-the-model also as only a defective or hostile
peer does: dropped, twice, out of order, cut short, too long, corrupt, not a
frame, thrown.

Exit code: 0 when every rule held in every run, 1 when one was violated, 2 when
one could not be told, or the command was used wrongly. Ctrl-C shows what there
is, with exit code 1 or 2.

Examples:
  backchannel sweep ./attach-and-detach.scenario.ts
  backchannel sweep ./my.scenario.ts --vf-miniport ./my-vf.ts --json`;

export function registerSweep(program: Command, io: CommandIo = processIo): void {
  program
    .command('sweep')
    .description('break a scenario at each of its events, in each way, and check what happens')
    .argument('<scenario>', 'a file that exports a scenario')
    .option('--pf-miniport <driver>', "the PF miniport, instead of the scenario's own")
    .option('--vf-miniport <driver>', "the VF miniport, instead of the scenario's own")
    .option('--beyond-the-model', 'break also as only a defective or hostile peer does')
    .option('--json', 'print JSON')
    .addHelpText('after', HELP)
    .action((file: string, flags: Flags) => run(file, flags, io));
}

async function run(file: string, flags: Flags, io: CommandIo): Promise<void> {
  const { result, isWhole, why } = await searched(file, flags, io);
  const outcomes = [result.baseline.outcome, ...result.runs.map((each) => each.outcome)];
  // Of the runs that were not made nobody can tell.
  const outcome = worst(isWhole ? outcomes : [...outcomes, 'unknown']);
  process.exitCode = OUTCOME_EXIT[outcome];
  if (why !== undefined) io.stderr.write(`sweep: ended, since ${why}\n`);
  const text =
    flags.json === true ? `${jsonText(result, 2)}\n` : textOf(file, flags, { result, isWhole }, io);
  await print(io, text);
}

interface Searched {
  readonly result: SweepResult;
  /** Whether every run was made that there was to be. */
  readonly isWhole: boolean;
  readonly why: string | undefined;
}

async function searched(file: string, flags: Flags, io: CommandIo): Promise<Searched> {
  const runs: SweptRun[] = [];
  let planned = 0;
  const say = progressOf('sweep', systemClock, (line) => io.stderr.write(line));
  const onReport = (report: SearchReport): void => {
    if (report.type === 'run') runs.push(report.run);
    if (report.type !== 'progress') return;
    planned = report.all;
    say(report.done, report.all);
  };
  const order = { kind: 'sweep', file, flags, env: io.env, seeds: 0, firstSeed: 0 } as const;
  const beyondTheModel = flags.beyondTheModel === true;
  const end = await searchApart(
    { ...order, beyondTheModel },
    { signal: abortedByUser(io), onReport },
  );
  const untold = { outcome: 'unknown', why: [] } as const;
  const result = end.found?.sweep ?? { baseline: untold, runs, planned };
  const isWhole = end.found !== undefined && result.runs.length === result.planned;
  return { result, isWhole, why: end.why };
}

function textOf(
  file: string,
  flags: DriverFlags,
  { result, isWhole }: Pick<Searched, 'result' | 'isWhole'>,
  io: CommandIo,
): string {
  const { columns } = io.stdout;
  if (breaksByItself(result.baseline)) {
    const why = result.baseline.why.map((sentence) => sentenceText(sentence, columns));
    return `Without any fault:\n${why.join('')}`;
  }
  const violated = result.runs.filter(({ outcome }) => outcome === 'violated');
  const shown = violated.slice(0, SHOWN).map((each) => {
    const repeat = repeatLine(file, flags, { faults: [each.rule] });
    return violationText(each, repeat, columns);
  });
  const rest = violated.length - shown.length;
  const more = rest > 0 ? `\n${rest} more violations are in --json.\n` : '';
  return `${sweepText(result)}${shown.join('')}${more}${summary(result, isWhole)}`;
}

function violationText(
  { why, way, rule }: SweptRun,
  repeat: string,
  columns: number | undefined,
): string {
  return `
${printable(`${way}: ${describeWhen(rule.when)}`)}
${why.map((sentence) => sentenceText(sentence, columns)).join('')}  repeat: ${repeat}
`;
}

function summary({ runs, planned }: SweepResult, isWhole: boolean): string {
  const count = (...outcomes: readonly string[]): number =>
    runs.filter(({ outcome }) => outcomes.includes(outcome)).length;
  const done = isWhole ? runs.length : `stopped after ${runs.length} of ${planned}`;
  return `\n${done} runs: ${count('holds')} held, ${count('unknown', 'broken')} unknown, ${count('violated')} violated\n`;
}
