import type { Logger } from 'pino';
import { NDIS_STATUS } from '#shared/ndis/ndis-status.ts';
import { OID, oidName } from '#shared/ndis/oid.ts';
import { type OidAnswer, OidQueue } from '#shared/ndis/oid-queue.ts';
import type { NdisOidRequest } from '#shared/ndis/oid-request.ts';
import { describeViolation } from '#shared/ndis/violation-report.ts';
import type { Clock } from '#shared/time/clock.ts';
import type { Trace } from '#shared/trace/trace.ts';
import { SIZEOF_CONFIG_BLOCK_PARAMETERS } from './config-block-parameters.ts';
import { recordOid } from './oid-trace.ts';
import type { PfMiniport } from './pf-miniport.ts';

interface PfOidQueueOptions {
  readonly clock: Clock;
  readonly trace: Trace;
  readonly log: Logger;
}

/** The OID requests of one PF miniport, each hop of which is traced. */
export function newPfOidQueue(miniport: PfMiniport, options: PfOidQueueOptions): OidQueue {
  const { clock, trace, log } = options;
  const target = {
    miniportOidRequest: (request: NdisOidRequest) =>
      precheck(request) ?? miniport.miniportOidRequest(request),
    miniportCancelOidRequest: (requestId: number) => miniport.miniportCancelOidRequest?.(requestId),
  };
  return new OidQueue(target, clock, {
    delivering(request) {
      if (!trace.enabled) return;
      recordOid(trace, 'pfMiniportOidRequest', request, { cause: request.cause });
    },
    completed(request, status) {
      if (!trace.enabled) return;
      const entry = { status, cause: request.cause };
      recordOid(trace, 'pfMiniportOidRequestComplete', request, entry);
    },
    violated(request, violation) {
      const note = describeViolation(violation);
      log.error({ oid: oidName(request.oid), device: request.origin?.device }, note);
      if (trace.enabled) recordOid(trace, 'contractViolated', request, { note });
    },
  });
}

/**
 * NDIS leaves the contents of an OID to the miniport, but hands it no block request whose buffer is
 * too short for the structure. Documents differ on who reports that; the choice is NDIS for the
 * fixed part, and the miniport for the rest.
 */
function precheck(request: NdisOidRequest): OidAnswer | undefined {
  const { oid } = request;
  const isBlock =
    oid === OID.OID_SRIOV_READ_VF_CONFIG_BLOCK || oid === OID.OID_SRIOV_WRITE_VF_CONFIG_BLOCK;
  if (!isBlock || request.inputBufferLength >= SIZEOF_CONFIG_BLOCK_PARAMETERS) return undefined;
  request.bytesNeeded = SIZEOF_CONFIG_BLOCK_PARAMETERS;
  return NDIS_STATUS.NDIS_STATUS_INVALID_LENGTH;
}
