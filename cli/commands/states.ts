import { Argument, type Command, Option } from 'commander';
import { UsageError } from '../failure.ts';
import { LIFECYCLES, SIDES, type Side } from '../states/lifecycles.ts';
import { mermaidOf } from '../states/mermaid.ts';
import { jsonText } from '../text/json-text.ts';
import { statesText } from '../text/states-text.ts';
import { type CommandIo, print, processIo } from './command-io.ts';

interface Flags {
  readonly json?: true;
  readonly mermaid?: true;
}

/** The width for output that is no terminal. */
const DEFAULT_COLUMNS = 80;

const EXAMPLES = `
Examples:
  backchannel states
  backchannel states guest
  backchannel states host --mermaid > host.mmd`;

/** Adds `states`. */
export function registerStates(program: Command, io: CommandIo = processIo): void {
  program
    .command('states')
    .description('print the states of a VF, and what leads from each to the next')
    .addArgument(new Argument('[side]', 'as this side sees it; as both do without').choices(SIDES))
    .option('--json', 'print JSON')
    .addOption(
      new Option('--mermaid', 'print the diagram of one side, for Mermaid').conflicts('json'),
    )
    .addHelpText('after', EXAMPLES)
    .action(async (side: Side | undefined, flags: Flags) => {
      await print(io, textOf(side, flags, io.stdout.columns ?? DEFAULT_COLUMNS));
    });
}

function textOf(side: Side | undefined, { json, mermaid }: Flags, columns: number): string {
  const sides = side === undefined ? SIDES : [side];
  if (json === true) return `${jsonText(jsonOf(sides), 2)}\n`;
  if (mermaid === true) return mermaidOf(LIFECYCLES[oneSide(side)].table);
  return sides.map((each) => statesText(LIFECYCLES[each], columns)).join('\n\n');
}

/** The table of each side, its first state first. */
function jsonOf(sides: readonly Side[]): object {
  return Object.fromEntries(sides.map((side) => [side, LIFECYCLES[side].table]));
}

function oneSide(side: Side | undefined): Side {
  if (side !== undefined) return side;
  throw new UsageError(`--mermaid draws one side; expected one of: ${SIDES.join(', ')}`);
}
