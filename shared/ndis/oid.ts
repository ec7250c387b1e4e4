import { statusHex } from '../nt/ntstatus.ts';

/** An OID: an open 32-bit number. */
export type Oid = number;

/**
 * The OIDs of the SR-IOV and NIC switch interfaces that this channel meets, and the one with which
 * NDIS tells a miniport of its power. Source: ntddndis.h, "Microsoft Learn: SR-IOV OIDs". The low
 * digits of the former run like decimals: 0x00010249 is followed by 0x00010250.
 */
export const OID = {
  OID_RECEIVE_FILTER_MOVE_FILTER: 0x00010230,
  OID_NIC_SWITCH_CREATE_SWITCH: 0x00010237,
  OID_NIC_SWITCH_PARAMETERS: 0x00010238,
  OID_NIC_SWITCH_DELETE_SWITCH: 0x00010239,
  OID_NIC_SWITCH_ENUM_SWITCHES: 0x00010240,
  OID_NIC_SWITCH_CREATE_VPORT: 0x00010241,
  OID_NIC_SWITCH_VPORT_PARAMETERS: 0x00010242,
  OID_NIC_SWITCH_ENUM_VPORTS: 0x00010243,
  OID_NIC_SWITCH_DELETE_VPORT: 0x00010244,
  OID_NIC_SWITCH_ALLOCATE_VF: 0x00010245,
  OID_NIC_SWITCH_FREE_VF: 0x00010246,
  OID_NIC_SWITCH_VF_PARAMETERS: 0x00010247,
  OID_NIC_SWITCH_ENUM_VFS: 0x00010248,
  OID_SRIOV_HARDWARE_CAPABILITIES: 0x00010249,
  OID_SRIOV_CURRENT_CAPABILITIES: 0x00010250,
  OID_SRIOV_READ_VF_CONFIG_SPACE: 0x00010251,
  OID_SRIOV_WRITE_VF_CONFIG_SPACE: 0x00010252,
  OID_SRIOV_READ_VF_CONFIG_BLOCK: 0x00010253,
  OID_SRIOV_WRITE_VF_CONFIG_BLOCK: 0x00010254,
  OID_SRIOV_RESET_VF: 0x00010255,
  OID_SRIOV_SET_VF_POWER_STATE: 0x00010256,
  OID_SRIOV_VF_VENDOR_DEVICE_ID: 0x00010257,
  OID_SRIOV_PROBED_BARS: 0x00010258,
  OID_SRIOV_BAR_RESOURCES: 0x00010259,
  OID_SRIOV_PF_LUID: 0x00010260,
  OID_SRIOV_VF_SERIAL_NUMBER: 0x00010262,
  OID_SRIOV_VF_INVALIDATE_CONFIG_BLOCK: 0x00010269,
  OID_PNP_SET_POWER: 0xfd010101,
} as const satisfies Record<string, Oid>;

const names = new Map<Oid, string>(Object.entries(OID).map(([name, value]) => [value, name]));

/** Whether an OID is of SR-IOV or of the NIC switch, whose numbers stand side by side. */
export function isSriovOid(oid: Oid): boolean {
  return oid >= OID.OID_NIC_SWITCH_CREATE_SWITCH && oid <= OID.OID_SRIOV_VF_INVALIDATE_CONFIG_BLOCK;
}

/** `OID_SRIOV_READ_VF_CONFIG_BLOCK`, or hexadecimal for an OID without a name here. */
export function oidName(oid: Oid): string {
  return names.get(oid) ?? statusHex(oid);
}
