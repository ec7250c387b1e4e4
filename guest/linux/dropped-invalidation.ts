import type { Trace } from '#shared/trace/trace.ts';
import type { VfIdentity } from '#shared/trace/vf-identity.ts';
import { type BlockMask, maskHex } from '#shared/vpci/config-block.ts';

/** Traces that a mask of the host reaches nobody. */
export function traceDropped(
  trace: Trace,
  identity: VfIdentity,
  mask: BlockMask,
  cause: number,
  note: string,
): void {
  if (!trace.enabled) return;
  const hop = 'blockInvalidateDropped';
  trace.record({ hop, name: 'block_invalidate', ...identity, mask: maskHex(mask), cause, note });
}
