import type { TraceEvent } from '#shared/trace/trace.ts';
import type { BlockRequest } from './block-requests.ts';
import { type Checker, type Finding, type Run, verdict } from './checker.ts';
import { describeEvent, shortMask } from './describe-event.ts';
import type { MaskEvent } from './history.ts';
import { isLost, type Life, lifeAt } from './lives.ts';
import { isFalsified } from './touched.ts';

/** The version that the data of a block has; undefined for a block without versions. */
export type VersionOf = (blockId: number, data: Uint8Array) => bigint | number | undefined;

/**
 * I5: a read that started after a mask was delivered never returns what was there before the PF's
 * invalidation. Where the versions of blocks are known, also: no version older than one that the PF
 * had before, and in the end the version that the PF has.
 */
export function freshReads(versionOf: VersionOf = () => undefined): Checker {
  return {
    id: 'I5',
    rule: 'A read that starts after a mask was delivered returns nothing older than the invalidation.',
    check(run) {
      const breaches = run.history.lives.flatMap((life) => {
        const reads = readsOf(run, life);
        const versions = new Versions(run, life, versionOf);
        return [
          ...reads.flatMap((read) => stale(run, life, read, versions)),
          ...keptTooLong(run, life, reads, versions),
        ];
      });
      return verdict('I5', breaches);
    },
  };
}

function readsOf(run: Run, life: Life): readonly BlockRequest[] {
  return run.history.requests.filter(
    (request) =>
      request.kind === 'read' &&
      request.call.device === life.device &&
      request.call.generation === life.generation &&
      request.returned[0]?.status === 0 &&
      !isFalsified(run, request),
  );
}

/** Every version of a block that the PF is known to have had, from its answers. */
class Versions {
  readonly #answers: readonly TraceEvent[];
  readonly #versionOf: VersionOf;

  constructor(run: Run, life: Life, versionOf: VersionOf) {
    this.#versionOf = versionOf;
    this.#answers = run.events.filter(
      ({ hop, vfId, pf, data, seq }) =>
        hop === 'pfMiniportOidRequestComplete' &&
        data !== undefined &&
        vfId === life.vfId &&
        pf === life.pf &&
        seq > life.allocated.seq &&
        seq < (life.freed?.seq ?? Number.POSITIVE_INFINITY),
    );
  }

  of({ blockId, data }: TraceEvent): bigint | undefined {
    if (blockId === undefined || data === undefined) return undefined;
    const version = this.#versionOf(blockId, Buffer.from(data, 'hex'));
    return version === undefined ? undefined : BigInt(version);
  }

  /** The newest version that the PF answered with before an event; or at all. */
  newest(blockId: number, before = Number.POSITIVE_INFINITY): bigint | undefined {
    let newest: bigint | undefined;
    for (const answer of this.#answers) {
      if (answer.blockId !== blockId || answer.seq >= before) continue;
      const version = this.of(answer);
      if (version !== undefined && (newest === undefined || version > newest)) newest = version;
    }
    return newest;
  }
}

function covers(blockId: number | undefined, { mask }: MaskEvent): boolean {
  return blockId !== undefined && blockId < 64 && ((mask >> BigInt(blockId)) & 1n) === 1n;
}

function stale(run: Run, life: Life, read: BlockRequest, versions: Versions): readonly Finding[] {
  const { call, atPf, returned } = read;
  const blockId = call.blockId ?? 0;
  const delivery = run.history.deliveries.findLast(
    (each) =>
      each.event.device === life.device &&
      each.event.generation === life.generation &&
      each.event.seq < call.seq &&
      covers(blockId, each),
  );
  const invalidation = lastInvalidation(run, life, blockId, delivery?.event.seq ?? 0);
  if (delivery === undefined || invalidation === undefined) return [];
  const start = run.events[0]?.at ?? 0;
  const told = `after mask ${shortMask(delivery.event.mask ?? '0')} was delivered at event ${delivery.event.seq}`;
  const what = `VF ${life.vfId} (${life.device}): ${describeEvent(call, start)}`;
  const events = [invalidation.event.seq, delivery.event.seq, call.seq];
  if (atPf !== undefined && atPf.seq < invalidation.event.seq) {
    return [{ why: `${what}, ${told}, was answered from before the invalidation`, events }];
  }
  const version = returned[0] && versions.of({ ...returned[0], blockId });
  const known = versions.newest(blockId, invalidation.event.seq);
  if (version === undefined || known === undefined || version >= known) return [];
  return [{ why: `${what} read version ${version} ${told}; the PF had version ${known}`, events }];
}

function lastInvalidation(
  run: Run,
  life: Life,
  blockId: number,
  before: number,
): MaskEvent | undefined {
  return run.history.invalidations.findLast(
    (each) =>
      each.event.seq < before &&
      covers(blockId, each) &&
      lifeAt(run.history.lives, each.event.vfId, each.event.seq, each.event.pf) === life,
  );
}

/**
 * Blocks of which the VF has an older version, when it ends or the run does, than the PF has, and it or
 * the PF could have known better. A VF whose channel was lost could not; one whose last read failed, or
 * is still under way, knows; and a mask that is still on its way is the subject of I3.
 */
function keptTooLong(
  run: Run,
  life: Life,
  reads: readonly BlockRequest[],
  versions: Versions,
): readonly Finding[] {
  if (isLost(life)) return [];
  const blocks = new Set(reads.map(({ call }) => call.blockId ?? 0));
  return [...blocks].flatMap((blockId) => {
    const last = reads.findLast(({ call }) => call.blockId === blockId);
    const returned = last?.returned[0];
    const version = returned && versions.of({ ...returned, blockId });
    const newest = versions.newest(blockId);
    if (last === undefined || version === undefined || newest === undefined) return [];
    if (version >= newest) return [];
    const told = deliveryAfter(run, life, blockId, last.call.seq);
    if (told === undefined && isInvalidatedAfter(run, life, blockId, last.call.seq)) return [];
    if (told !== undefined && isReadAfter(run, life, blockId, told.event.seq)) return [];
    const how =
      told === undefined
        ? 'nobody told it'
        : `it was told at event ${told.event.seq} and did not act on it`;
    const why = `VF ${life.vfId} (${life.device}) kept version ${version} of block ${blockId}, read at event ${last.call.seq}; the PF has version ${newest}, and ${how}`;
    return [{ why, events: [last.call.seq, ...(told === undefined ? [] : [told.event.seq])] }];
  });
}

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
      each.event.device === life.device &&
      each.event.generation === life.generation &&
      covers(blockId, each) &&
      !delayed.has(each.event.seq),
  );
}

function isInvalidatedAfter(run: Run, life: Life, blockId: number, after: number): boolean {
  return run.history.invalidations.some(
    (each) =>
      each.event.seq > after &&
      covers(blockId, each) &&
      lifeAt(run.history.lives, each.event.vfId, each.event.seq, each.event.pf) === life,
  );
}

/** Whether the VF has asked for the block after an event, whatever came of it. */
function isReadAfter(run: Run, life: Life, blockId: number, after: number): boolean {
  return run.history.requests.some(
    ({ kind, call }) =>
      kind === 'read' &&
      call.seq > after &&
      call.blockId === blockId &&
      call.device === life.device &&
      call.generation === life.generation,
  );
}
