import type { TraceEvent } from '#shared/trace/trace.ts';
import { milliseconds } from '../duration.ts';
import type { Fault } from '../faults/fault.ts';
import type { Run } from './checker.ts';
import { describeEvent } from './describe-event.ts';
import type { Life } from './lives.ts';
import { isOvertaken } from './overtaken.ts';
import { isWithin } from './scenario-end.ts';
import { LATE } from './touched.ts';

/** What keeps a mask that the driver of a VF has not been told of. */
export type Keeper =
  /** The VF sleeps, or was reset: no mask is due. */
  | { readonly kind: 'not due' }
  /** It comes, had the scenario gone on: nothing of the rule says when. */
  | { readonly kind: 'coming' }
  /** Nobody can tell whether it would have come; in words. */
  | { readonly kind: 'unknown'; readonly why: string };

const NOT_DUE: Keeper = { kind: 'not due' };
const COMING: Keeper = { kind: 'coming' };
/** A miniport that registers no OID_SRIOV_VF_INVALIDATE_CONFIG_BLOCK has NDIS ask for no masks. */
const UNHEARD: Keeper = { kind: 'unknown', why: 'nobody ever issued IOCTL_VPCI_INVALIDATE_BLOCK' };

/**
 * What keeps bits of a mask that came as far as the last event of `trail`; undefined for nothing that
 * would ever let them go.
 */
export function keeperOf(run: Run, life: Life, trail: readonly TraceEvent[]): Keeper | undefined {
  const last = trail.at(-1);
  if (isAsleep(run, life) || last?.hop === 'blockMaskDropped') return NOT_DUE;
  const armed = lastOf(run, life, isArming);
  if (last?.hop === 'blockMaskLatched' && armed === undefined) return UNHEARD;
  const touched = [last, armed].find((event) => faultAt(run, event));
  if (touched !== undefined) return touchedBy(run, touched);
  if (last?.hop === 'hostPacketSent') return isOvertaken(run, last) ? undefined : COMING;
  if (isHeldUp(run, life)) return COMING;
  const told = lastOf(run, life, ({ hop }) => hop === 'vfMiniportOidRequest');
  if (told === undefined || isCompleted(run, life, told)) return undefined;
  const start = run.events[0]?.at ?? 0;
  return { kind: 'unknown', why: `its driver had not completed ${describeEvent(told, start)}` };
}

/** What a fault has dropped on the channel never comes; what one has only delayed does. */
function touchedBy(run: Run, event: TraceEvent): Keeper | undefined {
  const fault = faultAt(run, event);
  if (fault === undefined || (fault.verb === 'drop' && event.hop === 'hostPacketSent')) {
    return undefined;
  }
  if (LATE.has(fault.verb)) return COMING;
  const start = run.events[0]?.at ?? 0;
  return { kind: 'unknown', why: `a fault befell ${describeEvent(event, start)}` };
}

function faultAt(run: Run, event: TraceEvent | undefined): Fault | undefined {
  return run.faults.find(({ seq }) => seq === event?.seq)?.fault;
}

/** Whether something of the VF is late by a fault, and was when the scenario ended. */
function isHeldUp(run: Run, { device }: Life): boolean {
  const end = run.events.findLast((event) => isWithin(run, event))?.at ?? 0;
  return run.faults.some(({ seq, fault }) => {
    if (!LATE.has(fault.verb)) return false;
    const event = run.events.find((each) => each.seq === seq);
    if (event === undefined || (event.device !== undefined && event.device !== device))
      return false;
    return fault.verb !== 'delay' || event.at + milliseconds(fault.by) >= end;
  });
}

/** The last event of a VF before the scenario had ended for which something holds. */
function lastOf(
  run: Run,
  life: Life,
  holds: (event: TraceEvent) => boolean,
): TraceEvent | undefined {
  return run.events.findLast(
    (event) =>
      event.device === life.device &&
      event.generation === life.generation &&
      isWithin(run, event) &&
      holds(event),
  );
}

function isArming({ hop, name }: TraceEvent): boolean {
  return (
    (hop === 'ioCallDriver' || hop === 'vfIoCallDriver') && name === 'IOCTL_VPCI_INVALIDATE_BLOCK'
  );
}

const POWER: ReadonlySet<string> = new Set([
  'DEVICE_POWER_STATE_CHANGE',
  'FDO_D0_ENTRY',
  'FDO_D0_EXIT',
]);

/** Whether the guest has put the VF to sleep, or is about to, and has not begun to wake it. */
function isAsleep(run: Run, life: Life): boolean {
  const last = lastOf(run, life, ({ hop, name }) => hop === 'guestPacketSent' && POWER.has(name));
  return last?.name === 'FDO_D0_EXIT' || last?.note === 'NdisDeviceStateD3';
}

function isCompleted(run: Run, life: Life, told: TraceEvent): boolean {
  const completed = lastOf(run, life, ({ hop }) => hop === 'vfMiniportOidRequestComplete');
  return completed !== undefined && completed.seq > told.seq;
}
