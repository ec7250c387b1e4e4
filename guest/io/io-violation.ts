import { messageOf } from '#shared/message-of.ts';
import type { ContractBreach } from '#shared/ndis/contract-observer.ts';
import { type CurrentIrql, irqlName } from '#shared/nt/irql.ts';
import { stackOf } from '#shared/stack-of.ts';

const REUSING = 'Microsoft Learn: Reusing IRPs, IoReuseIrp';
const FREEING = 'Microsoft Learn: IoFreeIrp';
const SYNCHRONOUS = 'Microsoft Learn: IoBuildDeviceIoControlRequest';
const COMPLETING = 'Microsoft Learn: IoSetCompletionRoutine';
const INTERFACES = 'Microsoft Learn: IRP_MN_QUERY_INTERFACE';

/**
 * The rules of wdm.h and vpci.h for what a driver of the VF sends itself, each with its source. On
 * Windows most breaches end in a bug check, or corrupt memory; here the call is refused or has no
 * effect, unless its page leaves open what becomes of it, and the breach is reported.
 */
export const IO_RULES = {
  'irp.not-the-drivers-own': {
    rule: 'a driver sends, cancels, reuses and frees only IRPs that it has created and not yet freed',
    source: 'Microsoft Learn: IoCancelIrp, IoFreeIrp',
  },
  'irp.sent-while-pending': {
    rule: 'an IRP is not sent while it is pending',
    source: REUSING,
  },
  'irp.sent-without-reuse': {
    rule: 'an IRP that was completed is sent again only after IoReuseIrp',
    source: REUSING,
  },
  'irp.reused-while-pending': {
    rule: 'IoReuseIrp is not called while the IRP is pending',
    source: REUSING,
  },
  'irp.synchronous-is-not-reused': {
    rule: 'IoReuseIrp is not for IRPs of IoBuildDeviceIoControlRequest',
    source: REUSING,
  },
  'irp.freed-while-pending': {
    rule: 'IoFreeIrp is not called while the IRP is pending',
    source: FREEING,
  },
  'irp.synchronous-is-not-freed': {
    rule: 'the I/O manager frees the IRPs of IoBuildDeviceIoControlRequest, not the driver',
    source: SYNCHRONOUS,
  },
  'irp.pending-at-halt': {
    rule: 'no IRP of the driver is pending when its halt returns',
    source: 'Microsoft Learn: Halting a Miniport Adapter',
  },
  'irp.malformed': {
    rule: 'the next stack location has numbers for codes and lengths, and buffers of bytes or none',
    source: 'Microsoft Learn: IO_STACK_LOCATION',
  },
  'irp.output-length': {
    rule: 'OutputBufferLength of a read is its BytesRequested',
    source: 'Microsoft Learn: IOCTL_VPCI_READ_BLOCK',
  },
  'irp.no-output': {
    rule: 'UserBuffer is NULL in a write and in an invalidation, and OutputBufferLength is 0 in a write',
    source: 'Microsoft Learn: IOCTL_VPCI_WRITE_BLOCK, IOCTL_VPCI_INVALIDATE_BLOCK',
  },
  'irp.pnp-status': {
    rule: 'IoStatus.Status of a PnP IRP is STATUS_NOT_SUPPORTED before it is sent',
    source: INTERFACES,
  },
  'irp.device-object': {
    rule: 'an IRP goes to the device object that the driver got from NdisMGetDeviceProperty',
    source: 'Microsoft Learn: NdisMGetDeviceProperty',
  },
  'completion.threw': {
    rule: 'a completion routine returns',
    source: COMPLETING,
  },
  'completion.not-a-status': {
    rule: 'a completion routine returns an NTSTATUS, and does not wait',
    source: 'Microsoft Learn: IO_COMPLETION_ROUTINE',
  },
  'completion.not-stopped': {
    rule: 'the completion routine of an IRP of IoAllocateIrp is invoked in every case, and returns STATUS_MORE_PROCESSING_REQUIRED',
    source: COMPLETING,
  },
  'completion.recursion': {
    rule: 'a completion routine does not send its IRP again whatever the status is',
    source: 'Microsoft Learn: Using IRP Completion Routines',
  },
  'event.not-an-event': {
    rule: 'an event is initialized with KeInitializeEvent',
    source: 'Microsoft Learn: KeInitializeEvent',
  },
  'irql.wait': {
    rule: 'KeWaitForSingleObject waits at IRQL <= APC_LEVEL',
    source: 'Microsoft Learn: KeWaitForSingleObject',
  },
  'irql.synchronous-irp': {
    rule: 'IoBuildDeviceIoControlRequest is called at IRQL <= APC_LEVEL',
    source: SYNCHRONOUS,
  },
  'irql.device-property': {
    rule: 'NdisMGetDeviceProperty is called at PASSIVE_LEVEL',
    source: 'Microsoft Learn: NdisMGetDeviceProperty',
  },
  'irql.query-interface': {
    rule: 'IRP_MN_QUERY_INTERFACE is sent at PASSIVE_LEVEL',
    source: INTERFACES,
  },
  'irql.vpci-routines': {
    rule: 'ReadVfConfigBlock and WriteVfConfigBlock are called at IRQL <= APC_LEVEL',
    source: 'vpci.h',
  },
  'interface.context': {
    rule: 'a routine of an interface is called with the Context of that interface',
    source: 'Microsoft Learn: VPCI_READ_BLOCK, VPCI_WRITE_BLOCK',
  },
  'interface.dereferenced': {
    rule: 'no routine of an interface is called after its last InterfaceDereference',
    source: INTERFACES,
  },
  'ndis.invalidate-ioctl': {
    rule: 'from NDIS 6.30 on the VF miniport does not issue IOCTL_VPCI_INVALIDATE_BLOCK',
    source: 'Microsoft Learn: IOCTL_VPCI_INVALIDATE_BLOCK',
  },
  'ndis.above-a-vbd': {
    rule: 'a VF miniport above a virtual bus driver calls neither NdisMReadConfigBlock nor NdisMWriteConfigBlock',
    source: 'Microsoft Learn: NdisMReadConfigBlock, NdisMWriteConfigBlock',
  },
} as const satisfies Record<string, { readonly rule: string; readonly source: string }>;

export type IoRule = keyof typeof IO_RULES;

/** A breach of one of the rules by a driver of the VF. */
export interface IoViolation {
  readonly rule: IoRule;
  /** The function that was called, or the request that was under way. */
  readonly name: string;
  /** What was found instead, where the rule does not say it all. */
  readonly found?: string | undefined;
  /** What the driver's own code threw. */
  readonly error?: unknown;
}

/** What is found of a call at a level that its page does not allow. */
export function atLevel(irql: CurrentIrql): string {
  return `it was at ${irqlName(irql.level)}`;
}

/** A breach in one sentence, for the log and the trace. */
export function describeIoViolation({ rule, name, found, error }: IoViolation): string {
  const what = `${name}: ${IO_RULES[rule].rule}`;
  const instead = error === undefined ? found : `it threw: ${messageOf(error)}`;
  return instead === undefined ? what : `${what}; ${instead}`;
}

/** Where the driver's own code threw; undefined for a breach in which it did not. */
export function stackOfIoViolation({ error }: IoViolation): string | undefined {
  return error === undefined ? undefined : stackOf(error);
}

/** A breach as whoever looks on is told of it. */
export function breachOf(violation: IoViolation): ContractBreach {
  const { rule: id, name } = violation;
  const what = describeIoViolation(violation);
  return { id, ...IO_RULES[id], name, what, stack: stackOfIoViolation(violation) };
}
