import type { Command } from 'commander';
import { systemClock } from '#shared/time/system.ts';
import { describeWhen } from '#test/kit/faults/when.ts';
import { type SweepResult, type SweptRun, sweep } from '#test/kit/search/sweep.ts';
import { OUTCOME_EXIT, worst } from '../testing/outcome-exit.ts';
import { progressOf } from '../testing/progress.ts';
import { type DriverFlags, loadScenario } from '../testing/scenario-file.ts';
import { scheduleWord } from '../testing/schedule-text.ts';
import { jsonText } from '../text/json-text.ts';
import { sweepText } from '../text/sweep-text.ts';
import { type CommandIo, print, processIo } from './command-io.ts';

interface Flags extends DriverFlags {
  readonly beyondTheModel?: true;
  readonly json?: true;
}

/** Violations that are written out; the table counts them all. */
const SHOWN = 10;

const HELP = `
Each event of an undisturbed run is a cut point. Each is broken in each way that real systems may
break it: late, very late, its channel cut, its guest or the host dead, refused. With
--beyond-the-model also as only a defective or hostile peer does: dropped, twice, out of order,
cut short, too long, corrupt, not a frame, thrown.

Exit code: 0 when every rule held in every run, 1 when one was violated, 2 when one could not be
told, or the command was used wrongly.

Examples:
  backchannel sweep ./attach-and-detach.scenario.ts
  backchannel sweep ./my.scenario.ts --pf-miniport ./my-pf.ts --vf-miniport ./my-vf.ts --json`;

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
    onProgress: progressOf('sweep', systemClock, (line) => process.stderr.write(line)),
  });
  const outcome = worst([result.baseline.outcome, ...result.runs.map((each) => each.outcome)]);
  process.exitCode = OUTCOME_EXIT[outcome];
  const text = flags.json === true ? `${jsonText(result, 2)}\n` : textOf(file, result);
  await print(io, text);
}

function textOf(file: string, result: SweepResult): string {
  const violated = result.runs.filter(({ outcome }) => outcome === 'violated');
  const shown = violated.slice(0, SHOWN).map((each) => violationText(file, each));
  const rest = violated.length - shown.length;
  const more = rest > 0 ? `\n${rest} more violations are in --json.\n` : '';
  return `${sweepText(result)}${shown.join('')}${more}${summary(result)}`;
}

function violationText(file: string, { why, way, rule }: SweptRun): string {
  const word = scheduleWord({ faults: [rule] });
  return `
${way}: ${describeWhen(rule.when)}
${why.map((sentence) => `  ${sentence}\n`).join('')}  repeat: backchannel check ${file} --schedule ${word}
`;
}

function summary({ runs }: SweepResult): string {
  const count = (outcome: string): number => runs.filter((run) => run.outcome === outcome).length;
  return `\n${runs.length} runs: ${count('holds')} held, ${count('unknown')} unknown, ${count('violated')} violated\n`;
}
