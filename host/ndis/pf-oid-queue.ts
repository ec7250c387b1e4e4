import type { ContractObserver } from '#shared/ndis/contract-observer.ts';
import type { MiniportRegistration } from '#shared/ndis/miniport-registration.ts';
import { NDIS_STATUS } from '#shared/ndis/ndis-status.ts';
import { oidName } from '#shared/ndis/oid.ts';
import { OidQueue } from '#shared/ndis/oid-queue.ts';
import type { NdisOidRequest } from '#shared/ndis/oid-request.ts';
import { oidTarget } from '#shared/ndis/oid-target.ts';
import { describeViolation, stackOfViolation } from '#shared/ndis/violation-report.ts';
import type { CurrentIrql } from '#shared/nt/irql.ts';
import type { RecurringLog } from '#shared/recurring-log.ts';
import type { Clock } from '#shared/time/clock.ts';
import type { Trace } from '#shared/trace/trace.ts';
import { dataRead, dataToWrite } from './config-block-data.ts';
import { NdisAnswers } from './ndis-answers.ts';
import { NicSwitchCache } from './nic-switch-cache.ts';
import { OidPrecheck } from './oid-precheck.ts';
import { recordOid } from './oid-trace.ts';
import type { PfMiniport } from './pf-miniport.ts';

interface PfOidQueueOptions {
  readonly clock: Clock;
  readonly trace: Trace;
  readonly log: RecurringLog;
  readonly observer?: ContractObserver | undefined;
  /** What OID_SRIOV_PF_LUID answers. */
  readonly luid: bigint;
  readonly registration: MiniportRegistration;
}

/** The OID requests of one PF miniport, each hop of which is traced. */
export function newPfOidQueue(
  miniport: PfMiniport,
  irql: CurrentIrql,
  options: PfOidQueueOptions,
): OidQueue {
  const { clock, trace, log, registration, observer } = options;
  const cache = new NicSwitchCache();
  const answers = new NdisAnswers(cache, options.luid, registration);
  const precheck = new OidPrecheck(cache, registration);
  const target = {
    answeredByNdis: (request: NdisOidRequest) => answers.answer(request),
    refusedByNdis: (request: NdisOidRequest) => precheck.refuse(request),
    ...oidTarget(miniport, irql),
  };
  return new OidQueue(target, clock, {
    ...(observer === undefined ? {} : { queued: (request) => observer.queued(request) }),
    delivering(request) {
      if (!trace.enabled) return;
      recordOid(trace, 'pfMiniportOidRequest', request, {
        cause: request.cause,
        data: trace.keepsData ? dataToWrite(request) : undefined,
      });
    },
    completed(request, status) {
      cache.completed(request, status);
      if (!trace.enabled) return;
      const isRead = trace.keepsData && status === NDIS_STATUS.NDIS_STATUS_SUCCESS;
      const entry = {
        status,
        cause: request.cause,
        data: isRead ? dataRead(request) : undefined,
      };
      recordOid(trace, 'pfMiniportOidRequestComplete', request, entry);
    },
    violated(request, violation) {
      const note = describeViolation(violation);
      const oid = oidName(request.oid);
      const what = { oid, device: request.origin?.device, stack: stackOfViolation(violation) };
      log.error(`${violation.rule} ${request.oid}`, what, note);
      if (trace.enabled) recordOid(trace, 'pfContractViolated', request, { note });
      observer?.violated(request, violation);
    },
  });
}
