import type { NdisOidRequest, OidRequestParameters } from '#shared/ndis/oid-request.ts';

/** An OID request as NDIS would hand it to a miniport. */
export function newOidRequest(
  parameters: OidRequestParameters,
  change: Partial<NdisOidRequest> = {},
): NdisOidRequest {
  return {
    requestId: 1,
    timeout: 10,
    bytesWritten: 0,
    bytesRead: 0,
    bytesNeeded: 0,
    supportedRevision: 0,
    ...parameters,
    cause: 0,
    origin: undefined,
    ...change,
  };
}
