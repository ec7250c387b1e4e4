/** An NTSTATUS: an open 32-bit number. A value without a name below survives and prints as hex. */
export type NtStatus = number;

/** The values this channel meets. Source: the WDK's ntstatus.h, as mingw-w64 publishes it. */
export const NTSTATUS = {
  STATUS_SUCCESS: 0x00000000,
  STATUS_TIMEOUT: 0x00000102,
  STATUS_PENDING: 0x00000103,
  STATUS_UNSUCCESSFUL: 0xc0000001,
  STATUS_INVALID_PARAMETER: 0xc000000d,
  STATUS_NO_SUCH_DEVICE: 0xc000000e,
  STATUS_INVALID_DEVICE_REQUEST: 0xc0000010,
  STATUS_MORE_PROCESSING_REQUIRED: 0xc0000016,
  STATUS_BUFFER_TOO_SMALL: 0xc0000023,
  STATUS_SHARING_VIOLATION: 0xc0000043,
  STATUS_REVISION_MISMATCH: 0xc0000059,
  STATUS_INSUFFICIENT_RESOURCES: 0xc000009a,
  STATUS_DEVICE_NOT_CONNECTED: 0xc000009d,
  STATUS_NOT_SUPPORTED: 0xc00000bb,
  STATUS_CANCELLED: 0xc0000120,
  STATUS_BAD_DATA: 0xc000090b,
  STATUS_NDIS_REQUEST_ABORTED: 0xc023000c,
  STATUS_NDIS_INVALID_LENGTH: 0xc0230014,
  STATUS_NDIS_INVALID_OID: 0xc0230017,
} as const satisfies Record<string, NtStatus>;

const names = new Map<NtStatus, string>(
  Object.entries(NTSTATUS).map(([name, value]) => [value, name]),
);

/** NT_SUCCESS: whether a status is of severity "success" or "informational". */
export function ntSuccess(status: NtStatus): boolean {
  return status >>> 0 < 0x8000_0000;
}

/** Whether an answer is a number of 32 bits, signed or unsigned; a plug-in may answer with anything. */
export function isNtStatus(value: unknown): value is NtStatus {
  return typeof value === 'number' && (value >>> 0 === value || (value | 0) === value);
}

/** `STATUS_BUFFER_TOO_SMALL`, or `0xC0001234` for a value without a name here. */
export function ntStatusName(status: NtStatus): string {
  return names.get(status >>> 0) ?? statusHex(status);
}

/** The eight hexadecimal digits under which the documents list a status: `0xC0000023`. */
export function statusHex(status: number): string {
  return `0x${(status >>> 0).toString(16).toUpperCase().padStart(8, '0')}`;
}
