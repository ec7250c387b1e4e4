import type { Command } from 'commander';
import { addControlFlags, type ControlFlags, connect } from '../control/control-connection.ts';
import { jsonText } from '../text/json-text.ts';
import { pfDetailText, pfListText } from '../text/pf-text.ts';
import { type CommandIo, print, processIo } from './command-io.ts';

interface Flags extends ControlFlags {
  readonly json?: true;
}

const EXAMPLES = `
Examples:
  backchannel pf list
  backchannel pf show pf0`;

/** Adds `pf list` and `pf show`. */
export function registerPf(program: Command, io: CommandIo = processIo): void {
  const pf = program
    .command('pf')
    .description('show the PFs of a running host')
    .addHelpText('after', EXAMPLES);
  addControlFlags(pf.command('list'))
    .description('list the PFs, each with its driver and the VFs that guests have of it')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  backchannel pf list --json')
    .action(async (flags: Flags) => {
      const answer = await (await connect(flags, io.env)).listPfs();
      await print(io, flags.json ? `${jsonText(answer, 2)}\n` : pfListText(answer));
    });
  addControlFlags(pf.command('show'))
    .description('show a PF, and what NDIS tells of it')
    .argument('<name>', 'the name of the PF')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  backchannel pf show pf0')
    .action(async (name: string, flags: Flags) => {
      const answer = await (await connect(flags, io.env)).showPf(name);
      await print(io, flags.json ? `${jsonText(answer, 2)}\n` : pfDetailText(answer));
    });
}
