import { type BlockMask, INVALIDATABLE_BLOCKS, maskOfBlocks } from '#shared/vpci/config-block.ts';
import { UsageError } from '../failure.ts';

/** Reads `<vf>`. */
export const parseVfId = wholeNumber('<vf>', 0, 0xffff);

/** Reads `<block>`. */
export const parseBlockId = wholeNumber('<block>', 0, 0xffff_ffff);

/** What reads a number, decimal or hexadecimal after `0x`, and throws a {@link UsageError}. */
export function wholeNumber(name: string, least: number, most: number): (text: string) => number {
  return (text) => {
    const number = /^(?:\d+|0x[0-9a-f]+)$/i.test(text) ? Number(text) : Number.NaN;
    if (number >= least && number <= most) return number;
    throw new UsageError(`${name}: "${text}": expected a whole number from ${least} to ${most}`);
  };
}

/** Reads a list of blocks that have a bit in a BlockMask. @throws UsageError */
export function parseBlocks(text: string): BlockMask {
  const block = wholeNumber('--blocks', 0, INVALIDATABLE_BLOCKS - 1);
  return maskOfBlocks(text.split(',').map((part) => block(part.trim())));
}

/** Reads a BlockMask: up to sixteen hexadecimal digits after `0x`. @throws UsageError */
export function parseMask(text: string): BlockMask {
  if (/^0x[0-9a-f]{1,16}$/i.test(text)) return BigInt(text);
  throw new UsageError(
    `--mask: "${text}": expected 1 to 16 hexadecimal digits after 0x, such as 0x21`,
  );
}
