import { NDIS_STATUS, type NdisStatus } from './ndis-status.ts';
import type { NdisOidRequest } from './oid-request.ts';

/** Bytes of the information buffer that an answer may take: what the issuer says, and what is there. */
export function roomOf({ outputBufferLength, informationBuffer }: NdisOidRequest): number {
  return Math.min(outputBufferLength, informationBuffer.byteLength);
}

/**
 * Answers a query or method request in the miniport's stead, with a whole structure or with nothing
 * of it: a buffer that is too short is NDIS_STATUS_INVALID_LENGTH, and BytesNeeded is what would do.
 * Nothing to tell is NDIS_STATUS_NOT_SUPPORTED. `bytesRead` is what a method request was read of.
 */
export function answerWith(
  request: NdisOidRequest,
  structure: Uint8Array | undefined,
  bytesRead = 0,
): NdisStatus {
  if (structure === undefined) return NDIS_STATUS.NDIS_STATUS_NOT_SUPPORTED;
  if (roomOf(request) < structure.byteLength) {
    request.bytesNeeded = structure.byteLength;
    return NDIS_STATUS.NDIS_STATUS_INVALID_LENGTH;
  }
  request.informationBuffer.set(structure);
  request.bytesWritten = structure.byteLength;
  request.bytesRead = bytesRead;
  return NDIS_STATUS.NDIS_STATUS_SUCCESS;
}
