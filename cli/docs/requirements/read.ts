import type { Area } from './requirement.ts';

/** A VF reads a block, hop by hop. */
export const READ: Area = {
  title: 'Read',
  requirements: [
    {
      id: 'read.returns-after-the-pf',
      rule: 'NdisMReadConfigBlock blocks its caller until the PF miniport has completed the read.',
      source:
        'Microsoft Learn: NdisMReadConfigBlock, Backchannel Communication from a VF Miniport Driver',
      status: 'emulated',
    },
    {
      id: 'read.success-or-failure',
      rule: 'NdisMReadConfigBlock returns NDIS_STATUS_SUCCESS or NDIS_STATUS_FAILURE; every cause of failure becomes the latter.',
      source: 'Microsoft Learn: Backchannel Communication from a VF Miniport Driver',
      status: 'emulated',
    },
    {
      id: 'read.no-length-returned',
      rule: 'NdisMReadConfigBlock does not say how many bytes came: a shorter answer is a success that fills less of the buffer.',
      source: 'Microsoft Learn: NdisMReadConfigBlock; ndis.h',
      status: 'emulated',
    },
    {
      id: 'read.door-of-ndis',
      rule: 'Of the two documented ways from NDIS to the VPCI driver, a read takes IOCTL_VPCI_READ_BLOCK.',
      source: 'Microsoft Learn: IOCTL_VPCI_READ_BLOCK, VPCI_READ_BLOCK',
      status: 'decision',
    },
    {
      id: 'read.routine-shares-the-path',
      rule: 'ReadVfConfigBlock takes the same path as IOCTL_VPCI_READ_BLOCK and returns when it is completed.',
      source: 'Microsoft Learn: VPCI_READ_BLOCK',
      status: 'emulated',
    },
    {
      id: 'read.length-0-or-above-128',
      rule: 'A read of 0 bytes, or of more than 128, is STATUS_INVALID_PARAMETER, and nothing is sent.',
      source: 'Microsoft Learn: IOCTL_VPCI_READ_BLOCK; pcivirt.h',
      status: 'decision',
    },
    {
      id: 'read.message',
      rule: 'A read crosses the partition boundary as READ_BLOCK with the block, the slot and the bytes requested, and asks for a completion.',
      source: 'Linux pci-hyperv',
      status: 'emulated',
    },
    {
      id: 'read.vf-is-the-channel',
      rule: 'No message names a VFId: the channel and the slot tell the stack which VF reads or writes, so that a guest reaches no VF but its own.',
      source: 'Linux pci-hyperv',
      status: 'emulated',
    },
    {
      id: 'read.oid',
      rule: 'The stack issues OID_SRIOV_READ_VF_CONFIG_BLOCK as a method request: 20 bytes of parameters with VFId, BlockId, Length and BufferOffset, then room for the data.',
      source: 'Microsoft Learn: OID_SRIOV_READ_VF_CONFIG_BLOCK',
      status: 'emulated',
    },
    {
      id: 'read.pf-checks-the-vf',
      rule: 'The PF miniport fails a read for a VF that OID_NIC_SWITCH_ALLOCATE_VF did not allocate.',
      source: 'Microsoft Learn: OID_SRIOV_READ_VF_CONFIG_BLOCK',
      status: 'emulated',
    },
    {
      id: 'read.pf-checks-the-block',
      rule: 'The PF miniport fails a read of a BlockId that it does not know.',
      source: 'Microsoft Learn: OID_SRIOV_READ_VF_CONFIG_BLOCK',
      status: 'emulated',
    },
    {
      id: 'read.data-at-buffer-offset',
      rule: 'The PF miniport copies the data to BufferOffset, counted from the start of the information buffer.',
      source: 'Microsoft Learn: OID_SRIOV_READ_VF_CONFIG_BLOCK',
      status: 'emulated',
    },
    {
      id: 'read.pf-may-pend',
      rule: 'The PF miniport may return NDIS_STATUS_PENDING and complete the read later with NdisMOidRequestComplete.',
      source: 'Microsoft Learn: MINIPORT_OID_REQUEST',
      status: 'emulated',
    },
    {
      id: 'read.completion',
      rule: 'The completion of READ_BLOCK carries a status and up to 128 bytes, and finds its request by the transaction id.',
      source: 'Linux pci-hyperv',
      status: 'emulated',
    },
    {
      id: 'read.bytes-read',
      rule: 'The VPCI driver copies the smaller of what was requested and what was received, and that is the Information of the IRP.',
      source: 'Microsoft Learn: IOCTL_VPCI_READ_BLOCK; Linux pci-hyperv',
      status: 'emulated',
    },
    {
      id: 'read.failure-has-no-information',
      rule: 'A read that fails has Information 0, and leaves the buffer as it was.',
      source: 'Microsoft Learn: IOCTL_VPCI_READ_BLOCK',
      status: 'emulated',
    },
    {
      id: 'read.success-without-data',
      rule: 'A read that succeeds with no data is a failure, at the PF, in the stack and in the VPCI driver: nobody could tell what was read.',
      source: 'Linux pci-hyperv',
      status: 'decision',
    },
  ],
};
