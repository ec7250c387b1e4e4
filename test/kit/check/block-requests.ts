import type { HopName } from '#shared/trace/hops.ts';
import type { TraceEvent } from '#shared/trace/trace.ts';
import { byCause, type Effects } from './effects.ts';

/**
 * A read or write of a block that the driver of a VF called for, through whichever door, with the
 * event of each hop it came to. A hop that it never came to is undefined; one that it came to twice,
 * as under a fault, has its first event here.
 */
export interface BlockRequest {
  readonly kind: 'read' | 'write';
  /** The call of NdisMReadConfigBlock, hyperv_read_cfg_blk … */
  readonly call: TraceEvent;
  /** It went through pci-hyperv of Linux, where what was read may seem longer than what was sent. */
  readonly isOnLinux: boolean;
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

/** A door through which the driver of a VF reads or writes blocks. */
interface Door {
  readonly kind: BlockRequest['kind'];
  /** The hop at which a call returns. */
  readonly returns: HopName;
}

/** By the hop of the call; a call of IoCallDriver, by what is sent. */
const DOORS: ReadonlyMap<string, Door> = new Map<string, Door>([
  ['ndisMReadConfigBlock', { kind: 'read', returns: 'ndisMReadConfigBlockReturn' }],
  ['ndisMWriteConfigBlock', { kind: 'write', returns: 'ndisMWriteConfigBlockReturn' }],
  ['IOCTL_VPCI_READ_BLOCK', { kind: 'read', returns: 'vfIoCompleteRequest' }],
  ['IOCTL_VPCI_WRITE_BLOCK', { kind: 'write', returns: 'vfIoCompleteRequest' }],
  ['readVfConfigBlock', { kind: 'read', returns: 'readVfConfigBlockReturn' }],
  ['writeVfConfigBlock', { kind: 'write', returns: 'writeVfConfigBlockReturn' }],
  ['hypervReadCfgBlk', { kind: 'read', returns: 'hypervReadCfgBlkReturn' }],
  ['hypervWriteCfgBlk', { kind: 'write', returns: 'hypervWriteCfgBlkReturn' }],
]);

/** On Linux, the hops at which what a VF miniport has called for goes on to pci-hyperv. */
const HYPERV: readonly HopName[] = ['hypervReadCfgBlk', 'hypervWriteCfgBlk'];

/** The door that a driver has just called at; undefined for an event that is no such call. */
function doorOf({ hop, name, cause }: TraceEvent): Door | undefined {
  if (HYPERV.includes(hop) && cause !== undefined && cause !== 0) return undefined;
  return DOORS.get(hop === 'vfIoCallDriver' ? name : hop);
}

/** The packet of one side, by who sent it and its transaction id: what joins the two partitions. */
function packetKey({ device, generation, transactionId }: TraceEvent): string {
  return `${device} ${generation} ${transactionId}`;
}

export function blockRequests(events: readonly TraceEvent[]): readonly BlockRequest[] {
  const after = byCause(events);
  const received = new Map<string, TraceEvent>();
  for (const event of events) {
    if (event.hop !== 'guestPacketReceived') continue;
    if (!received.has(packetKey(event))) received.set(packetKey(event), event);
  }
  return events.flatMap((call) => {
    const door = doorOf(call);
    return door === undefined ? [] : [requestOf(call, door, after, received)];
  });
}

function requestOf(
  call: TraceEvent,
  { kind, returns }: Door,
  after: Effects,
  received: ReadonlyMap<string, TraceEvent>,
): BlockRequest {
  const [hyperv] = HYPERV.flatMap((hop) => after(call, hop));
  const [sent] = after(hyperv ?? call, 'guestPacketSent');
  const arrived = sent === undefined ? undefined : received.get(packetKey(sent));
  const [oid] = after(arrived, 'oidRequest');
  const [completionReceived] = after(sent, 'hostCompletionReceived');
  const answers = [completionReceived, sent, call];
  const irpCompleted = answers.flatMap((event) => [
    ...after(event, 'ioCompleteRequest'),
    ...after(event, 'vfIoCompleteRequest'),
  ]);
  return {
    kind,
    call,
    isOnLinux: hyperv !== undefined || HYPERV.includes(call.hop),
    ioCalled: after(call, 'ioCallDriver')[0],
    sent,
    received: arrived,
    oid,
    atPf: after(oid, 'pfMiniportOidRequest')[0],
    pfCompleted: after(oid, 'pfMiniportOidRequestComplete')[0],
    // What goes no further than the virtualization stack is completed there.
    completionSent: after(oid ?? arrived, 'hostCompletionSent')[0],
    completionReceived,
    irpCompleted,
    returned:
      returns === 'vfIoCompleteRequest'
        ? irpCompleted
        : [...irpCompleted, ...answers].flatMap((event) => after(event, returns)),
  };
}
