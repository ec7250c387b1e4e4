import { NDIS_STATUS, type NdisStatus } from '#shared/ndis/ndis-status.ts';
import type { NdisOidRequest } from '#shared/ndis/oid-request.ts';
import { roomOf } from '#shared/ndis/query-answer.ts';

/**
 * NDIS_STATUS_INVALID_LENGTH, with BytesNeeded, for a request whose input is shorter than the `size`
 * bytes of its structure; undefined for one that is long enough.
 */
export function refuseShortInput(request: NdisOidRequest, size: number): NdisStatus | undefined {
  if (Math.min(request.inputBufferLength, request.informationBuffer.byteLength) >= size) {
    return undefined;
  }
  request.bytesNeeded = size;
  return NDIS_STATUS.NDIS_STATUS_INVALID_LENGTH;
}

/** As {@link refuseShortInput}, for a structure that the output must hold as well as the input. */
export function refuseShort(request: NdisOidRequest, size: number): NdisStatus | undefined {
  if (Math.min(request.inputBufferLength, roomOf(request)) >= size) return undefined;
  request.bytesNeeded = size;
  return NDIS_STATUS.NDIS_STATUS_INVALID_LENGTH;
}
