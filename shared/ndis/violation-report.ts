import { messageOf } from '../message-of.ts';
import { stackOf } from '../stack-of.ts';
import { ndisStatusName } from './ndis-status.ts';
import type { OidViolation } from './oid-queue.ts';

/** A breach of the OID contract in one sentence, for the log and the trace. */
export function describeViolation(violation: OidViolation): string {
  switch (violation.rule) {
    case 'threw':
      return `the miniport threw: ${messageOf(violation.error)}`;
    case 'completed-twice':
      return `the miniport completed the request again, with ${ndisStatusName(violation.status)}`;
    case 'completed-late':
      return `the miniport completed the request after it was aborted, with ${ndisStatusName(violation.status)}`;
    case 'completed-with-pending':
      return 'the miniport completed the request with NDIS_STATUS_PENDING';
    case 'not-a-status':
      return `the miniport answered ${messageOf(violation.answer)}, which is no NDIS_STATUS`;
    case 'timed-out':
      return `the miniport did not complete the request in time; ${violation.waiting} more were waiting behind it`;
    default:
      return violation satisfies never;
  }
}

/** Where a breach of the OID contract was thrown; undefined for one that was not. */
export function stackOfViolation(violation: OidViolation): string | undefined {
  return violation.rule === 'threw' ? stackOf(violation.error) : undefined;
}
