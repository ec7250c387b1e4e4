import type { Area } from './requirement.ts';

/** Where documents contradict each other or themselves, and what the emulator makes of it. */
export const CONTRADICTIONS: Area = {
  title: 'Contradictions of the documents',
  requirements: [
    {
      id: 'contradiction.invalidate-output-length',
      rule: 'The page describes OutputBufferLength of the invalidate IOCTL in the words of the read IOCTL; any value is accepted.',
      source: 'Microsoft Learn: IOCTL_VPCI_INVALIDATE_BLOCK',
      status: 'decision',
    },
    {
      id: 'contradiction.output-at-type3-input-buffer',
      rule: 'The mask is stored where the page says, at Type3InputBuffer, though METHOD_NEITHER has its output at UserBuffer; what is there before is ignored.',
      source: 'Microsoft Learn: IOCTL_VPCI_INVALIDATE_BLOCK',
      status: 'decision',
    },
    {
      id: 'contradiction.major-function',
      rule: 'The pages name IRP_MJ_DEVICE_CONTROL in their heading and IRP_MJ_INTERNAL_DEVICE_CONTROL in their table; only the latter is taken, since user mode can send the former.',
      source: 'Microsoft Learn: IOCTL_VPCI_INVALIDATE_BLOCK and its sibling pages',
      status: 'decision',
    },
    {
      id: 'contradiction.information-0',
      rule: 'A completed invalidate IOCTL has Information 0, as the page states, though 8 bytes are produced.',
      source: 'Microsoft Learn: IOCTL_VPCI_INVALIDATE_BLOCK',
      status: 'emulated',
    },
    {
      id: 'contradiction.invalidate-statuses',
      rule: 'The page lists STATUS_SUCCESS alone and speaks of error codes all the same; the IOCTL pends and fails as other requests do.',
      source: 'Microsoft Learn: IOCTL_VPCI_INVALIDATE_BLOCK',
      status: 'decision',
    },
    {
      id: 'contradiction.pending-is-not-final',
      rule: 'The pages list STATUS_PENDING as a value of the status block; it is what IoCallDriver returns, and the block holds the final status.',
      source: 'Microsoft Learn: IOCTL_VPCI_READ_BLOCK; Creating IOCTL Requests in Drivers',
      status: 'decision',
    },
    {
      id: 'contradiction.user-event',
      rule: 'The pages have a UserEvent to wait for next to IRQL <= DISPATCH_LEVEL, at which nothing may wait: above APC_LEVEL there is the completion routine alone.',
      source: 'Microsoft Learn: IOCTL_VPCI_INVALIDATE_BLOCK and its sibling pages',
      status: 'decision',
    },
    {
      id: 'contradiction.write-routine-irql',
      rule: 'The page of VPCI_WRITE_BLOCK has IRQL <= DISPATCH_LEVEL, the header and the sibling page APC_LEVEL; both routines are for IRQL <= APC_LEVEL.',
      source: 'Microsoft Learn: VPCI_WRITE_BLOCK; vpci.h',
      status: 'decision',
    },
    {
      id: 'contradiction.length-128',
      rule: 'The prose allows 128 bytes, the annotation of the header reads as below 128, and a shipping driver moves exactly 128: 1 to 128 is allowed.',
      source: 'Microsoft Learn: NdisMReadConfigBlock; pcivirt.h; Linux mlx5 hv_vhca',
      status: 'decision',
    },
    {
      id: 'contradiction.write-input-length',
      rule: 'The page asks for the size of VPCI_WRITE_BLOCK_INPUT, whose Data has no fixed size; the larger of 12 and 8 + DataLength is required.',
      source: 'Microsoft Learn: IOCTL_VPCI_WRITE_BLOCK',
      status: 'decision',
    },
    {
      id: 'contradiction.copied-sentences',
      rule: 'Members that a page describes in the words of another structure mean what their name says: BlockId of a write is the block to write, VFId of an invalidation the VF that is told.',
      source: 'Microsoft Learn: VPCI_WRITE_BLOCK_INPUT, NdisMInvalidateConfigBlock',
      status: 'decision',
    },
    {
      id: 'contradiction.blocks-are-not-config-space',
      rule: 'One page has the PF allocate blocks inside PCI configuration space; blocks are a software interface of their own and nothing backs them there.',
      source: 'Microsoft Learn: IOCTL_VPCI_WRITE_BLOCK, Virtualized Networking Concepts and Terms',
      status: 'decision',
    },
    {
      id: 'contradiction.write-oid-is-set',
      rule: 'OID_SRIOV_WRITE_VF_CONFIG_BLOCK is a set request, though one page calls it a method request.',
      source: 'Microsoft Learn: OID_SRIOV_WRITE_VF_CONFIG_BLOCK; ntddndis.h',
      status: 'decision',
    },
    {
      id: 'contradiction.invalidate-oid-is-method',
      rule: 'OID_SRIOV_VF_INVALIDATE_CONFIG_BLOCK is a method request with the BytesNeeded of one, though the page of its structure calls it a set request.',
      source: 'Microsoft Learn: OID_SRIOV_VF_INVALIDATE_CONFIG_BLOCK; ntddndis.h',
      status: 'decision',
    },
    {
      id: 'contradiction.invalidate-info-header',
      rule: 'The page of NDIS_SRIOV_VF_INVALIDATE_CONFIG_BLOCK_INFO names a Revision and a Size that no header has; they are 1 and 16.',
      source: 'Microsoft Learn: NDIS_SRIOV_VF_INVALIDATE_CONFIG_BLOCK_INFO; ntddndis.h',
      status: 'decision',
    },
    {
      id: 'contradiction.issuer-sets-header',
      rule: 'Pages have the miniport set the header of a structure that it only receives; the issuer sets it, and the receiver checks it.',
      source: 'Microsoft Learn: NDIS_SRIOV_READ_VF_CONFIG_BLOCK_PARAMETERS and its sibling pages',
      status: 'decision',
    },
    {
      id: 'contradiction.vf-capabilities',
      rule: 'Pages differ on the capabilities of a VF: a PF has 3, a VF 5, and both PF and VF is refused.',
      source: 'Microsoft Learn: Initializing a VF Miniport Driver, NDIS_SRIOV_CAPABILITIES',
      status: 'decision',
    },
    {
      id: 'contradiction.current-capabilities-null',
      rule: 'One page forbids CurrentSriovCapabilities of NULL next to HardwareSriovCapabilities, two demand it of an adapter whose SR-IOV is disabled; it is taken.',
      source:
        'Microsoft Learn: NDIS_MINIPORT_ADAPTER_HARDWARE_ASSIST_ATTRIBUTES, Determining SR-IOV Capabilities',
      status: 'decision',
    },
    {
      id: 'contradiction.vpci-interface-is-the-guests',
      rule: 'One page tells a bus driver of the PF to use GUID_VPCI_INTERFACE_STANDARD; the interface exists in the guest alone.',
      source: 'Microsoft Learn: OID_SRIOV_READ_VF_CONFIG_SPACE',
      status: 'decision',
    },
    {
      id: 'contradiction.who-issues-the-block-oids',
      rule: 'Pages name NDIS or an overlying driver as the issuer of the block OIDs; it is the virtualization stack, and host NDIS is the last hop.',
      source:
        'Microsoft Learn: OID_SRIOV_READ_VF_CONFIG_BLOCK; Backchannel Communication from a VF Miniport Driver',
      status: 'decision',
    },
    {
      id: 'contradiction.free-vf-status',
      rule: 'Freeing a VF that is not allocated is NDIS_STATUS_FILE_NOT_FOUND from NDIS, and NDIS_STATUS_INVALID_PARAMETER from a PF that is asked.',
      source: 'Microsoft Learn: OID_NIC_SWITCH_FREE_VF, Handling OID_NIC_SWITCH_FREE_VF Requests',
      status: 'decision',
    },
    {
      id: 'contradiction.oid-table',
      rule: 'The table of SR-IOV OIDs strays for four of them; OID_SRIOV_BAR_RESOURCES and the enumerations are method requests, and NDIS answers OID_NIC_SWITCH_VF_PARAMETERS.',
      source: 'Microsoft Learn: SR-IOV OIDs; ntddndis.h',
      status: 'decision',
    },
    {
      id: 'contradiction.free-vport',
      rule: 'The figure of the teardown names OID_NIC_SWITCH_FREE_VPORT, which does not exist; it is OID_NIC_SWITCH_DELETE_VPORT.',
      source: 'Microsoft Learn: Virtual Function Teardown Sequence',
      status: 'decision',
    },
    {
      id: 'contradiction.halt-or-free-first',
      rule: 'In good order the VF miniport is halted before the VF is freed; a VF that is taken by force is removed by surprise in its guest.',
      source: 'Microsoft Learn: Virtual Function Teardown Sequence, Halting a PF Miniport Driver',
      status: 'decision',
    },
    {
      id: 'contradiction.sriov-invalidate-block',
      rule: 'The page of IOCTL_SRIOV_INVALIDATE_BLOCK has the stack reset blocks, the header has the PF announce changes.',
      source: 'Microsoft Learn: IOCTL_SRIOV_INVALIDATE_BLOCK; pcivirt.h',
      status: 'not emulated',
      reason: 'The IOCTL is for PF drivers outside NDIS.',
    },
    {
      id: 'contradiction.sriov-events',
      rule: 'The page of IOCTL_SRIOV_ATTACH lists events that the header does not have.',
      source: 'Microsoft Learn: IOCTL_SRIOV_ATTACH; pcivirt.h',
      status: 'not emulated',
      reason: 'The IOCTL is for PF drivers outside NDIS.',
    },
    {
      id: 'contradiction.blocks-of-64-and-above',
      rule: 'Pages speak of the first 64 blocks; any 32-bit BlockId can be read and written, and a mask covers blocks 0 to 63.',
      source: 'Microsoft Learn: VPCI_INVALIDATE_BLOCK_OUTPUT, NdisMInvalidateConfigBlock',
      status: 'decision',
    },
    {
      id: 'contradiction.bytes-needed',
      rule: 'Pages differ on who checks lengths and sets BytesNeeded: NDIS does so for the structure of an OID, the miniport for what follows it.',
      source: 'Microsoft Learn: OID_SRIOV_READ_VF_CONFIG_BLOCK, OID_SRIOV_WRITE_VF_CONFIG_BLOCK',
      status: 'decision',
    },
    {
      id: 'contradiction.vm-associated-at-allocation',
      rule: 'One page associates the VM before the switch is created; it is OID_NIC_SWITCH_ALLOCATE_VF that names the VM.',
      source: 'Microsoft Learn: Allocating Virtual Functions',
      status: 'decision',
    },
    {
      id: 'contradiction.vfid-0xffff',
      rule: '0xFFFF means the PF, no VF, and elsewhere every VF; NdisMInvalidateConfigBlock with it is traced and ignored.',
      source: 'Microsoft Learn: NdisMInvalidateConfigBlock; ntddndis.h, pcivirt.h',
      status: 'decision',
    },
    {
      id: 'contradiction.link-titles',
      rule: 'Titles of links give some members a prefix that they do not have.',
      source: 'Microsoft Learn: IOCTL_VPCI_INVALIDATE_BLOCK',
      status: 'not emulated',
      reason:
        'It is noise in the metadata of a page and says nothing of what a driver does or sees.',
    },
  ],
};
