import type { HopName } from '#shared/trace/hops.ts';
import type { TraceEvent } from '#shared/trace/trace.ts';

/**
 * A read or write of a block that a VF miniport called for, with the event of each hop it came to.
 * A hop that it never came to is undefined; one that it came to twice, as under a fault, has its
 * first event here.
 */
export interface BlockRequest {
  readonly kind: 'read' | 'write';
  /** The call of NdisMReadConfigBlock or NdisMWriteConfigBlock. */
  readonly call: TraceEvent;
  /** The IRP goes to the VPCI driver. */
  readonly ioCalled: TraceEvent | undefined;
  readonly sent: TraceEvent | undefined;
  readonly received: TraceEvent | undefined;
  readonly oid: TraceEvent | undefined;
  /** The PF miniport is given the request. */
  readonly atPf: TraceEvent | undefined;
  /** The PF miniport completes it; for a read that succeeds, with the data. */
  readonly pfCompleted: TraceEvent | undefined;
  readonly completionSent: TraceEvent | undefined;
  readonly completionReceived: TraceEvent | undefined;
  /** Every completion of its IRP. More than one is a breach. */
  readonly irpCompleted: readonly TraceEvent[];
  /** Every return of the call. More than one is a breach. */
  readonly returned: readonly TraceEvent[];
}

const CALLS: ReadonlyMap<HopName, BlockRequest['kind']> = new Map([
  ['ndisMReadConfigBlock', 'read'],
  ['ndisMWriteConfigBlock', 'write'],
]);

/** The events that each event led to, in order. */
function byCause(events: readonly TraceEvent[]): ReadonlyMap<number, readonly TraceEvent[]> {
  const effects = new Map<number, TraceEvent[]>();
  for (const event of events) {
    if (event.cause === undefined || event.cause === 0) continue;
    const known = effects.get(event.cause);
    if (known === undefined) effects.set(event.cause, [event]);
    else known.push(event);
  }
  return effects;
}

/** The packet of one side, by who sent it and its transaction id: what joins the two partitions. */
function packetKey({ device, generation, transactionId }: TraceEvent): string {
  return `${device} ${generation} ${transactionId}`;
}

export function blockRequests(events: readonly TraceEvent[]): readonly BlockRequest[] {
  const effects = byCause(events);
  const received = new Map<string, TraceEvent>();
  for (const event of events) {
    if (event.hop !== 'guestPacketReceived') continue;
    if (!received.has(packetKey(event))) received.set(packetKey(event), event);
  }
  const after = (event: TraceEvent | undefined, hop: HopName): readonly TraceEvent[] =>
    event === undefined ? [] : (effects.get(event.seq) ?? []).filter((each) => each.hop === hop);

  return events.flatMap((call) => {
    const kind = CALLS.get(call.hop);
    if (kind === undefined) return [];
    const [sent] = after(call, 'guestPacketSent');
    const arrived = sent === undefined ? undefined : received.get(packetKey(sent));
    const [oid] = after(arrived, 'oidRequest');
    const [completionReceived] = after(sent, 'hostCompletionReceived');
    const irpCompleted = [
      ...after(completionReceived, 'ioCompleteRequest'),
      ...after(sent, 'ioCompleteRequest'),
      ...after(call, 'ioCompleteRequest'),
    ];
    const returnHop =
      kind === 'read' ? 'ndisMReadConfigBlockReturn' : 'ndisMWriteConfigBlockReturn';
    return [
      {
        kind,
        call,
        ioCalled: after(call, 'ioCallDriver')[0],
        sent,
        received: arrived,
        oid,
        atPf: after(oid, 'pfMiniportOidRequest')[0],
        pfCompleted: after(oid, 'pfMiniportOidRequestComplete')[0],
        completionSent: after(oid, 'hostCompletionSent')[0],
        completionReceived,
        irpCompleted,
        returned: [...irpCompleted, call].flatMap((event) => after(event, returnHop)),
      },
    ];
  });
}
