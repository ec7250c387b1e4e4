import { hasObjectHeader, viewOf, writeObjectHeader } from '#shared/ndis/object-header.ts';
import type { Random } from '#shared/time/random.ts';

/** NDIS_SRIOV_PF_LUID_INFO: Header at 0, Luid at 4 (LowPart, then HighPart). Source: ntddndis.h. */
export const SIZEOF_PF_LUID_INFO = 12;

/** A LUID of 64 bits, unlike that of another adapter as far as the randomness goes; never 0. */
export function newLuid(random: Random): bigint {
  const highPart = BigInt(Math.floor(random() * 0x8000_0000));
  const lowPart = BigInt(1 + Math.floor(random() * 0xffff_ffff));
  return (highPart << 32n) | lowPart;
}

export function newPfLuidInfo(luid: bigint): Uint8Array {
  const bytes = new Uint8Array(SIZEOF_PF_LUID_INFO);
  const view = viewOf(bytes);
  writeObjectHeader(view, SIZEOF_PF_LUID_INFO);
  view.setBigUint64(4, luid, true);
  return bytes;
}

/** The LUID in the structure; undefined when the buffer holds none. */
export function parsePfLuidInfo(bytes: Uint8Array): bigint | undefined {
  if (!hasObjectHeader(bytes, SIZEOF_PF_LUID_INFO)) return undefined;
  return viewOf(bytes).getBigUint64(4, true);
}
