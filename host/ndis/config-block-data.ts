import { OID } from '#shared/ndis/oid.ts';
import type { NdisOidRequest } from '#shared/ndis/oid-request.ts';
import { hexOf } from '#shared/trace/trace-data.ts';
import { parseConfigBlockParameters } from './config-block-parameters.ts';

/** The block data that a write carries to the PF, for the trace; undefined for any other request. */
export function dataToWrite(request: NdisOidRequest): string | undefined {
  const { oid, informationBuffer } = request;
  if (oid !== OID.OID_SRIOV_WRITE_VF_CONFIG_BLOCK) return undefined;
  const parameters = parseConfigBlockParameters(informationBuffer);
  if (parameters === undefined) return undefined;
  const { bufferOffset, length } = parameters;
  return hexOf(informationBuffer, bufferOffset, bufferOffset + length);
}

/**
 * The block data that a completed read brought from the PF, for the trace; undefined for any other
 * request. A PF miniport may have put anything into BytesWritten.
 */
export function dataRead(request: NdisOidRequest): string | undefined {
  const { oid, informationBuffer, bytesWritten } = request;
  if (oid !== OID.OID_SRIOV_READ_VF_CONFIG_BLOCK) return undefined;
  const parameters = parseConfigBlockParameters(informationBuffer);
  if (parameters === undefined) return undefined;
  const end = Number.isInteger(bytesWritten) ? bytesWritten : parameters.bufferOffset;
  return hexOf(informationBuffer, parameters.bufferOffset, end);
}
