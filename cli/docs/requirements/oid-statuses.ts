import type { Area } from './requirement.ts';

/** What a miniport answers to the OIDs of blocks, and what a driver's function returns. */
export const OID_STATUSES: Area = {
  title: 'Statuses of the block OIDs',
  requirements: [
    {
      id: 'pf-oid.success',
      rule: 'A read that succeeds has BytesWritten = BufferOffset plus the bytes produced, and BytesRead = 20; a write has BytesRead = BufferOffset + Length.',
      source: 'Microsoft Learn: OID_SRIOV_READ_VF_CONFIG_BLOCK, OID_SRIOV_WRITE_VF_CONFIG_BLOCK',
      status: 'decision',
    },
    {
      id: 'pf-oid.not-supported',
      rule: 'An OID of SR-IOV or of the NIC switch is NDIS_STATUS_NOT_SUPPORTED at a PF whose SR-IOV is not enabled, whether NDIS or the PF miniport is asked, and so is one that the PF miniport does not know.',
      source: 'Microsoft Learn: OID_SRIOV_READ_VF_CONFIG_BLOCK, OID_SRIOV_WRITE_VF_CONFIG_BLOCK',
      status: 'emulated',
    },
    {
      id: 'pf-oid.invalid-parameter',
      rule: 'A VFId that is not allocated, an unknown BlockId, a header that is none, and a BufferOffset below 20 are NDIS_STATUS_INVALID_PARAMETER.',
      source: 'Microsoft Learn: OID_SRIOV_READ_VF_CONFIG_BLOCK, OID_SRIOV_WRITE_VF_CONFIG_BLOCK',
      status: 'decision',
    },
    {
      id: 'pf-oid.read-too-short',
      rule: 'A read with InputBufferLength below 20, or OutputBufferLength below BufferOffset + Length, is NDIS_STATUS_INVALID_LENGTH, and BytesNeeded is the length that would do.',
      source: 'Microsoft Learn: OID_SRIOV_READ_VF_CONFIG_BLOCK',
      status: 'decision',
    },
    {
      id: 'pf-oid.write-too-short',
      rule: 'A write with InformationBufferLength below BufferOffset + Length is NDIS_STATUS_INVALID_LENGTH, and BytesNeeded is the length that would do.',
      source: 'Microsoft Learn: OID_SRIOV_WRITE_VF_CONFIG_BLOCK',
      status: 'decision',
    },
    {
      id: 'pf-oid.structure-too-short',
      rule: 'A buffer below the structure of its OID is NDIS_STATUS_INVALID_LENGTH, and BytesNeeded is the size of the structure: 1632 for OID_NIC_SWITCH_ALLOCATE_VF, 10 for OID_NIC_SWITCH_FREE_VF, 6 for OID_SRIOV_RESET_VF.',
      source:
        'Microsoft Learn: OID_NIC_SWITCH_ALLOCATE_VF, OID_NIC_SWITCH_FREE_VF, OID_SRIOV_RESET_VF',
      status: 'emulated',
    },
    {
      id: 'pf-oid.no-wrap',
      rule: 'The sum of BufferOffset and Length is made without wrapping at 32 bits.',
      source: 'Microsoft Learn: OID_SRIOV_READ_VF_CONFIG_BLOCK, OID_SRIOV_WRITE_VF_CONFIG_BLOCK',
      status: 'decision',
    },
    {
      id: 'pf-oid.failure',
      rule: 'Whatever else goes wrong is NDIS_STATUS_FAILURE; so is a handler that throws.',
      source: 'Microsoft Learn: OID_SRIOV_READ_VF_CONFIG_BLOCK, OID_SRIOV_WRITE_VF_CONFIG_BLOCK',
      status: 'emulated',
    },
    {
      id: 'pf-oid.pending',
      rule: 'NDIS_STATUS_PENDING is followed by one call of NdisMOidRequestComplete, never with NDIS_STATUS_PENDING; one with it fails the request and is reported.',
      source: 'Microsoft Learn: NdisMOidRequestComplete',
      status: 'emulated',
    },
    {
      id: 'pf-oid.bytes-written-beyond-the-buffer',
      rule: 'A PF miniport that says it wrote more than the buffer holds fails the read.',
      source: 'Microsoft Learn: OID_SRIOV_READ_VF_CONFIG_BLOCK',
      status: 'decision',
    },
    {
      id: 'vf-oid.success',
      rule: 'A VF miniport completes OID_SRIOV_VF_INVALIDATE_CONFIG_BLOCK with NDIS_STATUS_SUCCESS.',
      source: 'Microsoft Learn: OID_SRIOV_VF_INVALIDATE_CONFIG_BLOCK',
      status: 'emulated',
    },
    {
      id: 'vf-oid.not-supported',
      rule: 'A VF miniport that does not know the OID answers NDIS_STATUS_NOT_SUPPORTED.',
      source: 'Microsoft Learn: OID_SRIOV_VF_INVALIDATE_CONFIG_BLOCK',
      status: 'emulated',
    },
    {
      id: 'vf-oid.invalid-parameter',
      rule: 'An information buffer that does not hold the structure is NDIS_STATUS_INVALID_PARAMETER.',
      source: 'Microsoft Learn: OID_SRIOV_VF_INVALIDATE_CONFIG_BLOCK',
      status: 'emulated',
    },
    {
      id: 'vf-oid.invalid-length',
      rule: 'An input of fewer than 16 bytes is NDIS_STATUS_INVALID_LENGTH, and BytesNeeded is 16.',
      source: 'Microsoft Learn: OID_SRIOV_VF_INVALIDATE_CONFIG_BLOCK',
      status: 'emulated',
    },
    {
      id: 'vf-oid.failure',
      rule: 'A VF miniport whose handler throws has failed the request with NDIS_STATUS_FAILURE; the next one comes all the same.',
      source: 'Microsoft Learn: OID_SRIOV_VF_INVALIDATE_CONFIG_BLOCK',
      status: 'emulated',
    },
    {
      id: 'vf-oid.pending',
      rule: 'A VF miniport may return NDIS_STATUS_PENDING and complete the request later.',
      source: 'Microsoft Learn: MINIPORT_OID_REQUEST',
      status: 'emulated',
    },
    {
      id: 'vf-oid.nothing-goes-back',
      rule: 'Whatever the VF miniport answers, nothing is sent back to the PF.',
      source: 'Microsoft Learn: NdisMInvalidateConfigBlock; Linux pci-hyperv',
      status: 'emulated',
    },
  ],
};
