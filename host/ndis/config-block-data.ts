import { OID } from '#shared/ndis/oid.ts';
import type { NdisOidRequest } from '#shared/ndis/oid-request.ts';
import { parseConfigBlockParameters } from './config-block-parameters.ts';

/** The block data that a write carries to the PF; undefined for any other request. */
export function dataToWrite(request: NdisOidRequest): Uint8Array | undefined {
  const { oid, informationBuffer } = request;
  if (oid !== OID.OID_SRIOV_WRITE_VF_CONFIG_BLOCK) return undefined;
  const parameters = parseConfigBlockParameters(informationBuffer);
  if (parameters === undefined) return undefined;
  const { bufferOffset, length } = parameters;
  return informationBuffer.subarray(bufferOffset, bufferOffset + length);
}

/**
 * The block data that a completed read brought from the PF; undefined for any other request. A PF
 * miniport may have put anything into BytesWritten.
 */
export function dataRead(request: NdisOidRequest): Uint8Array | undefined {
  const { oid, informationBuffer, bytesWritten } = request;
  if (oid !== OID.OID_SRIOV_READ_VF_CONFIG_BLOCK) return undefined;
  const parameters = parseConfigBlockParameters(informationBuffer);
  if (parameters === undefined) return undefined;
  const end = Number.isInteger(bytesWritten) ? bytesWritten : parameters.bufferOffset;
  return informationBuffer.subarray(parameters.bufferOffset, end);
}
