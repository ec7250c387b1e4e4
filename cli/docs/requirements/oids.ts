import type { Area, Requirement } from './requirement.ts';

const SOURCE = 'ntddndis.h; Microsoft Learn: SR-IOV OIDs';

/** The OIDs of the SR-IOV and NIC switch interfaces: number, request type, and who serves them. */
export const OIDS: Area = {
  title: 'OIDs',
  requirements: [
    emulated(
      'create-switch',
      'OID_NIC_SWITCH_CREATE_SWITCH',
      '0x00010237, a method request to the PF',
    ),
    emulated(
      'switch-parameters',
      'OID_NIC_SWITCH_PARAMETERS',
      '0x00010238, a method request that NDIS answers or a set request to the PF',
    ),
    emulated(
      'delete-switch',
      'OID_NIC_SWITCH_DELETE_SWITCH',
      '0x00010239, a set request to the PF',
    ),
    emulated(
      'enum-switches',
      'OID_NIC_SWITCH_ENUM_SWITCHES',
      '0x00010240, a query that NDIS answers',
    ),
    emulated(
      'create-vport',
      'OID_NIC_SWITCH_CREATE_VPORT',
      '0x00010241, a method request to the PF',
    ),
    {
      id: 'oids.vport-parameters',
      rule: 'OID_NIC_SWITCH_VPORT_PARAMETERS is 0x00010242, a method request that NDIS answers, where the header has a query, or a set request to the PF.',
      source: 'ntddndis.h; Microsoft Learn: OID_NIC_SWITCH_VPORT_PARAMETERS',
      status: 'decision',
    },
    {
      id: 'oids.vport-parameters-set',
      rule: 'A set request of OID_NIC_SWITCH_VPORT_PARAMETERS changes the members that its Flags name; an activated VPort stays activated, and the processors of a VPort of a VF cannot be set.',
      source: 'Microsoft Learn: Setting the Parameters of a Virtual Port',
      status: 'emulated',
    },
    {
      id: 'oids.enum-vports-selects',
      rule: 'The Flags of OID_NIC_SWITCH_ENUM_VPORTS ask for the VPorts of one function, of one switch, or all; both at once, and members with values that there are not, are NDIS_STATUS_INVALID_PARAMETER.',
      source: 'Microsoft Learn: Enumerating Virtual Ports on a Network Adapter',
      status: 'emulated',
    },
    emulated(
      'enum-vports',
      'OID_NIC_SWITCH_ENUM_VPORTS',
      '0x00010243, a method request that NDIS answers',
    ),
    emulated('delete-vport', 'OID_NIC_SWITCH_DELETE_VPORT', '0x00010244, a set request to the PF'),
    emulated('allocate-vf', 'OID_NIC_SWITCH_ALLOCATE_VF', '0x00010245, a method request to the PF'),
    emulated('free-vf', 'OID_NIC_SWITCH_FREE_VF', '0x00010246, a set request to the PF'),
    emulated(
      'vf-parameters',
      'OID_NIC_SWITCH_VF_PARAMETERS',
      '0x00010247, a method request that NDIS answers',
    ),
    emulated(
      'enum-vfs',
      'OID_NIC_SWITCH_ENUM_VFS',
      '0x00010248, a method request that NDIS answers',
    ),
    emulated(
      'hardware-capabilities',
      'OID_SRIOV_HARDWARE_CAPABILITIES',
      '0x00010249, a query that NDIS answers',
    ),
    emulated(
      'current-capabilities',
      'OID_SRIOV_CURRENT_CAPABILITIES',
      '0x00010250, a query that NDIS answers',
    ),
    emulated(
      'read-vf-config-space',
      'OID_SRIOV_READ_VF_CONFIG_SPACE',
      '0x00010251, a method request to the PF',
    ),
    emulated(
      'write-vf-config-space',
      'OID_SRIOV_WRITE_VF_CONFIG_SPACE',
      '0x00010252, a set request to the PF',
    ),
    emulated(
      'read-vf-config-block',
      'OID_SRIOV_READ_VF_CONFIG_BLOCK',
      '0x00010253, a method request to the PF',
    ),
    emulated(
      'write-vf-config-block',
      'OID_SRIOV_WRITE_VF_CONFIG_BLOCK',
      '0x00010254, a set request to the PF',
    ),
    emulated('reset-vf', 'OID_SRIOV_RESET_VF', '0x00010255, a set request to the PF'),
    emulated(
      'set-vf-power-state',
      'OID_SRIOV_SET_VF_POWER_STATE',
      '0x00010256, a set request to the PF',
    ),
    emulated(
      'vf-vendor-device-id',
      'OID_SRIOV_VF_VENDOR_DEVICE_ID',
      '0x00010257, a method request to the PF',
    ),
    emulated('probed-bars', 'OID_SRIOV_PROBED_BARS', '0x00010258, a query to the PF'),
    emulated('bar-resources', 'OID_SRIOV_BAR_RESOURCES', '0x00010259, a method request to the PF'),
    emulated('pf-luid', 'OID_SRIOV_PF_LUID', '0x00010260, a query that NDIS answers'),
    notEmulated(
      'config-state',
      'OID_SRIOV_CONFIG_STATE',
      '0x00010261, a set request to the VF',
      'No page says when it is issued or what it means.',
    ),
    emulated(
      'vf-serial-number',
      'OID_SRIOV_VF_SERIAL_NUMBER',
      '0x00010262, a query that NDIS answers',
    ),
    notEmulated(
      'overlying-adapter-info',
      'OID_SRIOV_OVERLYING_ADAPTER_INFO',
      '0x00010268, a set request to the VF',
      'No page documents it, and there is no adapter above the VF that it could tell of.',
    ),
    emulated(
      'vf-invalidate-config-block',
      'OID_SRIOV_VF_INVALIDATE_CONFIG_BLOCK',
      '0x00010269, a method request to the VF',
    ),
    emulated(
      'move-filter',
      'OID_RECEIVE_FILTER_MOVE_FILTER',
      '0x00010230, a set request to the PF',
    ),
    {
      id: 'oids.unknown',
      rule: 'A miniport answers an OID that it does not know with NDIS_STATUS_NOT_SUPPORTED.',
      source: 'Microsoft Learn: MINIPORT_OID_REQUEST',
      status: 'emulated',
    },
    {
      id: 'oids.ndis-answers-length',
      rule: 'A buffer too short for what NDIS answers is NDIS_STATUS_INVALID_LENGTH: nothing is written, and BytesNeeded is the length that would do.',
      source: 'Microsoft Learn: OID_NIC_SWITCH_ENUM_VFS and its sibling pages',
      status: 'emulated',
    },
    {
      id: 'oids.ndis-answers-request-type',
      rule: 'An OID that NDIS answers, in another type of request than its page has, is NDIS_STATUS_NOT_SUPPORTED.',
      source: 'Microsoft Learn: OID_NIC_SWITCH_ENUM_VFS and its sibling pages',
      status: 'decision',
    },
    {
      id: 'oids.ndis-answers-do-not-wait',
      rule: 'What NDIS answers itself does not wait for the requests that the miniport holds.',
      source: 'Microsoft Learn: MINIPORT_OID_REQUEST',
      status: 'decision',
    },
    {
      id: 'oids.switch-info-numbers',
      rule: 'NDIS_NIC_SWITCH_INFO has a VPort for each VF and the default one as NumVPorts, a queue pair for each VPort, and the receive filters of nondefault VPorts as their MAC addresses.',
      source: 'Microsoft Learn: NDIS_NIC_SWITCH_INFO',
      status: 'decision',
    },
    {
      id: 'oids.supported-oid-list',
      rule: 'A PF and a VF miniport list the OIDs that they serve in SupportedOidList; one that is missing is not issued.',
      source: 'Microsoft Learn: SR-IOV OIDs',
      status: 'emulated',
    },
    {
      id: 'oids.block-oids-missing',
      rule: 'A PF miniport whose SupportedOidList lacks the OIDs of blocks starts all the same; reads and writes of its VFs are NDIS_STATUS_NOT_SUPPORTED.',
      source: 'Microsoft Learn: SR-IOV OIDs',
      status: 'decision',
    },
  ],
};

function emulated(id: string, name: string, is: string): Requirement {
  return { id: `oids.${id}`, rule: `${name} is ${is}.`, source: SOURCE, status: 'emulated' };
}

function notEmulated(id: string, name: string, is: string, reason: string): Requirement {
  const rule = `${name} is ${is}.`;
  return { id: `oids.${id}`, rule, source: SOURCE, status: 'not emulated', reason };
}
