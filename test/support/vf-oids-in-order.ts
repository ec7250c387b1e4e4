/** The OID requests that bring up a VF, in order. */
export const BRING_UP = [
  'OID_NIC_SWITCH_ALLOCATE_VF',
  'OID_NIC_SWITCH_CREATE_VPORT',
  'OID_RECEIVE_FILTER_MOVE_FILTER',
  'OID_SRIOV_VF_VENDOR_DEVICE_ID',
  'OID_SRIOV_PROBED_BARS',
  'OID_SRIOV_READ_VF_CONFIG_SPACE',
  'OID_SRIOV_BAR_RESOURCES',
  'OID_SRIOV_BAR_RESOURCES',
] as const;

/** Those that take a VF back to which its bring-up had added nothing. */
export const RELEASE = ['OID_SRIOV_RESET_VF', 'OID_NIC_SWITCH_FREE_VF'] as const;

/** Those that take back a VF that was brought up, in order. */
export const TEARDOWN = [
  'OID_RECEIVE_FILTER_MOVE_FILTER',
  'OID_NIC_SWITCH_DELETE_VPORT',
  ...RELEASE,
] as const;
