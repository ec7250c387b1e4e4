import type { HopName } from '#shared/trace/hops.ts';
import type { TraceEvent } from '#shared/trace/trace.ts';
import type { Run } from './checker.ts';
import type { MaskEvent } from './history.ts';
import type { Life } from './lives.ts';
import { isWithin } from './scenario-end.ts';

/** The hops that show where a mask is on its way to the driver of a VF. */
const HOPS_OF_MASKS: ReadonlySet<HopName> = new Set([
  'blockMaskCached',
  'blockMaskDropped',
  'hostPacketSent',
  'hostPacketReceived',
  'blockMaskLatched',
  'ioCompleteRequest',
]);

/**
 * Where bits of an invalidation have been seen, in order, until the scenario ended: each event has a
 * mask with one of them. The last says how far they came.
 */
export function maskTrail(
  run: Run,
  life: Life,
  { event: { seq } }: MaskEvent,
  bits: bigint,
): readonly TraceEvent[] {
  return run.events.filter(
    (event) =>
      event.seq > seq &&
      HOPS_OF_MASKS.has(event.hop) &&
      event.device === life.device &&
      event.generation === life.generation &&
      isWithin(run, event) &&
      (BigInt(event.mask ?? 0) & bits) !== 0n,
  );
}
