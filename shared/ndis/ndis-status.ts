import { isNtStatus, NTSTATUS, type NtStatus, statusHex } from '../nt/ntstatus.ts';

/** An NDIS_STATUS: an open 32-bit number, as {@link NtStatus} is. */
export type NdisStatus = number;

/**
 * The values this channel meets. Source: the WDK's ndis.h, as mingw-w64 publishes it.
 *
 * Two traps: the 0xC001xxxx values here are not the 0xC023xxxx NTSTATUS values of like names, and
 * NDIS_STATUS_NOT_ACCEPTED has the severity "success". Compare with NDIS_STATUS_SUCCESS, never by sign.
 */
export const NDIS_STATUS = {
  NDIS_STATUS_SUCCESS: 0x00000000,
  NDIS_STATUS_PENDING: 0x00000103,
  NDIS_STATUS_NOT_ACCEPTED: 0x00010003,
  NDIS_STATUS_FAILURE: 0xc0000001,
  NDIS_STATUS_INVALID_PARAMETER: 0xc000000d,
  NDIS_STATUS_RESOURCES: 0xc000009a,
  NDIS_STATUS_NOT_SUPPORTED: 0xc00000bb,
  NDIS_STATUS_BAD_VERSION: 0xc0010004,
  NDIS_STATUS_REQUEST_ABORTED: 0xc001000c,
  NDIS_STATUS_RESET_IN_PROGRESS: 0xc001000d,
  NDIS_STATUS_ADAPTER_NOT_READY: 0xc0010011,
  NDIS_STATUS_INVALID_LENGTH: 0xc0010014,
  NDIS_STATUS_INVALID_DATA: 0xc0010015,
  NDIS_STATUS_BUFFER_TOO_SHORT: 0xc0010016,
  NDIS_STATUS_INVALID_OID: 0xc0010017,
  NDIS_STATUS_FILE_NOT_FOUND: 0xc001001b,
} as const satisfies Record<string, NdisStatus>;

const names = new Map<NdisStatus, string>(
  Object.entries(NDIS_STATUS).map(([name, value]) => [value, name]),
);

/** Whether an answer is a number of 32 bits, signed or unsigned; a plug-in may answer with anything. */
export function isNdisStatus(value: unknown): value is NdisStatus {
  return isNtStatus(value);
}

/** `NDIS_STATUS_INVALID_LENGTH`, or `0xC0011234` for a value without a name here. */
export function ndisStatusName(status: NdisStatus): string {
  return names.get(status >>> 0) ?? statusHex(status);
}

/** NDIS_STATUS values whose NTSTATUS twin is another number: the NDIS facility, 0xC023xxxx. */
const ndisFacility = new Map<NdisStatus, NtStatus>([
  [NDIS_STATUS.NDIS_STATUS_REQUEST_ABORTED, NTSTATUS.STATUS_NDIS_REQUEST_ABORTED],
  [NDIS_STATUS.NDIS_STATUS_INVALID_LENGTH, NTSTATUS.STATUS_NDIS_INVALID_LENGTH],
  [NDIS_STATUS.NDIS_STATUS_INVALID_OID, NTSTATUS.STATUS_NDIS_INVALID_OID],
]);

/**
 * The NTSTATUS with which the virtualization stack completes a guest's request after the PF
 * miniport answered with an NDIS_STATUS. Documents are silent on this translation; the choice:
 * the NDIS facility twin where one exists, any other failure keeps its number, and a status of
 * severity "success" that is not NDIS_STATUS_SUCCESS (NDIS_STATUS_NOT_ACCEPTED) becomes
 * STATUS_UNSUCCESSFUL, so that no guest reads it as a success.
 */
export function ntStatusFromNdisStatus(status: NdisStatus): NtStatus {
  const value = status >>> 0;
  const twin = ndisFacility.get(value);
  if (twin !== undefined) return twin;
  return value === 0 || value >= 0xc0000000 ? value : NTSTATUS.STATUS_UNSUCCESSFUL;
}
