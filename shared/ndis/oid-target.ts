import { type CurrentIrql, IRQL } from '../nt/irql.ts';
import type { OidAnswer, OidTarget } from './oid-queue.ts';
import type { NdisOidRequest } from './oid-request.ts';

/** What the miniports of either side have for OID requests. */
interface OidHandlers {
  miniportOidRequest(request: NdisOidRequest): OidAnswer;
  miniportCancelOidRequest?(requestId: number): void;
}

/** A miniport's OID handlers, each called at the IRQL that its page gives, whoever is on the stack. */
export function oidTarget(miniport: OidHandlers, irql: CurrentIrql): OidTarget {
  return {
    miniportOidRequest(request) {
      const before = irql.set(IRQL.PASSIVE_LEVEL);
      try {
        return miniport.miniportOidRequest(request);
      } finally {
        irql.set(before);
      }
    },
    miniportCancelOidRequest: (requestId) =>
      irql.at(IRQL.DISPATCH_LEVEL, () => miniport.miniportCancelOidRequest?.(requestId)),
  };
}
