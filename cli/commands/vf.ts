import type { Command } from 'commander';
import { addVfFlags, connect, type VfFlags } from '../control/control-connection.ts';
import { jsonText } from '../text/json-text.ts';
import { vfDetailText, vfListText } from '../text/vf-text.ts';
import { type CommandIo, print, processIo } from './command-io.ts';
import { printCompletion } from './completion.ts';
import { parseVfId } from './numbers.ts';
import { vfName } from './vf-name.ts';

interface Flags extends VfFlags {
  readonly json?: true;
}

const EXAMPLES = `
Examples:
  backchannel vf list
  backchannel vf show 1
  backchannel vf eject 1`;

/** Adds `vf list`, `vf show`, `vf reset` and `vf eject`. */
export function registerVf(program: Command, io: CommandIo = processIo): void {
  const vf = program
    .command('vf')
    .description('show the VFs of a running host, reset one or eject one')
    .addHelpText('after', EXAMPLES);
  registerList(vf, io);
  registerShow(vf, io);
  registerReset(vf, io);
  registerEject(vf, io);
}

function registerList(vf: Command, io: CommandIo): void {
  addVfFlags(vf.command('list'), 'list only the VFs of this PF')
    .description('list the allocated VFs')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  backchannel vf list --json')
    .action(async (flags: Flags) => {
      const answer = await (await connect(flags, io.env)).listVfs();
      await print(io, flags.json ? `${jsonText(answer, 2)}\n` : vfListText(answer));
    });
}

function registerShow(vf: Command, io: CommandIo): void {
  addVfFlags(vf.command('show'))
    .description('show a VF, and what the PF miniport knows of it')
    .argument('<vf>', 'VFId', parseVfId)
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  backchannel vf show 1')
    .action(async (vfId: number, flags: Flags) => {
      const answer = await (await connect(flags, io.env)).showVf(vfId);
      await print(io, flags.json ? `${jsonText(answer, 2)}\n` : vfDetailText(answer));
    });
}

function registerReset(vf: Command, io: CommandIo): void {
  addVfFlags(vf.command('reset'))
    .description('reset a VF with OID_SRIOV_RESET_VF')
    .argument('<vf>', 'VFId', parseVfId)
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  backchannel vf reset 1')
    .action(async (vfId: number, flags: Flags) => {
      const answer = await (await connect(flags, io.env)).resetVf(vfId);
      await printCompletion(io, flags, `${vfName(vfId, flags)}: OID_SRIOV_RESET_VF`, answer);
    });
}

function registerEject(vf: Command, io: CommandIo): void {
  addVfFlags(vf.command('eject'))
    .description('ask the guest to give a VF back; taken by surprise when that takes too long')
    .argument('<vf>', 'VFId', parseVfId)
    .addHelpText('after', '\nExample:\n  backchannel vf eject 1')
    .action(async (vfId: number, flags: Flags) => {
      await (await connect(flags, io.env)).ejectVf(vfId);
      await print(io, `${vfName(vfId, flags)}: the guest is asked to give it back\n`);
    });
}
