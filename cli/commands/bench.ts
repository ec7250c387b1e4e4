import { type Command, Option } from 'commander';
import { systemClock } from '#shared/time/system.ts';
import { missesOf, type Report } from '../bench/report.ts';
import { reportText } from '../bench/report-text.ts';
import { ROW_NAMES, ROWS, type RowName } from '../bench/rows.ts';
import { runBench } from '../bench/run-bench.ts';
import { CommandFailure } from '../failure.ts';
import { jsonText } from '../text/json-text.ts';
import { wrap } from '../text/reflow.ts';
import { type CommandIo, print, processIo } from './command-io.ts';

interface Flags {
  readonly only?: RowName;
  readonly check?: true;
  readonly json?: true;
}

const HELP = `
Rows:
${ROW_NAMES.map(rowText).join('\n')}

Server and client are processes of their own on loopback, and what a row
compares is measured by turns, after a warm-up. Where there is \`taskset\`, both
are kept on a core each. A ratio is the median over the turns; in parentheses
are the least and the most of a value. The first budget is what a ratio has to
meet now, the later one what it is to meet.

The times of an invalidation are read from the clocks of two processes of one
machine; how well these agree is printed. Managed memory is the JavaScript heap
and the buffers beside it, after a garbage collection; what resident memory
grows by is printed as well.

Examples:
  backchannel bench
  backchannel bench --only sequential
  backchannel bench --check --json`;

/** A row with what it measures, in lines of at most 80 columns. */
function rowText(name: RowName): string {
  const { what, against } = ROWS[name];
  return wrap(`  ${name.padEnd(12)}${what}, against ${against}`, 80, ' '.repeat(14));
}

export function registerBench(program: Command, io: CommandIo = processIo): void {
  program
    .command('bench')
    .description('measure the full chain against a bare WebSocket echo, within two minutes')
    .addOption(new Option('--only <row>', 'measure one row').choices(ROW_NAMES))
    .option('--check', 'exit with 1 when a ratio misses its first budget')
    .option('--json', 'print JSON')
    .addHelpText('after', HELP)
    .action((flags: Flags) => bench(flags, io));
}

async function bench({ only, check, json }: Flags, io: CommandIo): Promise<void> {
  const report = await runBench({
    only,
    clock: systemClock,
    interrupted: io.interrupted,
    progress: (text) => process.stderr.write(`${text}\n`),
  });
  await print(io, json === true ? `${jsonText(report, 2)}\n` : reportText(report));
  if (check === true) throwMisses(report);
}

/** @throws CommandFailure that names the ratios which miss their first budget */
export function throwMisses({ ratios }: Pick<Report, 'ratios'>): void {
  const misses = missesOf(ratios);
  if (misses.length > 0) throw new CommandFailure(`a budget is missed: ${misses.join('; ')}`);
}
