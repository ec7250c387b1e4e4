import type { TraceEvent } from '#shared/trace/trace.ts';
import type { Run } from './checker.ts';
import type { MaskEvent } from './history.ts';
import type { Life } from './lives.ts';
import { bitsOf } from './no-invented-bits.ts';

/**
 * Where a guest dropped a mask of the host that had one of these bits, though the VF has read the block,
 * and never reads it again: nobody will tell it any more, however it ends. Undefined when none was.
 */
export function droppedAfter(
  run: Run,
  life: Life,
  { event }: MaskEvent,
  missing: bigint,
): TraceEvent | undefined {
  const end = life.halted?.seq ?? Number.POSITIVE_INFINITY;
  return run.events.find(
    ({ hop, seq, device, generation, mask }) =>
      hop === 'blockInvalidateDropped' &&
      device === life.device &&
      generation === life.generation &&
      seq > event.seq &&
      seq < end &&
      bitsOf(BigInt(mask ?? 0) & missing).some((blockId) => isRelied(run, life, blockId, seq)),
  );
}

/** Whether what a VF knows of a block is from before an event. */
function isRelied(run: Run, life: Life, blockId: number, at: number): boolean {
  const reads = run.history.requests.filter(
    ({ kind, call }) =>
      kind === 'read' &&
      call.blockId === blockId &&
      call.device === life.device &&
      call.generation === life.generation,
  );
  return reads.length > 0 && reads.every(({ call }) => call.seq < at);
}
