import { type Command, Option } from 'commander';
import { type BlockMask, blocksOfMask } from '#shared/vpci/config-block.ts';
import { addVfFlags, connect, type VfFlags } from '../control/control-connection.ts';
import { UsageError } from '../failure.ts';
import { jsonText } from '../text/json-text.ts';
import { type CommandIo, print, processIo } from './command-io.ts';
import { parseBlocks, parseMask, parseVfId } from './numbers.ts';
import { vfName } from './vf-name.ts';

interface Flags extends VfFlags {
  readonly blocks?: BlockMask;
  readonly mask?: BlockMask;
  readonly json?: true;
}

const EXAMPLES = `
Examples:
  backchannel invalidate 1 --blocks 0,5
  backchannel invalidate 1 --mask 0x21`;

/** Adds `invalidate`. */
export function registerInvalidate(program: Command, io: CommandIo = processIo): void {
  const blocks = new Option('--blocks <list>', 'the blocks, from 0 to 63, with commas between');
  const mask = new Option('--mask <mask>', 'the BlockMask in hexadecimal; bit n is block n');
  addVfFlags(program.command('invalidate'))
    .description("call NdisMInvalidateConfigBlock for a VF, in the PF miniport's name")
    .argument('<vf>', 'VFId', parseVfId)
    .addOption(blocks.argParser(parseBlocks))
    .addOption(mask.argParser(parseMask))
    .option('--json', 'print JSON')
    .addHelpText('after', EXAMPLES)
    .action(async (vfId: number, flags: Flags) => {
      const wanted = maskOf(flags);
      const answer = await (await connect(flags, io.env)).invalidate(vfId, wanted);
      const of = `BlockMask ${answer.mask}, blocks ${blocksOfMask(wanted).join(', ') || 'none'}`;
      const text = `${vfName(vfId, flags)}: NdisMInvalidateConfigBlock with ${of}\n`;
      await print(io, flags.json ? `${jsonText(answer, 2)}\n` : text);
    });
}

function maskOf({ blocks, mask }: Flags): BlockMask {
  const wanted = blocks ?? mask;
  if (wanted !== undefined && (blocks === undefined || mask === undefined)) return wanted;
  throw new UsageError('expected one of --blocks and --mask');
}
