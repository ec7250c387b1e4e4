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

/** The message of whatever was thrown. It never throws itself, whatever a plug-in made of its error. */
export function messageOf(error: unknown): string {
  try {
    return error instanceof Error ? String(error.message) : String(error);
  } catch {
    return 'something that cannot be printed';
  }
}
