import { NDIS_STATUS, type NdisStatus } from '#shared/ndis/ndis-status.ts';
import type { NdisOidRequest } from '#shared/ndis/oid-request.ts';
import { refuseShortInput } from '../ndis/information-length.ts';

/** What the structures have in common that name a VF and say where in their buffer its data is. */
export interface VfBuffer {
  readonly vfId: number;
  /** Bytes of data. */
  readonly length: number;
  /** Where the data is, counted from the start of the structure. */
  readonly bufferOffset: number;
}

/** Who knows which VFs are allocated. */
export interface AllocatedVfs {
  isAllocated(vfId: number): boolean;
}

/**
 * The parameters of a request that reads or writes data of an allocated VF, or the status with which
 * the request fails.
 *
 * @param size the bytes of the structure, behind which the data begins at the earliest
 * @param available the length that the data must be within: that of the output, or of the input
 */
export function checkVfBuffer<Parameters extends VfBuffer>(
  request: NdisOidRequest,
  vfs: AllocatedVfs,
  parse: (bytes: Uint8Array) => Parameters | undefined,
  size: number,
  available: number,
): Parameters | NdisStatus {
  const short = refuseShortInput(request, size);
  if (short !== undefined) return short;
  const parameters = parse(request.informationBuffer);
  if (parameters === undefined) return NDIS_STATUS.NDIS_STATUS_INVALID_PARAMETER;
  const { vfId, bufferOffset, length } = parameters;
  if (!vfs.isAllocated(vfId) || bufferOffset < size) {
    return NDIS_STATUS.NDIS_STATUS_INVALID_PARAMETER;
  }
  if (available < bufferOffset + length) {
    request.bytesNeeded = bufferOffset + length;
    return NDIS_STATUS.NDIS_STATUS_INVALID_LENGTH;
  }
  return parameters;
}
