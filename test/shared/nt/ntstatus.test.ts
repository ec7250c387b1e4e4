import { describe, expect, test } from 'vitest';
import { NTSTATUS, ntStatusName, statusHex } from '#shared/nt/ntstatus.ts';

describe('NTSTATUS', () => {
  test.each([
    ['STATUS_SUCCESS', 0],
    ['STATUS_TIMEOUT', 0x102],
    ['STATUS_PENDING', 0x103],
    ['STATUS_UNSUCCESSFUL', 0xc0000001],
    ['STATUS_INVALID_PARAMETER', 0xc000000d],
    ['STATUS_NO_SUCH_DEVICE', 0xc000000e],
    ['STATUS_INVALID_DEVICE_REQUEST', 0xc0000010],
    ['STATUS_MORE_PROCESSING_REQUIRED', 0xc0000016],
    ['STATUS_BUFFER_TOO_SMALL', 0xc0000023],
    ['STATUS_SHARING_VIOLATION', 0xc0000043],
    ['STATUS_REVISION_MISMATCH', 0xc0000059],
    ['STATUS_INSUFFICIENT_RESOURCES', 0xc000009a],
    ['STATUS_DEVICE_NOT_CONNECTED', 0xc000009d],
    ['STATUS_NOT_SUPPORTED', 0xc00000bb],
    ['STATUS_CANCELLED', 0xc0000120],
    ['STATUS_BAD_DATA', 0xc000090b],
    ['STATUS_NDIS_REQUEST_ABORTED', 0xc023000c],
    ['STATUS_NDIS_INVALID_LENGTH', 0xc0230014],
    ['STATUS_NDIS_INVALID_OID', 0xc0230017],
  ] as const)('%s has its documented value [status.ntstatus-values]', (name, value) => {
    expect(NTSTATUS[name]).toBe(value);
    expect(ntStatusName(value)).toBe(name);
  });

  test('prints a value without a name as eight hexadecimal digits', () => {
    expect(ntStatusName(0xc0001234)).toBe('0xC0001234');
    expect(statusHex(0x103)).toBe('0x00000103');
  });

  test('names a status that was kept as a signed number', () => {
    expect(ntStatusName(0xc0000023 | 0)).toBe('STATUS_BUFFER_TOO_SMALL');
    expect(statusHex(-1)).toBe('0xFFFFFFFF');
  });
});
