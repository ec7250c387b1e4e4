import { describe, expect, test } from 'vitest';
import { OID, oidName } from '#shared/ndis/oid.ts';
import {
  methodRequest,
  NDIS_REQUEST_TYPE,
  queryRequest,
  setRequest,
} from '#shared/ndis/oid-request.ts';

describe('OID', () => {
  test.each([
    ['OID_RECEIVE_FILTER_MOVE_FILTER', 0x00010230],
    ['OID_NIC_SWITCH_CREATE_SWITCH', 0x00010237],
    ['OID_NIC_SWITCH_PARAMETERS', 0x00010238],
    ['OID_NIC_SWITCH_DELETE_SWITCH', 0x00010239],
    ['OID_NIC_SWITCH_ENUM_SWITCHES', 0x00010240],
    ['OID_NIC_SWITCH_CREATE_VPORT', 0x00010241],
    ['OID_NIC_SWITCH_VPORT_PARAMETERS', 0x00010242],
    ['OID_NIC_SWITCH_ENUM_VPORTS', 0x00010243],
    ['OID_NIC_SWITCH_DELETE_VPORT', 0x00010244],
    ['OID_NIC_SWITCH_ALLOCATE_VF', 0x00010245],
    ['OID_NIC_SWITCH_FREE_VF', 0x00010246],
    ['OID_NIC_SWITCH_VF_PARAMETERS', 0x00010247],
    ['OID_NIC_SWITCH_ENUM_VFS', 0x00010248],
    ['OID_SRIOV_HARDWARE_CAPABILITIES', 0x00010249],
    ['OID_SRIOV_CURRENT_CAPABILITIES', 0x00010250],
    ['OID_SRIOV_READ_VF_CONFIG_SPACE', 0x00010251],
    ['OID_SRIOV_WRITE_VF_CONFIG_SPACE', 0x00010252],
    ['OID_SRIOV_READ_VF_CONFIG_BLOCK', 0x00010253],
    ['OID_SRIOV_WRITE_VF_CONFIG_BLOCK', 0x00010254],
    ['OID_SRIOV_RESET_VF', 0x00010255],
    ['OID_SRIOV_VF_VENDOR_DEVICE_ID', 0x00010257],
    ['OID_SRIOV_PROBED_BARS', 0x00010258],
    ['OID_SRIOV_BAR_RESOURCES', 0x00010259],
    ['OID_SRIOV_PF_LUID', 0x00010260],
    ['OID_SRIOV_VF_SERIAL_NUMBER', 0x00010262],
    ['OID_SRIOV_VF_INVALIDATE_CONFIG_BLOCK', 0x00010269],
  ] as const)('%s has its documented value', (name, value) => {
    expect(OID[name]).toBe(value);
    expect(oidName(value)).toBe(name);
  });

  test('prints an OID without a name as hexadecimal', () => {
    expect(oidName(0x0001024a)).toBe('0x0001024A');
  });
});

describe('NDIS_OID_REQUEST', () => {
  test('the request types have their documented values [constants.request-type]', () => {
    expect(NDIS_REQUEST_TYPE).toEqual({
      NdisRequestQueryInformation: 0,
      NdisRequestSetInformation: 1,
      NdisRequestMethod: 12,
    });
  });

  test('a set request has input only', () => {
    const request = setRequest(OID.OID_SRIOV_RESET_VF, new Uint8Array(6));
    expect(request).toMatchObject({ requestType: 1, inputBufferLength: 6, outputBufferLength: 0 });
  });

  test('a query has output only', () => {
    const request = queryRequest(OID.OID_SRIOV_PF_LUID, new Uint8Array(12));
    expect(request).toMatchObject({ requestType: 0, inputBufferLength: 0, outputBufferLength: 12 });
  });

  test('a method request has input and output in one buffer', () => {
    const request = methodRequest(OID.OID_NIC_SWITCH_ALLOCATE_VF, new Uint8Array(1632));
    expect(request).toMatchObject({
      requestType: 12,
      inputBufferLength: 1632,
      outputBufferLength: 1632,
    });
  });
});
