import type { OidViolation } from './oid-queue.ts';
import type { NdisOidRequest } from './oid-request.ts';

/** A rule that is held to whether or not somebody looks on. */
export interface ContractRule {
  readonly id: string;
  /** The rule in one sentence. */
  readonly rule: string;
  /** The document that states it, by the name under which a reader finds it. */
  readonly source: string;
}

/** A breach that NDIS, or what is beneath it, has found, logged and traced. */
export interface ContractBreach extends ContractRule {
  /** The documented name of what was called, or was under way. */
  readonly name: string;
  /** What was found. */
  readonly what: string;
  /** Where the driver's own code threw. */
  readonly stack?: string | undefined;
}

/** Who looks on as a driver is held to its contract. */
export interface ContractObserver {
  /** An OID request waits, because the miniport holds another one. */
  queued(request: NdisOidRequest): void;
  /** The miniport mistreated an OID request, and NDIS has traced it. */
  violated(request: NdisOidRequest, violation: OidViolation): void;
  /** The driver broke another rule. */
  broke(breach: ContractBreach): void;
}
