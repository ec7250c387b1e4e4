/**
 * How sure a breach is: a `violation` is against a document; a `suspicion` is what a driver that keeps
 * to every document may do, and seldom means to. Only a violation stops an adapter.
 */
export type Severity = 'violation' | 'suspicion';

/** A rule that a miniport is watched for. */
export interface VerifierRule {
  /** Which miniports it is about. */
  readonly side: 'PF' | 'VF' | 'PF and VF';
  readonly severity: Severity;
  /** The rule in one sentence. */
  readonly rule: string;
  /** The document that states it, by the name under which a reader finds it. */
  readonly source: string;
  /** The trace events that a report shows. */
  readonly shownBy: string;
}

const CALL = 'the call';
const REQUEST = 'the OID request, its delivery and what became of it';
const NONE = 'the delivery of the OID request in whose handler it happened, if it was one';

/** Every rule, by its id, in the order in which a reader meets them. */
export const VERIFIER_RULES = {
  'irql.config-block': {
    side: 'VF',
    severity: 'violation',
    rule: 'NdisMReadConfigBlock and NdisMWriteConfigBlock are called at IRQL <= APC_LEVEL: they block.',
    source: 'Microsoft Learn: NdisMReadConfigBlock, NdisMWriteConfigBlock; ndis.h',
    shownBy: CALL,
  },
  'irql.invalidate-config-block': {
    side: 'PF',
    severity: 'violation',
    rule: 'NdisMInvalidateConfigBlock is called at IRQL <= DISPATCH_LEVEL.',
    source: 'Microsoft Learn: NdisMInvalidateConfigBlock; ndis.h',
    shownBy: CALL,
  },
  'irql.virtual-functions': {
    side: 'PF',
    severity: 'violation',
    rule: 'NdisMEnableVirtualization, NdisMGetVirtualFunctionLocation and NdisMQueryProbedBars are called at PASSIVE_LEVEL, NdisMGetVirtualFunctionBusData and NdisMSetVirtualFunctionBusData at IRQL <= DISPATCH_LEVEL.',
    source: 'Microsoft Learn: the pages of these functions',
    shownBy: CALL,
  },
  'irql.oid-request-complete': {
    side: 'PF and VF',
    severity: 'violation',
    rule: 'NdisMOidRequestComplete is called at IRQL <= DISPATCH_LEVEL.',
    source: 'Microsoft Learn: NdisMOidRequestComplete',
    shownBy: REQUEST,
  },
  'irql.callback-does-not-wait': {
    side: 'VF',
    severity: 'violation',
    rule: 'A completion routine, in which a driver learns of an invalidation by itself, reads and writes no blocks: it runs at DISPATCH_LEVEL.',
    source: 'Microsoft Learn: IO_COMPLETION_ROUTINE, NdisMReadConfigBlock',
    shownBy: 'the completion of the IRP, and the call',
  },
  'irql.set-miniport-attributes': {
    side: 'PF and VF',
    severity: 'violation',
    rule: 'NdisMSetMiniportAttributes is called at PASSIVE_LEVEL.',
    source: 'Microsoft Learn: NdisMSetMiniportAttributes',
    shownBy: NONE,
  },
  'irql.queue-io-work-item': {
    side: 'PF and VF',
    severity: 'violation',
    rule: 'NdisQueueIoWorkItem is called at IRQL <= DISPATCH_LEVEL.',
    source: 'Microsoft Learn: NdisQueueIoWorkItem',
    shownBy: NONE,
  },
  'irql.raise-and-lower': {
    side: 'PF and VF',
    severity: 'violation',
    rule: 'KeRaiseIrql does not lower the IRQL, and KeLowerIrql does not raise it.',
    source: 'Microsoft Learn: KeRaiseIrql, KeLowerIrql',
    shownBy: NONE,
  },
  'irql.restored': {
    side: 'PF and VF',
    severity: 'violation',
    rule: 'A routine of a driver returns, and waits, at the IRQL at which it was called.',
    source: 'Microsoft Learn: KeRaiseIrql, Managing Hardware Priorities',
    shownBy: NONE,
  },
  'oid.completed-once': {
    side: 'PF and VF',
    severity: 'violation',
    rule: 'An OID request is completed once: by the status that its handler returns, or later by NdisMOidRequestComplete.',
    source: 'Microsoft Learn: MINIPORT_OID_REQUEST, NdisMOidRequestComplete',
    shownBy: REQUEST,
  },
  'oid.not-completed-with-pending': {
    side: 'PF and VF',
    severity: 'violation',
    rule: 'NDIS_STATUS_PENDING is no status to complete an OID request with.',
    source: 'Microsoft Learn: NdisMOidRequestComplete',
    shownBy: REQUEST,
  },
  'oid.completed-with-a-status': {
    side: 'PF and VF',
    severity: 'violation',
    rule: 'What an OID request is completed with is an NDIS_STATUS, a number of 32 bits.',
    source: 'Microsoft Learn: MINIPORT_OID_REQUEST; ndis.h',
    shownBy: REQUEST,
  },
  'oid.completed-in-time': {
    side: 'PF and VF',
    severity: 'violation',
    rule: 'A miniport completes every OID request before the timeout of the request; of one that may take for ever, within 30 seconds.',
    source: 'Microsoft Learn: NDIS_OID_REQUEST, MINIPORT_CANCEL_OID_REQUEST',
    shownBy: REQUEST,
  },
  'oid.aborted-with-request-aborted': {
    side: 'PF and VF',
    severity: 'violation',
    rule: 'A request that MiniportCancelOidRequest was called for is completed with NDIS_STATUS_REQUEST_ABORTED, if at all.',
    source: 'Microsoft Learn: MINIPORT_CANCEL_OID_REQUEST',
    shownBy: REQUEST,
  },
  'oid.bytes-in-the-buffer': {
    side: 'PF and VF',
    severity: 'violation',
    rule: 'BytesWritten and BytesRead of a successful request are within the lengths of its information buffer.',
    source: 'Microsoft Learn: NDIS_OID_REQUEST, OID_SRIOV_READ_VF_CONFIG_BLOCK',
    shownBy: REQUEST,
  },
  'oid.left-alone-after-completion': {
    side: 'PF and VF',
    severity: 'violation',
    rule: 'An OID request that a miniport has completed, and its information buffer, are no longer its own to read or to write.',
    source: 'Microsoft Learn: NdisMOidRequestComplete',
    shownBy: REQUEST,
  },
  'oid.vf-is-allocated': {
    side: 'PF',
    severity: 'violation',
    rule: 'A PF miniport fails every read and write of a block of a VF that is not allocated.',
    source: 'Microsoft Learn: OID_SRIOV_READ_VF_CONFIG_BLOCK, OID_SRIOV_WRITE_VF_CONFIG_BLOCK',
    shownBy: REQUEST,
  },
  'concurrency.deadlock': {
    side: 'PF',
    severity: 'suspicion',
    rule: 'A PF miniport does not wait inside an OID request for a read of a VF: NDIS delivers one request at a time, and the read waits behind the one that waits for it.',
    source: 'Microsoft Learn: MINIPORT_OID_REQUEST',
    shownBy:
      'the request that is held, the call of NdisMInvalidateConfigBlock, and the read that waits',
  },
  'invalidation.is-read': {
    side: 'VF',
    severity: 'suspicion',
    rule: 'A VF miniport that is told of invalid blocks reads one of them within 30 seconds, and before it is halted.',
    source: 'Microsoft Learn: OID_SRIOV_VF_INVALIDATE_CONFIG_BLOCK',
    shownBy: 'the delivery of OID_SRIOV_VF_INVALIDATE_CONFIG_BLOCK',
  },
  'actor.pf-only': {
    side: 'VF',
    severity: 'violation',
    rule: 'The functions that NDIS has for PF miniports alone are not called by a VF miniport.',
    source:
      'Microsoft Learn: NdisMInvalidateConfigBlock, NdisMEnableVirtualization, NdisMGetVirtualFunctionBusData',
    shownBy: NONE,
  },
  'actor.vf-only': {
    side: 'PF',
    severity: 'violation',
    rule: 'The functions that NDIS has for VF miniports alone are not called by a PF miniport.',
    source: 'Microsoft Learn: NdisMReadConfigBlock, NdisMWriteConfigBlock',
    shownBy: NONE,
  },
  'actor.own-adapter': {
    side: 'PF and VF',
    severity: 'violation',
    rule: 'A routine of a miniport calls NDIS with the handle of its own adapter, not with that of another one.',
    source: 'Microsoft Learn: MINIPORT_INITIALIZE',
    shownBy: CALL,
  },
  'halt.no-call': {
    side: 'PF and VF',
    severity: 'violation',
    rule: 'A miniport whose MiniportHaltEx has returned, or whose MiniportInitializeEx has failed, calls nothing of NDIS.',
    source: 'Microsoft Learn: MINIPORT_HALT, Halting a Miniport Adapter',
    shownBy: CALL,
  },
  'halt.no-completion': {
    side: 'PF and VF',
    severity: 'violation',
    rule: 'A miniport completes no OID request after MiniportHaltEx has returned.',
    source: 'Microsoft Learn: MINIPORT_HALT, NdisMOidRequestComplete',
    shownBy: REQUEST,
  },
  'halt.no-timer': {
    side: 'PF and VF',
    severity: 'violation',
    rule: 'MiniportHaltEx cancels the timers of its adapter: none fires after it has returned.',
    source: 'Microsoft Learn: MINIPORT_HALT',
    shownBy: 'the halt',
  },
  'driver.no-exception': {
    side: 'PF and VF',
    severity: 'violation',
    rule: 'No exception leaves a routine of a driver: on Windows it stops the machine, on Linux it is an oops.',
    source:
      'Microsoft Learn: Bug Check 0x1E: KMODE_EXCEPTION_NOT_HANDLED; Linux: Documentation/admin-guide/bug-hunting.rst',
    shownBy: NONE,
  },
} as const satisfies Record<string, VerifierRule>;

export type VerifierRuleId = keyof typeof VERIFIER_RULES;
