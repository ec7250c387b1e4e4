import type { Hop } from './hop.ts';

/** The hops of what drivers of the VF send to the VPCI driver themselves, past NDIS. */
export const DRIVER_HOPS = {
  vfIoCallDriver: {
    from: 'vf-miniport',
    to: 'vpci',
    phase: 'request',
    what: 'a driver of the VF sends an IRP of its own to the VPCI driver',
  },
  vfIoCompleteRequest: {
    from: 'vpci',
    to: 'vf-miniport',
    phase: 'completion',
    status: 'nt',
    what: 'the VPCI driver completes an IRP of a driver of the VF',
  },
  vfIoCancelIrp: {
    from: 'vf-miniport',
    to: 'vpci',
    phase: 'request',
    what: 'a driver of the VF cancels an IRP of its own',
  },
  readVfConfigBlock: {
    from: 'vf-miniport',
    to: 'vpci',
    phase: 'request',
    what: 'a driver of the VF reads a configuration block through the VPCI interface',
  },
  readVfConfigBlockReturn: {
    from: 'vpci',
    to: 'vf-miniport',
    phase: 'completion',
    status: 'nt',
    what: 'the read returns to the driver of the VF',
  },
  writeVfConfigBlock: {
    from: 'vf-miniport',
    to: 'vpci',
    phase: 'request',
    what: 'a driver of the VF writes a configuration block through the VPCI interface',
  },
  writeVfConfigBlockReturn: {
    from: 'vpci',
    to: 'vf-miniport',
    phase: 'completion',
    status: 'nt',
    what: 'the write returns to the driver of the VF',
  },
} as const satisfies Record<string, Hop>;
