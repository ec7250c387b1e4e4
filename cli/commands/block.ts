import { readFile } from 'node:fs/promises';
import { type Command, Option } from 'commander';
import { isBlockLength, VPCI_MAX_READ_WRITE_BLOCK_SIZE } from '#shared/vpci/config-block.ts';
import { addVfFlags, connect, type VfFlags } from '../control/control-connection.ts';
import { UsageError } from '../failure.ts';
import { hexDump } from '../text/hex-dump.ts';
import { type CommandIo, processIo } from './command-io.ts';
import { printCompletion } from './completion.ts';
import { parseBlockId, parseVfId, wholeNumber } from './numbers.ts';
import { vfName } from './vf-name.ts';

interface ReadFlags extends VfFlags {
  readonly length: number;
  readonly json?: true;
}

interface WriteFlags extends VfFlags {
  readonly hex?: string;
  readonly text?: string;
  readonly file?: string;
  readonly json?: true;
}

const EXAMPLES = `
Examples:
  backchannel block read 1 0
  backchannel block write 1 16 --hex "0100 0100 0200 0000 2823 0000 0000 0000"`;

const READ_HELP = `
The bytes are shown as xxd does: the offset, sixteen bytes in hexadecimal, and
the same bytes as ASCII, with a dot for what is not printable.

Examples:
  backchannel block read 1 0
  backchannel block read 1 0 --length 16 --json`;

const WRITE_HELP = `
The first example asks the reference NIC for an MTU of 9000.

Examples:
  backchannel block write 1 16 --hex "0100 0100 0200 0000 2823 0000 0000 0000"
  backchannel block write 1 1 --text hello
  backchannel block write 1 16 --file block.bin`;

/** Adds `block read` and `block write`. */
export function registerBlock(program: Command, io: CommandIo = processIo): void {
  const block = program
    .command('block')
    .description('read and write configuration blocks at the PF, as the VF driver does')
    .addHelpText('after', EXAMPLES);
  registerRead(block, io);
  registerWrite(block, io);
}

function registerRead(block: Command, io: CommandIo): void {
  const length = new Option('--length <bytes>', 'how much to read')
    .default(VPCI_MAX_READ_WRITE_BLOCK_SIZE)
    .argParser(wholeNumber('--length', 1, VPCI_MAX_READ_WRITE_BLOCK_SIZE));
  addVfFlags(block.command('read'))
    .description('read a block with OID_SRIOV_READ_VF_CONFIG_BLOCK')
    .argument('<vf>', 'VFId', parseVfId)
    .argument('<block>', 'BlockId', parseBlockId)
    .addOption(length)
    .option('--json', 'print JSON, with the bytes in base64 and in hexadecimal')
    .addHelpText('after', READ_HELP)
    .action(async (vfId: number, blockId: number, flags: ReadFlags) => {
      const client = await connect(flags, io.env);
      const answer = await client.readBlock(vfId, blockId, flags.length);
      const what = `${vfName(vfId, flags)}, block ${blockId}: OID_SRIOV_READ_VF_CONFIG_BLOCK`;
      const dump = hexDump(Buffer.from(answer.data, 'base64'));
      await printCompletion(io, flags, what, answer, dump);
    });
}

function registerWrite(block: Command, io: CommandIo): void {
  addVfFlags(block.command('write'))
    .description('write a block with OID_SRIOV_WRITE_VF_CONFIG_BLOCK')
    .argument('<vf>', 'VFId', parseVfId)
    .argument('<block>', 'BlockId', parseBlockId)
    .option('--hex <digits>', 'the bytes in hexadecimal; spaces and colons may part them')
    .option('--text <text>', 'the bytes of a text, in UTF-8')
    .option('--file <file>', 'the bytes of a file')
    .option('--json', 'print JSON')
    .addHelpText('after', WRITE_HELP)
    .action(async (vfId: number, blockId: number, flags: WriteFlags) => {
      const data = await dataOf(flags);
      const client = await connect(flags, io.env);
      const answer = await client.writeBlock(vfId, blockId, data);
      const what = `${vfName(vfId, flags)}, block ${blockId}: OID_SRIOV_WRITE_VF_CONFIG_BLOCK`;
      await printCompletion(io, flags, what, answer);
    });
}

/** The bytes to write. @throws UsageError when they are none, too many, or given in two ways */
async function dataOf({ hex, text, file }: WriteFlags): Promise<Uint8Array> {
  if ([hex, text, file].filter((each) => each !== undefined).length !== 1) {
    throw new UsageError('expected one of --hex, --text and --file');
  }
  const data = hex !== undefined ? bytesOfHex(hex) : await bytesOf(text, file);
  if (isBlockLength(data.length)) return data;
  throw new UsageError(
    `a write carries 1 to ${VPCI_MAX_READ_WRITE_BLOCK_SIZE} bytes; these are ${data.length}`,
  );
}

function bytesOfHex(text: string): Uint8Array {
  const digits = text.replace(/[\s:]/g, '');
  if (/^(?:[0-9a-f]{2})*$/i.test(digits)) return Buffer.from(digits, 'hex');
  throw new UsageError(`--hex: "${text}": expected two hexadecimal digits for each byte`);
}

async function bytesOf(text: string | undefined, file: string | undefined): Promise<Uint8Array> {
  if (file === undefined) return Buffer.from(text ?? '');
  try {
    return await readFile(file);
  } catch (error) {
    throw new UsageError(`--file: ${file} cannot be read: ${String(error)}`);
  }
}
