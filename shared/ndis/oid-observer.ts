import type { OidViolation } from './oid-queue.ts';
import type { NdisOidRequest } from './oid-request.ts';

/** Who looks on as a miniport is handed its OID requests. */
export interface OidObserver {
  /** A request waits, because the miniport holds another one. */
  queued(request: NdisOidRequest): void;
  /** The miniport broke the contract, and NDIS has traced it. */
  violated(request: NdisOidRequest, violation: OidViolation): void;
}
