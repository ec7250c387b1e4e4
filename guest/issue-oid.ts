import type { CompletedOid, OidRequestParameters } from '#shared/ndis/oid-request.ts';
import type { VfNdis } from './ndis/ndis.ts';

/** Issues an OID request to a VF's adapter, and waits for its completion; undefined without one. */
export async function issueOid(
  ndis: VfNdis | undefined,
  parameters: OidRequestParameters,
): Promise<CompletedOid | undefined> {
  if (ndis === undefined) return undefined;
  return await new Promise((resolve) => {
    ndis.oidRequest(parameters, (status, request) => resolve({ status, request }));
  });
}
