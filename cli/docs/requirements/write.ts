import type { Area } from './requirement.ts';

/** A VF writes a block, hop by hop. */
export const WRITE: Area = {
  title: 'Write',
  requirements: [
    {
      id: 'write.returns-after-the-pf',
      rule: 'NdisMWriteConfigBlock blocks its caller until the PF miniport has completed the write.',
      source:
        'Microsoft Learn: NdisMWriteConfigBlock, Backchannel Communication from a VF Miniport Driver',
      status: 'emulated',
    },
    {
      id: 'write.success-or-failure',
      rule: 'NdisMWriteConfigBlock returns NDIS_STATUS_SUCCESS or NDIS_STATUS_FAILURE; every cause of failure becomes the latter.',
      source: 'Microsoft Learn: Backchannel Communication from a VF Miniport Driver',
      status: 'emulated',
    },
    {
      id: 'write.door-of-ndis',
      rule: 'Of the two documented ways from NDIS to the VPCI driver, a write takes IOCTL_VPCI_WRITE_BLOCK.',
      source: 'Microsoft Learn: IOCTL_VPCI_WRITE_BLOCK, VPCI_WRITE_BLOCK',
      status: 'decision',
    },
    {
      id: 'write.routine-shares-the-path',
      rule: 'WriteVfConfigBlock takes the same path as IOCTL_VPCI_WRITE_BLOCK and returns when it is completed.',
      source: 'Microsoft Learn: VPCI_WRITE_BLOCK',
      status: 'emulated',
    },
    {
      id: 'write.irp',
      rule: 'The IRP of a write has a VPCI_WRITE_BLOCK_INPUT at Type3InputBuffer, UserBuffer NULL and OutputBufferLength 0.',
      source: 'Microsoft Learn: IOCTL_VPCI_WRITE_BLOCK',
      status: 'emulated',
    },
    {
      id: 'write.length-0-or-above-128',
      rule: 'A write of 0 bytes, or of more than 128, is STATUS_INVALID_PARAMETER, and nothing is sent.',
      source: 'Microsoft Learn: IOCTL_VPCI_WRITE_BLOCK; pcivirt.h',
      status: 'decision',
    },
    {
      id: 'write.message',
      rule: 'A write crosses the partition boundary as WRITE_BLOCK with the block, the slot, the byte count and the bytes, and asks for a completion.',
      source: 'Linux pci-hyperv',
      status: 'emulated',
    },
    {
      id: 'write.byte-count-counts',
      rule: 'The host goes by the byte count of WRITE_BLOCK: what follows, such as the 4 bytes of padding that Linux guests send, does not count.',
      source: 'Linux pci-hyperv',
      status: 'emulated',
    },
    {
      id: 'write.byte-count-contradicts-the-data',
      rule: 'A WRITE_BLOCK with fewer bytes than its byte count is STATUS_BAD_DATA, and the PF does not see it.',
      source: 'Linux pci-hyperv',
      status: 'decision',
    },
    {
      id: 'write.pf-checks-the-vf',
      rule: 'The PF miniport fails a write for a VF that OID_NIC_SWITCH_ALLOCATE_VF did not allocate.',
      source: 'Microsoft Learn: OID_SRIOV_WRITE_VF_CONFIG_BLOCK',
      status: 'emulated',
    },
    {
      id: 'write.pf-checks-the-block',
      rule: 'The PF miniport fails a write to a BlockId that it does not know.',
      source: 'Microsoft Learn: OID_SRIOV_WRITE_VF_CONFIG_BLOCK',
      status: 'emulated',
    },
    {
      id: 'write.data-at-buffer-offset',
      rule: 'The data of OID_SRIOV_WRITE_VF_CONFIG_BLOCK is at BufferOffset of the information buffer, behind the 20 bytes of parameters.',
      source: 'Microsoft Learn: OID_SRIOV_WRITE_VF_CONFIG_BLOCK',
      status: 'emulated',
    },
    {
      id: 'write.supported-revision',
      rule: 'A miniport that succeeds with a set request says in SupportedRevision which revision of the structure it understood: 1.',
      source: 'Microsoft Learn: Handling OID Requests in a Miniport Adapter',
      status: 'emulated',
    },
    {
      id: 'write.bytes-written',
      rule: 'A write that succeeds has as its Information the number of bytes written.',
      source: 'Microsoft Learn: IOCTL_VPCI_WRITE_BLOCK',
      status: 'emulated',
    },
    {
      id: 'write.failure-has-no-information',
      rule: 'A write that fails has Information 0.',
      source: 'Microsoft Learn: IOCTL_VPCI_WRITE_BLOCK',
      status: 'emulated',
    },
    {
      id: 'write.never-merged',
      rule: 'Writes to one block are messages: each reaches the PF, in the order in which they were made.',
      source: 'Linux mlx5 hv_vhca',
      status: 'emulated',
    },
  ],
};
