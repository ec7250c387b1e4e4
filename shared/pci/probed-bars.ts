import { PCI_TYPE0_ADDRESSES } from './configuration-space.ts';

/** A Base Address Register (BAR) of a function. */
export interface Bar {
  /** Its register, 0 to 5; a BAR of 64 bits takes this one and the next. */
  readonly index: number;
  readonly space: 'memory' | 'io';
  readonly bits: 32 | 64;
  readonly prefetchable: boolean;
  /** How much address space it asks for, in bytes; a power of two. */
  readonly length: bigint;
}

/** Bits of a BAR. Source: PCI Local Bus Specification. */
const IO_SPACE = 0x1;
const TYPE_MASK = 0x6;
const TYPE_64_BIT = 0x4;
const PREFETCHABLE = 0x8;

/** The BARs that six registers describe, as they read after all ones were written to them. */
export function barsOf(probed: readonly number[]): readonly Bar[] {
  const bars: Bar[] = [];
  for (let index = 0; index < PCI_TYPE0_ADDRESSES; index++) {
    const bar = barAt(probed, index);
    if (bar === undefined) continue;
    bars.push(bar);
    if (bar.bits === 64) index++;
  }
  return bars;
}

function barAt(probed: readonly number[], index: number): Bar | undefined {
  const low = probed[index] ?? 0;
  const isIo = (low & IO_SPACE) !== 0;
  const is64 = !isIo && (low & TYPE_MASK) === TYPE_64_BIT;
  const high = is64 ? (probed[index + 1] ?? 0) : 0;
  const writable = (BigInt(high) << 32n) | BigInt((low & (isIo ? ~0x3 : ~0xf)) >>> 0);
  if (writable === 0n) return undefined;
  return {
    index,
    space: isIo ? 'io' : 'memory',
    bits: is64 ? 64 : 32,
    prefetchable: !isIo && (low & PREFETCHABLE) !== 0,
    length: writable & -writable,
  };
}
