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
    {
      id: 'config-space.header',
      rule: 'The revision, the class codes and the subsystem of the device in the bus relations are those in the configuration space of the VF.',
      source: 'Microsoft Learn: OID_SRIOV_READ_VF_CONFIG_SPACE; Linux pci-hyperv',
      status: 'emulated',
    },
    {
      id: 'config-space.ids',
      rule: 'A guest reads the ids of OID_SRIOV_VF_VENDOR_DEVICE_ID at the start of configuration space, whatever the VF itself has there.',
      source: 'Microsoft Learn: OID_SRIOV_VF_VENDOR_DEVICE_ID; Linux pci-hyperv',
      status: 'decision',
    },
    {
      id: 'config-space.unknown-to-the-pf',
      rule: 'A PF that fails these OIDs keeps its VFs: each is an Ethernet controller without BARs, whose guest reads its header, and zeros behind it, where the PF answers NDIS_STATUS_NOT_SUPPORTED.',
      source: 'Microsoft Learn: OID_SRIOV_READ_VF_CONFIG_SPACE, OID_SRIOV_PROBED_BARS',
      status: 'decision',
    },
    {
      id: 'config-space.window-accesses',
      rule: 'A guest reads and writes 1, 2 or 4 bytes at an aligned offset below 256; any other access is STATUS_INVALID_PARAMETER, and one in another slot STATUS_NO_SUCH_DEVICE.',
      source: 'Linux pci-hyperv; OpenVMM vpci',
      status: 'decision',
    },
    {
      id: 'config-space.window-in-d0',
      rule: 'The window is there from FDO_D0_ENTRY to FDO_D0_EXIT; outside, an access is STATUS_DEVICE_NOT_CONNECTED.',
      source: 'Linux pci-hyperv',
      status: 'decision',
    },
    {
      id: 'config-space.one-access',
      rule: 'One access of a VF is under way at a time; a further one is STATUS_INVALID_DEVICE_REQUEST.',
      source: 'Linux pci-hyperv',
      status: 'decision',
    },
    {
      id: 'config-space.bus-data',
      rule: 'A VF driver reads and writes configuration space with NdisMGetBusData and NdisMSetBusData, which return the number of bytes, 0 when none was moved; NDIS hands the call to the bus driver, the host asks the PF.',
      source: 'Microsoft Learn: NdisMGetBusData, NdisMSetBusData, OID_SRIOV_READ_VF_CONFIG_SPACE',
      status: 'emulated',
    },
    {
      id: 'config-space.failure',
      rule: 'An access that the PF fails, or of which it writes back another number of bytes, fails in the guest.',
      source: SPACE_OIDS,
      status: 'emulated',
    },
  ],
};
