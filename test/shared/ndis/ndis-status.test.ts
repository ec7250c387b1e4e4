import { describe, expect, test } from 'vitest';
import { NDIS_STATUS, ndisStatusName, ntStatusFromNdisStatus } from '#shared/ndis/ndis-status.ts';
import { NTSTATUS } from '#shared/nt/ntstatus.ts';

describe('NDIS_STATUS', () => {
  test.each([
    ['NDIS_STATUS_SUCCESS', 0],
    ['NDIS_STATUS_PENDING', 0x103],
    ['NDIS_STATUS_NOT_ACCEPTED', 0x00010003],
    ['NDIS_STATUS_FAILURE', 0xc0000001],
    ['NDIS_STATUS_INVALID_PARAMETER', 0xc000000d],
    ['NDIS_STATUS_RESOURCES', 0xc000009a],
    ['NDIS_STATUS_NOT_SUPPORTED', 0xc00000bb],
    ['NDIS_STATUS_REQUEST_ABORTED', 0xc001000c],
    ['NDIS_STATUS_RESET_IN_PROGRESS', 0xc001000d],
    ['NDIS_STATUS_ADAPTER_NOT_READY', 0xc0010011],
    ['NDIS_STATUS_INVALID_LENGTH', 0xc0010014],
    ['NDIS_STATUS_INVALID_DATA', 0xc0010015],
    ['NDIS_STATUS_BUFFER_TOO_SHORT', 0xc0010016],
    ['NDIS_STATUS_INVALID_OID', 0xc0010017],
    ['NDIS_STATUS_FILE_NOT_FOUND', 0xc001001b],
  ] as const)('%s has its documented value [status.ndis-status-values]', (name, value) => {
    expect(NDIS_STATUS[name]).toBe(value);
    expect(ndisStatusName(value)).toBe(name);
  });

  test('prints a value without a name as hexadecimal', () => {
    expect(ndisStatusName(0xc0011234)).toBe('0xC0011234');
  });
});

describe('the translation of an NDIS_STATUS to the NTSTATUS of a completion', () => {
  test.each([
    ['NDIS_STATUS_REQUEST_ABORTED', NTSTATUS.STATUS_NDIS_REQUEST_ABORTED],
    ['NDIS_STATUS_INVALID_LENGTH', NTSTATUS.STATUS_NDIS_INVALID_LENGTH],
    ['NDIS_STATUS_INVALID_OID', NTSTATUS.STATUS_NDIS_INVALID_OID],
  ] as const)(
    '%s becomes its twin of the NDIS facility [status.ndis-facility-twin] [status.two-families-of-ndis]',
    (name, status) => {
      expect(ntStatusFromNdisStatus(NDIS_STATUS[name])).toBe(status);
    },
  );

  test.each([
    ['NDIS_STATUS_SUCCESS', NTSTATUS.STATUS_SUCCESS],
    ['NDIS_STATUS_FAILURE', NTSTATUS.STATUS_UNSUCCESSFUL],
    ['NDIS_STATUS_INVALID_PARAMETER', NTSTATUS.STATUS_INVALID_PARAMETER],
    ['NDIS_STATUS_NOT_SUPPORTED', NTSTATUS.STATUS_NOT_SUPPORTED],
    ['NDIS_STATUS_RESOURCES', NTSTATUS.STATUS_INSUFFICIENT_RESOURCES],
  ] as const)('%s keeps its number [status.same-number]', (name, status) => {
    expect(ntStatusFromNdisStatus(NDIS_STATUS[name])).toBe(status);
  });

  test('a status of severity "success" that is not NDIS_STATUS_SUCCESS is no success [status.false-success] [status.not-accepted-is-no-success]', () => {
    const status = ntStatusFromNdisStatus(NDIS_STATUS.NDIS_STATUS_NOT_ACCEPTED);
    expect(status).toBe(NTSTATUS.STATUS_UNSUCCESSFUL);
    expect(ntStatusFromNdisStatus(1)).toBe(NTSTATUS.STATUS_UNSUCCESSFUL);
    expect(ntStatusFromNdisStatus(0x103)).toBe(NTSTATUS.STATUS_UNSUCCESSFUL);
  });

  test('a failure without a name survives', () => {
    expect(ntStatusFromNdisStatus(0xc0011234)).toBe(0xc0011234);
    expect(ntStatusFromNdisStatus(0xc0011234 | 0)).toBe(0xc0011234);
  });
});
