import type { Area } from './requirement.ts';

/** Numbers, limits and sentinels, but for OIDs, statuses and messages. */
export const CONSTANTS: Area = {
  title: 'Constants',
  requirements: [
    {
      id: 'constants.ioctl-vpci-invalidate-block',
      rule: 'IOCTL_VPCI_INVALIDATE_BLOCK is 0x002AC007: FILE_DEVICE_VPCI (0x2A), function 1, METHOD_NEITHER, read and write access.',
      source: 'vpci.h',
      status: 'emulated',
    },
    {
      id: 'constants.ioctl-vpci-read-block',
      rule: 'IOCTL_VPCI_READ_BLOCK is 0x002AC00B: function 2 of the same.',
      source: 'vpci.h',
      status: 'emulated',
    },
    {
      id: 'constants.ioctl-vpci-write-block',
      rule: 'IOCTL_VPCI_WRITE_BLOCK is 0x002AC00F: function 3 of the same.',
      source: 'vpci.h; Microsoft Learn: IOCTL_VPCI_WRITE_BLOCK',
      status: 'emulated',
    },
    {
      id: 'constants.method-neither',
      rule: 'With METHOD_NEITHER the input is at Type3InputBuffer and the output at UserBuffer of the caller; nothing is copied or checked on the way.',
      source: 'Microsoft Learn: Buffer Descriptions for I/O Control Codes',
      status: 'emulated',
    },
    {
      id: 'constants.irp-mj-device-control',
      rule: 'IRP_MJ_DEVICE_CONTROL is 0x0E and IRP_MJ_INTERNAL_DEVICE_CONTROL 0x0F.',
      source: 'wdm.h',
      status: 'emulated',
    },
    {
      id: 'constants.irp-mj-pnp',
      rule: 'IRP_MJ_PNP, under which IRP_MN_QUERY_INTERFACE comes, is 0x1B.',
      source: 'wdm.h',
      status: 'emulated',
    },
    {
      id: 'constants.max-block-size',
      rule: 'VPCI_MAX_READ_WRITE_BLOCK_SIZE is 128 bytes, the same limit as that of Linux guests.',
      source: 'pcivirt.h; Linux pci-hyperv',
      status: 'emulated',
    },
    {
      id: 'constants.invalidatable-blocks',
      rule: 'Only the first 64 blocks, 0 to 63, can be invalidated.',
      source: 'Microsoft Learn: NdisMInvalidateConfigBlock',
      status: 'emulated',
    },
    {
      id: 'constants.function-id',
      rule: 'An NDIS_SRIOV_FUNCTION_ID has 16 bits; NDIS_PF_FUNCTION_ID and NDIS_INVALID_VF_FUNCTION_ID are both 0xFFFF.',
      source: 'ntddndis.h',
      status: 'emulated',
    },
    {
      id: 'constants.rid',
      rule: 'NDIS_INVALID_RID is 0xFFFFFFFF, and NDIS_MAKE_RID puts segment, bus and function side by side.',
      source: 'ntddndis.h, ndis.h',
      status: 'emulated',
    },
    {
      id: 'constants.default-switch-id',
      rule: 'NDIS_DEFAULT_SWITCH_ID is 0.',
      source: 'ntddndis.h',
      status: 'emulated',
    },
    {
      id: 'constants.invalid-switch-id',
      rule: 'NDIS_INVALID_SWITCH_ID is 0xFFFFFFFF.',
      source: 'ntddndis.h',
      status: 'emulated',
    },
    {
      id: 'constants.vport-id',
      rule: 'NDIS_DEFAULT_VPORT_ID is 0, and NDIS_INVALID_VPORT_ID 0xFFFFFFFF.',
      source: 'ntddndis.h',
      status: 'emulated',
    },
    {
      id: 'constants.sriov-capabilities',
      rule: 'NDIS_SRIOV_CAPS_SRIOV_SUPPORTED is 1, NDIS_SRIOV_CAPS_PF_MINIPORT 2, and NDIS_SRIOV_CAPS_VF_MINIPORT 4.',
      source: 'ntddndis.h',
      status: 'emulated',
    },
    {
      id: 'constants.object-type-default',
      rule: 'NDIS_OBJECT_TYPE_DEFAULT is 0x80.',
      source: 'ntddndis.h',
      status: 'emulated',
    },
    {
      id: 'constants.object-type-oid-request',
      rule: 'NDIS_OBJECT_TYPE_OID_REQUEST is 0x96.',
      source: 'ndis/oidrequest.h',
      status: 'not emulated',
      reason:
        'An OID request is an object with the documented members and has no header; a miniport does not read the one that NDIS made.',
    },
    {
      id: 'constants.revision-1',
      rule: 'Every SR-IOV structure of the backchannel is at its revision 1.',
      source: 'ntddndis.h',
      status: 'emulated',
    },
    {
      id: 'constants.request-type',
      rule: 'NdisRequestQueryInformation is 0, NdisRequestSetInformation 1, and NdisRequestMethod 12.',
      source: 'ndis/oidtypes.h',
      status: 'emulated',
    },
    {
      id: 'constants.request-type-statistics',
      rule: 'NdisRequestQueryStatistics is 2.',
      source: 'ndis/oidtypes.h',
      status: 'not emulated',
      reason: 'No OID of the SR-IOV or NIC switch interfaces is queried with it.',
    },
    {
      id: 'constants.device-power-state',
      rule: 'NdisDeviceStateUnspecified is 0, and NdisDeviceStateD0 to NdisDeviceStateD3 are 1 to 4.',
      source: 'ntddndis.h',
      status: 'emulated',
    },
    {
      id: 'constants.string-and-address-room',
      rule: 'NDIS_MAX_PHYS_ADDRESS_LENGTH is 32 bytes, and IF_MAX_STRING_SIZE 256 characters.',
      source: 'ntddndis.h, ifdef.h',
      status: 'emulated',
    },
    {
      id: 'constants.guid-vpci-interface-standard',
      rule: 'GUID_VPCI_INTERFACE_STANDARD is 12E65E71-B651-4067-831A-1383203CB0CB.',
      source: 'vpci.h',
      status: 'emulated',
    },
    {
      id: 'constants.guid-bus-vpci',
      rule: 'GUID_BUS_VPCI, C066F39A-DE00-4667-8941-3368ED5D83B5, and GUID_DEVINTERFACE_VPCI, 57863182-C948-4692-97E3-34B57662A3E0, name the bus and its device interface to Plug and Play.',
      source: 'vpci.h',
      status: 'not emulated',
      reason:
        'There is no Plug and Play manager to ask: a VF miniport is started on its VF and has no bus to look for.',
    },
    {
      id: 'constants.vmbus-channel-type',
      rule: 'A VMBus channel of VPCI is offered under the type 44C4F61D-4444-4400-9D52-802E27EDE19F.',
      source: 'OpenVMM vpci; FreeBSD vmbus_pcib',
      status: 'not emulated',
      reason:
        'A WebSocket stands in for VMBus, and its path and subprotocol for the type; no driver sees either.',
    },
  ],
};
