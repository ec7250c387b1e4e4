import type { ContractObserver } from '#shared/ndis/contract-observer.ts';
import { devicePowerStateName } from '#shared/ndis/device-power-state.ts';
import type { MiniportRegistration } from '#shared/ndis/miniport-registration.ts';
import { NDIS_STATUS, ndisStatusName } from '#shared/ndis/ndis-status.ts';
import { OID, oidName } from '#shared/ndis/oid.ts';
import { OidQueue, type OidTarget } from '#shared/ndis/oid-queue.ts';
import type { NdisOidRequest } from '#shared/ndis/oid-request.ts';
import { oidTarget } from '#shared/ndis/oid-target.ts';
import { describeViolation, stackOfViolation } from '#shared/ndis/violation-report.ts';
import type { CurrentIrql } from '#shared/nt/irql.ts';
import type { RecurringLog } from '#shared/recurring-log.ts';
import type { Clock } from '#shared/time/clock.ts';
import type { HopName } from '#shared/trace/hops.ts';
import type { Trace, TraceEntry } from '#shared/trace/trace.ts';
import type { VfIdentity } from '#shared/trace/vf-identity.ts';
import { maskHex } from '#shared/vpci/config-block.ts';
import { parseDevicePowerBuffer } from './device-power-buffer.ts';
import { parseInvalidateInfo } from './invalidate-info.ts';
import type { VfAnswers } from './vf-answers.ts';
import type { VfMiniport } from './vf-miniport.ts';

export interface VfOidQueueOptions {
  readonly miniport: VfMiniport;
  readonly irql: CurrentIrql;
  readonly clock: Clock;
  readonly trace: Trace;
  readonly log: RecurringLog;
  readonly identity: () => VfIdentity;
  readonly answers: VfAnswers;
  readonly registration: MiniportRegistration;
  readonly observer?: ContractObserver | undefined;
}

/** The OID requests of one VF miniport, each hop of which is traced. */
export function newVfOidQueue(options: VfOidQueueOptions): OidQueue {
  const { miniport, irql, clock, trace, log, identity, answers, registration, observer } = options;
  const record = (hop: HopName, request: NdisOidRequest, entry: Partial<TraceEntry>): void => {
    if (!trace.enabled) return;
    const { oid, cause } = request;
    const name = oidName(oid);
    trace.record({ hop, name, ...identity(), cause, ...detailsOf(request), ...entry });
  };
  const target: OidTarget = {
    answeredByNdis(request) {
      const status = answers.answer(request);
      if (status !== undefined) {
        record('guestNdisOidAnswer', request, { note: ndisStatusName(status) });
      }
      return status;
    },
    refusedByNdis: ({ oid }) =>
      registration.supports(oid) ? undefined : NDIS_STATUS.NDIS_STATUS_NOT_SUPPORTED,
    ...oidTarget(miniport, irql),
  };
  return new OidQueue(target, clock, {
    delivering: (request) => record('vfMiniportOidRequest', request, {}),
    completed: (request, status) => record('vfMiniportOidRequestComplete', request, { status }),
    violated: (request, violation) => {
      const note = describeViolation(violation);
      const oid = oidName(request.oid);
      const what = { device: identity().device, oid, stack: stackOfViolation(violation) };
      log.error(`${violation.rule} ${request.oid}`, what, note);
      record('vfContractViolated', request, { note });
      observer?.violated(request, violation);
    },
  });
}

function detailsOf({ oid, informationBuffer }: NdisOidRequest): Partial<TraceEntry> {
  if (oid === OID.OID_PNP_SET_POWER) {
    const state = parseDevicePowerBuffer(informationBuffer);
    return state === undefined ? {} : { note: devicePowerStateName(state) };
  }
  const mask = parseInvalidateInfo(informationBuffer);
  return mask === undefined ? {} : { mask: maskHex(mask) };
}
