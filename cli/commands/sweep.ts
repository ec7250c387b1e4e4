import type { Command } from 'commander';
import { printable } from '#shared/text/printable.ts';
import { systemClock } from '#shared/time/system.ts';
import { describeWhen } from '#test/kit/faults/when.ts';
import { breaksByItself } from '#test/kit/search/outcome.ts';
import { type SweepResult, type SweptRun, sweep } from '#test/kit/search/sweep.ts';
import { abortedByUser } from '../testing/aborted-by-user.ts';
import { OUTCOME_EXIT, worst } from '../testing/outcome-exit.ts';
import { progressOf } from '../testing/progress.ts';
import { repeatLine } from '../testing/repeat-line.ts';
import { type DriverFlags, loadScenario } from '../testing/scenario-file.ts';
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
  const { scenario } = await loadScenario(file, flags, io.env);
  const result = await sweep(scenario, {
    beyondTheModel: flags.beyondTheModel === true,
    signal: abortedByUser(io),
    onProgress: progressOf('sweep', systemClock, (line) => io.stderr.write(line)),
  });
  const outcome = worst([result.baseline.outcome, ...result.runs.map((each) => each.outcome)]);
  const isWhole = result.runs.length === result.planned;
  // Of the runs that were not made nobody can tell.
  process.exitCode = OUTCOME_EXIT[isWhole ? outcome : worst([outcome, 'unknown'])];
  const text = flags.json === true ? `${jsonText(result, 2)}\n` : textOf(file, flags, result, io);
  await print(io, text);
}

function textOf(file: string, flags: DriverFlags, result: SweepResult, io: CommandIo): string {
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
  return `${sweepText(result)}${shown.join('')}${more}${summary(result)}`;
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

function summary({ runs, planned }: SweepResult): string {
  const count = (...outcomes: readonly string[]): number =>
    runs.filter(({ outcome }) => outcomes.includes(outcome)).length;
  const done = runs.length < planned ? `stopped after ${runs.length} of ${planned}` : runs.length;
  return `\n${done} runs: ${count('holds')} held, ${count('unknown', 'broken')} unknown, ${count('violated')} violated\n`;
}
