import type { Hop } from './hop.ts';

/** The hops of a Linux guest that a Windows guest does not have; its packets have the same. */
export const LINUX_HOPS = {
  linuxProbe: {
    from: 'vpci',
    to: 'vf-miniport',
    phase: 'request',
    what: 'the PCI core has the Linux VF driver probe the device',
  },
  linuxProbeReturn: {
    from: 'vf-miniport',
    to: 'vpci',
    phase: 'completion',
    status: 'errno',
    what: 'the Linux VF driver has taken the device, or not',
  },
  linuxRemove: {
    from: 'vpci',
    to: 'vf-miniport',
    phase: 'request',
    what: 'the PCI core has the Linux VF driver let go of the device',
  },
  hypervReadCfgBlk: {
    from: 'vf-miniport',
    to: 'vpci',
    phase: 'request',
    what: 'the Linux VF driver reads a configuration block',
  },
  hypervReadCfgBlkReturn: {
    from: 'vpci',
    to: 'vf-miniport',
    phase: 'completion',
    status: 'errno',
    what: 'the read returns to the Linux VF driver',
  },
  hypervWriteCfgBlk: {
    from: 'vf-miniport',
    to: 'vpci',
    phase: 'request',
    what: 'the Linux VF driver writes a configuration block',
  },
  hypervWriteCfgBlkReturn: {
    from: 'vpci',
    to: 'vf-miniport',
    phase: 'completion',
    status: 'errno',
    what: 'the write returns to the Linux VF driver',
  },
  hypervRegBlockInvalidate: {
    from: 'vf-miniport',
    to: 'vpci',
    phase: 'notification',
    what: 'the Linux VF driver registers its invalidation callback, or takes it back',
  },
  blockInvalidate: {
    from: 'vpci',
    to: 'vf-miniport',
    phase: 'notification',
    what: 'pci-hyperv calls the invalidation callback of the Linux VF driver',
  },
  blockInvalidateDropped: {
    from: 'vpci',
    to: 'vpci',
    phase: 'notification',
    what: 'pci-hyperv drops an invalidation, for the reason in the note',
  },
  kzalloc: {
    from: 'vf-miniport',
    to: 'vpci',
    phase: 'request',
    what: 'the Linux VF driver asks for memory',
  },
  linuxContractViolated: {
    from: 'vpci',
    to: 'vpci',
    phase: 'notification',
    what: 'the Linux VF driver did what no driver may; the note says what',
  },
} as const satisfies Record<string, Hop>;
