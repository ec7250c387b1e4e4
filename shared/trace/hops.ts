import { DRIVER_HOPS } from './driver-hops.ts';
import type { Hop } from './hop.ts';
import { LINUX_HOPS } from './linux-hops.ts';
import { MEMORY_HOPS } from './memory-hops.ts';

/**
 * Every hop of the chain, named once. The trace, the ladder and whoever wants to break a hop go by
 * these names. A packet that crosses the partition boundary has two: one where it is sent, one
 * where it is received.
 */
export const HOPS = {
  vfMiniportInitializeEx: {
    from: 'guest-ndis',
    to: 'vf-miniport',
    phase: 'request',
    what: 'NDIS starts the VF miniport',
  },
  vfMiniportInitializeExReturn: {
    from: 'vf-miniport',
    to: 'guest-ndis',
    phase: 'completion',
    status: 'ndis',
    what: 'the VF miniport has started, or failed to',
  },
  vfMiniportHaltEx: {
    from: 'guest-ndis',
    to: 'vf-miniport',
    phase: 'request',
    what: 'NDIS halts the VF miniport',
  },
  ndisMReadConfigBlock: {
    from: 'vf-miniport',
    to: 'guest-ndis',
    phase: 'request',
    what: 'the VF miniport reads a configuration block',
  },
  ndisMReadConfigBlockReturn: {
    from: 'guest-ndis',
    to: 'vf-miniport',
    phase: 'completion',
    status: 'ndis',
    what: 'the read returns to the VF miniport',
  },
  ndisMWriteConfigBlock: {
    from: 'vf-miniport',
    to: 'guest-ndis',
    phase: 'request',
    what: 'the VF miniport writes a configuration block',
  },
  ndisMWriteConfigBlockReturn: {
    from: 'guest-ndis',
    to: 'vf-miniport',
    phase: 'completion',
    status: 'ndis',
    what: 'the write returns to the VF miniport',
  },
  ioCallDriver: {
    from: 'guest-ndis',
    to: 'vpci',
    phase: 'request',
    what: 'an IRP goes to the VPCI driver',
  },
  ioCompleteRequest: {
    from: 'vpci',
    to: 'guest-ndis',
    phase: 'completion',
    status: 'nt',
    what: 'the VPCI driver completes an IRP',
  },
  ioCancelIrp: {
    from: 'guest-ndis',
    to: 'vpci',
    phase: 'request',
    what: 'the creator of an IRP cancels it',
  },
  ...DRIVER_HOPS,
  vfMiniportOidRequest: {
    from: 'guest-ndis',
    to: 'vf-miniport',
    phase: 'request',
    what: 'NDIS hands an OID request to the VF miniport',
  },
  vfMiniportOidRequestComplete: {
    from: 'vf-miniport',
    to: 'guest-ndis',
    phase: 'completion',
    status: 'ndis',
    what: 'the VF miniport completes an OID request',
  },
  guestNdisOidAnswer: {
    from: 'guest-ndis',
    to: 'guest-ndis',
    phase: 'notification',
    what: 'NDIS of the guest answers an OID request by itself, with the status in the note',
  },
  blockMaskLatched: {
    from: 'vpci',
    to: 'vpci',
    phase: 'notification',
    what: 'no IOCTL_VPCI_INVALIDATE_BLOCK is pended: the VPCI driver keeps the mask',
  },
  guestPacketSent: {
    from: 'vpci',
    to: 'virtualization-stack',
    phase: 'request',
    what: 'the VPCI driver sends a packet over the channel',
  },
  guestPacketReceived: {
    from: 'vpci',
    to: 'virtualization-stack',
    phase: 'request',
    what: 'the virtualization stack receives a packet from the guest',
  },
  hostCompletionSent: {
    from: 'virtualization-stack',
    to: 'vpci',
    phase: 'completion',
    status: 'nt',
    what: 'the virtualization stack completes a packet of the guest',
  },
  hostCompletionReceived: {
    from: 'virtualization-stack',
    to: 'vpci',
    phase: 'completion',
    status: 'nt',
    what: 'the VPCI driver receives the completion of its packet',
  },
  hostPacketSent: {
    from: 'virtualization-stack',
    to: 'vpci',
    phase: 'notification',
    what: 'the virtualization stack sends a packet over the channel',
  },
  hostPacketReceived: {
    from: 'virtualization-stack',
    to: 'vpci',
    phase: 'notification',
    what: 'the VPCI driver receives a packet from the host',
  },
  guestCompletionSent: {
    from: 'vpci',
    to: 'virtualization-stack',
    phase: 'completion',
    status: 'nt',
    what: 'the VPCI driver completes a packet of the host',
  },
  guestCompletionReceived: {
    from: 'vpci',
    to: 'virtualization-stack',
    phase: 'completion',
    status: 'nt',
    what: 'the virtualization stack receives the completion of its packet',
  },
  channelClosed: {
    from: 'virtualization-stack',
    to: 'vpci',
    phase: 'notification',
    what: 'the channel is gone',
  },
  blockMaskCached: {
    from: 'virtualization-stack',
    to: 'virtualization-stack',
    phase: 'notification',
    what: 'the virtualization stack ORs a BlockMask into the cache of the VF',
  },
  blockMaskDropped: {
    from: 'virtualization-stack',
    to: 'virtualization-stack',
    phase: 'notification',
    what: 'a BlockMask goes nowhere, for the reason in the note',
  },
  oidRequest: {
    from: 'virtualization-stack',
    to: 'host-ndis',
    phase: 'request',
    what: 'the virtualization stack issues an OID request',
  },
  oidRequestComplete: {
    from: 'host-ndis',
    to: 'virtualization-stack',
    phase: 'completion',
    status: 'ndis',
    what: 'NDIS completes an OID request to its issuer',
  },
  pfMiniportOidRequest: {
    from: 'host-ndis',
    to: 'pf-miniport',
    phase: 'request',
    what: 'NDIS hands an OID request to the PF miniport',
  },
  pfMiniportOidRequestComplete: {
    from: 'pf-miniport',
    to: 'host-ndis',
    phase: 'completion',
    status: 'ndis',
    what: 'the PF miniport completes an OID request',
  },
  ndisMInvalidateConfigBlock: {
    from: 'pf-miniport',
    to: 'host-ndis',
    phase: 'notification',
    what: 'the PF miniport says that blocks of a VF have changed',
  },
  pfVirtualFunctionCall: {
    from: 'host-ndis',
    to: 'pf-miniport',
    phase: 'completion',
    status: 'ndis',
    what: 'a function for its VFs, which the PF miniport called, has returned',
  },
  invalidateSignal: {
    from: 'host-ndis',
    to: 'virtualization-stack',
    phase: 'notification',
    what: 'NDIS signals the virtualization stack',
  },
  pfMiniportInitializeEx: {
    from: 'host-ndis',
    to: 'pf-miniport',
    phase: 'request',
    what: 'NDIS starts the PF miniport',
  },
  pfMiniportInitializeExReturn: {
    from: 'pf-miniport',
    to: 'host-ndis',
    phase: 'completion',
    status: 'ndis',
    what: 'the PF miniport has started, or failed to',
  },
  pfMiniportHaltEx: {
    from: 'host-ndis',
    to: 'pf-miniport',
    phase: 'request',
    what: 'NDIS halts the PF miniport',
  },
  pfContractViolated: {
    from: 'host-ndis',
    to: 'host-ndis',
    phase: 'notification',
    what: 'the PF miniport broke its contract; the note says how',
  },
  vfContractViolated: {
    from: 'guest-ndis',
    to: 'guest-ndis',
    phase: 'notification',
    what: 'the VF miniport broke its contract; the note says how',
  },
  ...LINUX_HOPS,
  ...MEMORY_HOPS,
} as const satisfies Record<string, Hop>;

export type HopName = keyof typeof HOPS;
