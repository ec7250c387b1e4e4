import { NDIS_STATUS } from '#shared/ndis/ndis-status.ts';
import type { HopName } from '#shared/trace/hops.ts';
import type { TraceEvent } from '#shared/trace/trace.ts';

/** One instance of a VF, from OID_NIC_SWITCH_ALLOCATE_VF to OID_NIC_SWITCH_FREE_VF. */
export interface Life {
  /** Which VF of which guest: `g1/0`. */
  readonly device: string;
  readonly generation: number;
  readonly vfId: number;
  /** Which PF of the host; undefined for the only one. */
  readonly pf: string | undefined;
  readonly allocated: TraceEvent;
  /** MiniportInitializeEx of its VF miniport has succeeded, or probe of its Linux VF driver. */
  readonly initialized: TraceEvent | undefined;
  /** MiniportHaltEx is called on its VF miniport, or remove on its Linux VF driver. */
  readonly halted: TraceEvent | undefined;
  /** Its channel is gone, as the first side saw it. */
  readonly closed: TraceEvent | undefined;
  readonly freed: TraceEvent | undefined;
}

const INITIALIZED: readonly HopName[] = ['vfMiniportInitializeExReturn', 'linuxProbeReturn'];
const HALTED: readonly HopName[] = ['vfMiniportHaltEx', 'linuxRemove'];

export function lives(events: readonly TraceEvent[]): readonly Life[] {
  const allocations = events.filter(isAllocation);
  const own = eventsOfEach(allocations, events);
  return allocations.flatMap((allocated) => {
    const { device, generation, vfId, pf } = allocated;
    if (device === undefined || generation === undefined || vfId === undefined) return [];
    const first = (holds: (event: TraceEvent) => boolean): TraceEvent | undefined =>
      own.get(keyOf(allocated))?.find(holds);
    return [
      {
        device,
        generation,
        vfId,
        pf,
        allocated,
        initialized: first(({ hop, status }) => INITIALIZED.includes(hop) && status === 0),
        halted: first(({ hop }) => HALTED.includes(hop)),
        closed: first(({ hop }) => hop === 'channelClosed'),
        freed: first(
          ({ hop, name }) => hop === 'oidRequestComplete' && name === 'OID_NIC_SWITCH_FREE_VF',
        ),
      },
    ];
  });
}

/** The events of each VF that was allocated, in order. */
function eventsOfEach(
  allocations: readonly TraceEvent[],
  events: readonly TraceEvent[],
): ReadonlyMap<string, readonly TraceEvent[]> {
  const own = new Map(allocations.map((event): [string, TraceEvent[]] => [keyOf(event), []]));
  for (const event of events) if (event.device !== undefined) own.get(keyOf(event))?.push(event);
  return own;
}

function keyOf({ device, generation }: TraceEvent): string {
  return `${device} ${generation}`;
}

function isAllocation({ hop, name, status }: TraceEvent): boolean {
  return (
    hop === 'oidRequestComplete' &&
    name === 'OID_NIC_SWITCH_ALLOCATE_VF' &&
    status === NDIS_STATUS.NDIS_STATUS_SUCCESS
  );
}

/** The life that a VFId had at an event. */
export function lifeAt(
  all: readonly Life[],
  vfId: number | undefined,
  seq: number,
  pf: string | undefined,
): Life | undefined {
  return all.find(
    (life) =>
      life.vfId === vfId &&
      life.pf === pf &&
      life.allocated.seq <= seq &&
      (life.freed === undefined || seq < life.freed.seq),
  );
}

/** Whether the channel of the VF was gone before its miniport was halted, and before the scenario ended. */
export function isLost({ closed, halted }: Life, end = Number.POSITIVE_INFINITY): boolean {
  if (closed === undefined || closed.seq > end) return false;
  return halted === undefined || closed.seq < halted.seq;
}
