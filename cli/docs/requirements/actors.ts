import type { Area } from './requirement.ts';

/** Who takes part, and who may call what. */
export const ACTORS: Area = {
  title: 'Actors',
  requirements: [
    {
      id: 'actors.pf-only-functions',
      rule: 'NdisMInvalidateConfigBlock is for PF miniports alone; no VF miniport is given it.',
      source: 'Microsoft Learn: NdisMInvalidateConfigBlock',
      status: 'emulated',
    },
    {
      id: 'actors.vf-only-functions',
      rule: 'NdisMReadConfigBlock and NdisMWriteConfigBlock are for VF miniports alone; no PF miniport is given them.',
      source: 'Microsoft Learn: NdisMReadConfigBlock, NdisMWriteConfigBlock',
      status: 'emulated',
    },
    {
      id: 'actors.pf-functions-for-vfs',
      rule: 'A PF miniport may call NdisMGetVirtualFunctionBusData, NdisMSetVirtualFunctionBusData, NdisMGetVirtualFunctionLocation and NdisMQueryProbedBars.',
      source: 'Microsoft Learn: NdisMGetVirtualFunctionBusData and its sibling pages',
      status: 'emulated',
    },
    {
      id: 'actors.enable-virtualization',
      rule: 'A PF miniport calls NdisMEnableVirtualization with NumVFs, when the switch is created (dynamic) or in MiniportInitializeEx (static); enabling twice fails, and disabling with NumVFs other than 0 is NDIS_STATUS_INVALID_PARAMETER.',
      source: 'Microsoft Learn: NdisMEnableVirtualization',
      status: 'emulated',
    },
    {
      id: 'actors.vf-registers',
      rule: 'In its own configuration space a VF has the ids 0xFFFF and 0xFFFF, BARs that read 0, and of Command the Bus Master bit alone, which a reset clears; it lists no capability.',
      source: 'PCI Express: Single Root I/O Virtualization and Sharing',
      status: 'decision',
    },
    {
      id: 'actors.probed-bars-are-the-vfs',
      rule: 'NdisMQueryProbedBars gives the BARs of the VFs, which are the same for each, though its page speaks of those of the adapter.',
      source: 'Microsoft Learn: NdisMQueryProbedBars, OID_SRIOV_PROBED_BARS',
      status: 'decision',
    },
    {
      id: 'actors.host-ndis-calls-the-pf',
      rule: 'Each OID request that is for the PF reaches its MiniportOidRequest through host NDIS.',
      source: 'Microsoft Learn: SR-IOV OIDs',
      status: 'emulated',
    },
    {
      id: 'actors.host-ndis-answers-queries',
      rule: 'Host NDIS answers the queries of capabilities, enumerations and identities itself, and the PF miniport does not see them.',
      source: 'Microsoft Learn: SR-IOV OIDs',
      status: 'emulated',
    },
    {
      id: 'actors.host-ndis-signals-the-stack',
      rule: 'Host NDIS turns a call of NdisMInvalidateConfigBlock into a signal to the virtualization stack.',
      source: 'Microsoft Learn: Backchannel Communication from the PF Miniport Driver',
      status: 'emulated',
    },
    {
      id: 'actors.channel-of-typed-messages',
      rule: 'The virtualization stack and the VPCI driver exchange typed messages with a transaction id, which the completion of a request repeats.',
      source: 'Linux pci-hyperv, OpenVMM vpci',
      status: 'emulated',
    },
    {
      id: 'actors.vpci-is-the-bus-driver',
      rule: 'The VPCI driver finds the VF on its bus before NDIS starts a VF miniport for it.',
      source: 'Microsoft Learn: Virtual Function Initialization Sequence',
      status: 'emulated',
    },
    {
      id: 'actors.vpci-answers-query-interface',
      rule: 'The VPCI driver answers IRP_MN_QUERY_INTERFACE for GUID_VPCI_INTERFACE_STANDARD.',
      source: 'Microsoft Learn: VPCI_INTERFACE_STANDARD',
      status: 'emulated',
    },
    {
      id: 'actors.guest-ndis-owns-the-invalidate-ioctl',
      rule: 'From NDIS 6.30 on it is NDIS that issues IOCTL_VPCI_INVALIDATE_BLOCK; the VF miniport must not, and one that does is reported, and refused while NDIS has one pended.',
      source: 'Microsoft Learn: IOCTL_VPCI_INVALIDATE_BLOCK',
      status: 'emulated',
    },
    {
      id: 'actors.vf-before-ndis-6-30',
      rule: 'A VF driver from before NDIS 6.30 issues IOCTL_VPCI_INVALIDATE_BLOCK itself, and then NDIS does not.',
      source: 'Microsoft Learn: IOCTL_VPCI_INVALIDATE_BLOCK',
      status: 'emulated',
    },
    {
      id: 'actors.vbd-uses-the-interface',
      rule: 'A virtual bus driver reads and writes blocks with ReadVfConfigBlock and WriteVfConfigBlock.',
      source: 'Microsoft Learn: NdisMReadConfigBlock',
      status: 'emulated',
    },
    {
      id: 'actors.miniport-above-a-vbd',
      rule: 'A VF miniport above a virtual bus driver asks that driver privately, and must not call NdisMReadConfigBlock or NdisMWriteConfigBlock.',
      source: 'Microsoft Learn: NdisMReadConfigBlock, NdisMWriteConfigBlock',
      status: 'emulated',
    },
    {
      id: 'actors.payload-is-opaque',
      rule: 'The bytes of a block are opaque to everything between the two miniports, which pass them on as they are.',
      source: 'Microsoft Learn: Backchannel Communication from the PF Miniport Driver',
      status: 'emulated',
    },
    {
      id: 'actors.block-is-a-message',
      rule: 'A block is a kind of message and no stored memory: every read is answered by the PF, and every write is handed to it.',
      source: 'Microsoft Learn: SR-IOV PF/VF Backchannel Communication',
      status: 'emulated',
    },
  ],
};
