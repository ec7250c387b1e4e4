import type { Area } from './requirement.ts';

/** The PF tells a VF that blocks have changed, hop by hop. */
export const INVALIDATE: Area = {
  title: 'Invalidate',
  requirements: [
    {
      id: 'invalidate.ioctl-stays-pended',
      rule: 'Guest NDIS issues IOCTL_VPCI_INVALIDATE_BLOCK, which stays pended until an invalidation comes: its completion is the event.',
      source: 'Microsoft Learn: IOCTL_VPCI_INVALIDATE_BLOCK',
      status: 'emulated',
    },
    {
      id: 'invalidate.first-ioctl',
      rule: 'Guest NDIS issues the first IOCTL_VPCI_INVALIDATE_BLOCK once the VF miniport has been initialized.',
      source: 'Microsoft Learn: Backchannel Communication from the PF Miniport Driver',
      status: 'decision',
    },
    {
      id: 'invalidate.records-and-signals',
      rule: 'NdisMInvalidateConfigBlock takes a VFId and a BlockMask, returns nothing, and does not wait for the VF.',
      source: 'Microsoft Learn: NdisMInvalidateConfigBlock',
      status: 'emulated',
    },
    {
      id: 'invalidate.stack-ors-the-mask',
      rule: 'The virtualization stack ORs the BlockMask of every call into the one that it keeps.',
      source: 'Microsoft Learn: NdisMInvalidateConfigBlock',
      status: 'emulated',
    },
    {
      id: 'invalidate.one-cache-per-vf',
      rule: 'The stack keeps one BlockMask for each VF, and no VF sees the bits of another.',
      source: 'Microsoft Learn: NdisMInvalidateConfigBlock',
      status: 'decision',
    },
    {
      id: 'invalidate.message',
      rule: 'An invalidation crosses the partition boundary as INVALIDATE_BLOCK with the slot and the mask, unasked for, and nothing answers it.',
      source: 'Linux pci-hyperv',
      status: 'emulated',
    },
    {
      id: 'invalidate.cached-mask-is-sent',
      rule: 'What INVALIDATE_BLOCK carries is the mask that the stack has gathered, not that of the last call.',
      source: 'Microsoft Learn: Backchannel Communication from the PF Miniport Driver',
      status: 'emulated',
    },
    {
      id: 'invalidate.cache-cleared-at-hand-over',
      rule: 'The stack clears its mask when it hands it to the channel; what the channel cannot take stays and keeps ORing.',
      source: 'Microsoft Learn: NdisMInvalidateConfigBlock',
      status: 'decision',
    },
    {
      id: 'invalidate.calls-in-a-row',
      rule: 'Calls of NdisMInvalidateConfigBlock in one go of the PF miniport become one message.',
      source: 'Microsoft Learn: NdisMInvalidateConfigBlock',
      status: 'decision',
    },
    {
      id: 'invalidate.ioctl-completion',
      rule: 'The VPCI driver stores the mask in the VPCI_INVALIDATE_BLOCK_OUTPUT of the pended IOCTL and completes it with STATUS_SUCCESS.',
      source: 'Microsoft Learn: IOCTL_VPCI_INVALIDATE_BLOCK',
      status: 'emulated',
    },
    {
      id: 'invalidate.oid-to-the-vf',
      rule: 'On that completion NDIS issues OID_SRIOV_VF_INVALIDATE_CONFIG_BLOCK with the mask to the VF miniport.',
      source: 'Microsoft Learn: Backchannel Communication from the PF Miniport Driver',
      status: 'emulated',
    },
    {
      id: 'invalidate.ioctl-again',
      rule: 'On that completion NDIS issues the IOCTL again.',
      source: 'Microsoft Learn: IOCTL_VPCI_INVALIDATE_BLOCK',
      status: 'emulated',
    },
    {
      id: 'invalidate.ioctl-before-oid',
      rule: 'NDIS issues the IOCTL again before the OID, so that a slow VF miniport leaves no time in which none is pended.',
      source: 'Microsoft Learn: Backchannel Communication from the PF Miniport Driver',
      status: 'decision',
    },
    {
      id: 'invalidate.vf-reads-again',
      rule: 'A VF miniport that is told of blocks may read them with NdisMReadConfigBlock from inside its OID handler.',
      source: 'Microsoft Learn: OID_SRIOV_VF_INVALIDATE_CONFIG_BLOCK',
      status: 'emulated',
    },
    {
      id: 'invalidate.none-pended',
      rule: 'A mask that finds no pended IOCTL is kept by the VPCI driver, ORed, and completes the next IOCTL at once.',
      source: 'Microsoft Learn: IOCTL_VPCI_INVALIDATE_BLOCK; Linux pci-hyperv',
      status: 'decision',
    },
    {
      id: 'invalidate.never-mask-0',
      rule: 'No IOCTL_VPCI_INVALIDATE_BLOCK completes with STATUS_SUCCESS and a mask of 0.',
      source: 'Microsoft Learn: IOCTL_VPCI_INVALIDATE_BLOCK',
      status: 'decision',
    },
    {
      id: 'invalidate.mask-0-of-the-pf',
      rule: 'NdisMInvalidateConfigBlock with a mask of 0 does nothing.',
      source: 'Microsoft Learn: NdisMInvalidateConfigBlock',
      status: 'decision',
    },
    {
      id: 'invalidate.bit-n-is-block-n',
      rule: 'Bit n of a BlockMask is block n, the lowest bit block 0: documents only say that each bit stands for a block.',
      source: 'Microsoft Learn: NdisMInvalidateConfigBlock; Linux mlx5 hv_vhca',
      status: 'decision',
    },
    {
      id: 'invalidate.mask-of-64-bits',
      rule: 'A BlockMask has 64 bits, and all of them reach the VF miniport.',
      source: 'Microsoft Learn: NdisMInvalidateConfigBlock',
      status: 'emulated',
    },
    {
      id: 'invalidate.unallocated-vf',
      rule: 'NdisMInvalidateConfigBlock for a VFId that is not allocated is traced and ignored, since it returns no status.',
      source: 'Microsoft Learn: NdisMInvalidateConfigBlock',
      status: 'decision',
    },
  ],
};
