import type { TraceEvent } from '#shared/trace/trace.ts';
import type { BlockRequest } from './block-requests.ts';
import type { BlockVersions } from './block-versions.ts';
import { chainTo } from './chain.ts';
import type { Finding, Run } from './checker.ts';
import type { MaskEvent } from './history.ts';
import { isLost, type Life } from './lives.ts';
import { covers, lastInvalidation, nextInvalidation } from './masks-of-block.ts';
import { isWithin } from './scenario-end.ts';

/**
 * Blocks of which the VF has an older version, when it ends or the scenario does, than the PF had when it
 * told it of them, or than the PF has and told nobody. A VF whose channel was lost could not know
 * better; one whose last read failed, or is still under way, does; and a mask that has not reached the
 * VF is the subject of I3.
 */
export function keptTooLong(
  run: Run,
  life: Life,
  reads: readonly BlockRequest[],
  versions: BlockVersions,
): readonly Finding[] {
  if (isLost(life, run.end)) return [];
  const blocks = new Set(reads.map(({ call }) => call.blockId ?? 0));
  return [...blocks].flatMap((blockId) => {
    const last = reads.findLast(({ call }) => call.blockId === blockId && isWithin(run, call));
    const returned = last?.returned[0];
    const version = returned && versions.of(returned);
    if (last === undefined || returned === undefined || version === undefined) return [];
    const kept = { blockId, version, call: last.call, returned };
    return keptVersion(run, life, kept, versions);
  });
}

/** What a VF knows of a block: the version that its last read returned. */
interface Kept {
  readonly blockId: number;
  readonly version: bigint;
  readonly call: TraceEvent;
  readonly returned: TraceEvent;
}

function keptVersion(
  run: Run,
  life: Life,
  kept: Kept,
  versions: BlockVersions,
): readonly Finding[] {
  const { blockId, version, call } = kept;
  const told = deliveryAfter(run, life, blockId, call.seq);
  if (told !== undefined && isReadAfter(run, life, blockId, told.event.seq)) return [];
  const invalidated = told && announcedBy(run, life, blockId, told.event);
  const since = invalidated?.event.seq ?? call.seq;
  const next = nextInvalidation(run, life, blockId, since)?.event.seq;
  if (told !== undefined && invalidated !== undefined) {
    const meant = newer(
      versions.newest(blockId, since),
      versions.first(blockId, since, next ?? Number.POSITIVE_INFINITY),
    );
    if (meant !== undefined && version < meant) {
      const how = `the PF has version ${meant}, and it was told at event ${told.event.seq}${underWay(kept, told)} and did not act on it`;
      return [finding(life, kept, how, [told.event.seq])];
    }
  }
  const newest = versions.newest(blockId, (run.end ?? Number.POSITIVE_INFINITY) + 1);
  if (next !== undefined || newest === undefined || version >= newest) return [];
  return [finding(life, kept, `the PF has version ${newest}, and nobody told it`, [])];
}

function newer(one: bigint | undefined, other: bigint | undefined): bigint | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return one > other ? one : other;
}

function underWay({ call, returned }: Kept, { event }: MaskEvent): string {
  if (returned.seq < event.seq) return '';
  return `, while the read of event ${call.seq} was under way until event ${returned.seq},`;
}

function finding(life: Life, kept: Kept, how: string, events: readonly number[]): Finding {
  const { blockId, version, call } = kept;
  return {
    why: `VF ${life.vfId} (${life.device}) kept version ${version} of block ${blockId}, read at event ${call.seq}; ${how}`,
    events: [call.seq, ...events],
  };
}

/**
 * The last invalidation of a block that a mask can be from which has reached the driver of a VF: one
 * that the PF made before the last notification left that was there when the IOCTL was completed.
 */
function announcedBy(
  run: Run,
  life: Life,
  blockId: number,
  told: TraceEvent,
): MaskEvent | undefined {
  const completed = chainTo(run.events, told).find(({ hop }) => COMPLETED.has(hop)) ?? told;
  const received = run.events.findLast(
    ({ hop, seq, device, generation, mask }) =>
      hop === 'hostPacketReceived' &&
      seq <= completed.seq &&
      device === life.device &&
      generation === life.generation &&
      mask !== undefined &&
      covers(blockId, BigInt(mask)),
  );
  const sent =
    received && chainTo(run.events, received).find(({ hop }) => hop === 'hostPacketSent');
  return lastInvalidation(run, life, blockId, sent?.seq ?? told.seq);
}

const COMPLETED: ReadonlySet<string> = new Set(['ioCompleteRequest', 'vfIoCompleteRequest']);

/** The last mask with the block that reached the VF miniport after an event, and no fault kept from it. */
function deliveryAfter(
  run: Run,
  life: Life,
  blockId: number,
  after: number,
): MaskEvent | undefined {
  const delayed = new Set(run.faults.map(({ seq }) => seq));
  return run.history.deliveries.findLast(
    (each) =>
      each.event.seq > after &&
      isWithin(run, each.event) &&
      each.event.device === life.device &&
      each.event.generation === life.generation &&
      covers(blockId, each.mask) &&
      !delayed.has(each.event.seq),
  );
}

/**
 * Whether the VF has asked for the block after an event, whatever came of it; or had asked before, and
 * that read was still under way when the scenario ended.
 */
function isReadAfter(run: Run, life: Life, blockId: number, after: number): boolean {
  return run.history.requests.some(
    ({ kind, call, returned }) =>
      kind === 'read' &&
      (call.seq > after || !isWithin(run, returned[0])) &&
      isWithin(run, call) &&
      call.blockId === blockId &&
      call.device === life.device &&
      call.generation === life.generation,
  );
}
