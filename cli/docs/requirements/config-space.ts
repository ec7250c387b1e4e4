import type { Area } from './requirement.ts';

const SPACE_OIDS =
  'Microsoft Learn: OID_SRIOV_READ_VF_CONFIG_SPACE, OID_SRIOV_WRITE_VF_CONFIG_SPACE';

/** How the configuration space and the BARs of a VF are reached, from either side. */
export const CONFIG_SPACE: Area = {
  title: 'Configuration space and BARs',
  requirements: [
    {
      id: 'config-space.success',
      rule: 'A read that succeeds has BytesWritten = BufferOffset plus the bytes read, and BytesRead = 20; a write has BytesRead = BufferOffset + Length, and SupportedRevision 1.',
      source: SPACE_OIDS,
      status: 'emulated',
    },
    {
      id: 'config-space.invalid-parameter',
      rule: 'A VFId that is not allocated, a header that is none, and a BufferOffset below 20 are NDIS_STATUS_INVALID_PARAMETER.',
      source: SPACE_OIDS,
      status: 'emulated',
    },
    {
      id: 'config-space.range',
      rule: 'An Offset and a Length, of which the sum is made without wrapping at 32 bits, that leave the 256 bytes of configuration space are NDIS_STATUS_INVALID_PARAMETER; so is a Length of 0.',
      source: SPACE_OIDS,
      status: 'decision',
    },
    {
      id: 'config-space.too-short',
      rule: 'A buffer that is too short for its data is NDIS_STATUS_INVALID_LENGTH, and BytesNeeded is BufferOffset + Length; one below 20 bytes is refused by NDIS with a BytesNeeded of 20.',
      source: SPACE_OIDS,
      status: 'emulated',
    },
    {
      id: 'config-space.nothing-read',
      rule: 'Where NdisMGetVirtualFunctionBusData or NdisMSetVirtualFunctionBusData returns 0, the request fails with NDIS_STATUS_FAILURE.',
      source: 'Microsoft Learn: NdisMGetVirtualFunctionBusData, NdisMSetVirtualFunctionBusData',
      status: 'emulated',
    },
    {
      id: 'config-space.probed-bars-length',
      rule: 'OID_SRIOV_PROBED_BARS needs a buffer of 32 bytes, for the structure and six ULONGs, though its page adds PCI_TYPE0_ADDRESSES alone.',
      source: 'Microsoft Learn: OID_SRIOV_PROBED_BARS',
      status: 'decision',
    },
    {
      id: 'config-space.bar-resources',
      rule: 'OID_SRIOV_BAR_RESOURCES is answered with a CM_PARTIAL_RESOURCE_DESCRIPTOR of the type CmResourceTypeMemory behind the 12 bytes of its structure; a BarIndex at which no BAR of the VF begins is NDIS_STATUS_INVALID_PARAMETER.',
      source: 'Microsoft Learn: OID_SRIOV_BAR_RESOURCES; wdm.h',
      status: 'emulated',
    },
  ],
};
