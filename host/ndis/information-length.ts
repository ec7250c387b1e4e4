import { NDIS_STATUS, type NdisStatus } from '#shared/ndis/ndis-status.ts';
import type { NdisOidRequest } from '#shared/ndis/oid-request.ts';

/**
 * NDIS_STATUS_INVALID_LENGTH, with BytesNeeded, for a request whose input is shorter than the `size`
 * bytes of its structure; undefined for one that is long enough.
 */
export function refuseShortInput(request: NdisOidRequest, size: number): NdisStatus | undefined {
  if (request.inputBufferLength >= size) return undefined;
  request.bytesNeeded = size;
  return NDIS_STATUS.NDIS_STATUS_INVALID_LENGTH;
}
