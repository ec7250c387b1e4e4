import type { Verb } from '../faults/fault.ts';
import type { BlockRequest } from './block-requests.ts';
import type { Run } from './checker.ts';

/** Faults after which what arrives is not what was sent, or comes from nobody. */
const FALSIFYING: ReadonlySet<Verb> = new Set([
  'truncate',
  'truncateFrame',
  'pad',
  'corrupt',
  'replyWith',
  'overrideStatus',
  'duplicate',
]);

/** Faults after which something never arrives. */
export const SWALLOWING: ReadonlySet<Verb> = new Set(['drop', 'reorder', 'truncateFrame']);

/** Faults after which what was to happen happens later. */
export const LATE: ReadonlySet<Verb> = new Set(['delay', 'hold', 'stopReading']);

/** Whether a fault has falsified what the request carries, so that its drivers are not to blame. */
export function isFalsified(run: Pick<Run, 'faults'>, request: BlockRequest): boolean {
  const seqs = new Set(eventsOf(request));
  return run.faults.some(({ seq, fault }) => seqs.has(seq) && FALSIFYING.has(fault.verb));
}

/** Whether a fault has befallen an event of the request, whatever it did. */
export function isTouched(run: Run, request: BlockRequest): boolean {
  const seqs = new Set(eventsOf(request));
  return run.faults.some(({ seq }) => seqs.has(seq));
}

/** Whether a fault has swallowed something of the VF of these events, so that it may wait for ever. */
export function isSwallowed(run: Run, device: string | undefined): boolean {
  return run.faults.some(({ seq, fault }) => {
    const event = run.events.find((each) => each.seq === seq);
    const isItsOwn = event?.device === undefined || event.device === device;
    return isItsOwn && SWALLOWING.has(fault.verb);
  });
}

/** Whether the guest of a VF was killed, which ends its trace. */
export function isGuestDead(run: Run, device: string | undefined): boolean {
  if (run.dead?.guests.includes(guestOf(device) ?? '') === true) return true;
  return run.faults.some(({ seq, fault }) => {
    if (fault.verb !== 'kill' || fault.side !== 'guest') return false;
    const victim = run.events.find((each) => each.seq === seq)?.device;
    return guestOf(victim) === guestOf(device);
  });
}

/** Whether the management OS was killed, which ends its trace. */
export function isHostDead(run: Run): boolean {
  if (run.dead?.host === true) return true;
  return run.faults.some(({ seq, fault }) => {
    if (fault.verb !== 'kill') return false;
    return (
      fault.side === 'host' || run.events.find((each) => each.seq === seq)?.device === undefined
    );
  });
}

function guestOf(device: string | undefined): string | undefined {
  return device?.slice(0, device.lastIndexOf('/'));
}

/** The `seq` of every event of a request, in order. */
export function eventsOf(request: BlockRequest): readonly number[] {
  const { call, sent, received, oid, atPf, pfCompleted, completionSent, completionReceived } =
    request;
  return [
    call,
    request.ioCalled,
    sent,
    received,
    oid,
    atPf,
    pfCompleted,
    completionSent,
    completionReceived,
    ...request.irpCompleted,
    ...request.returned,
  ].flatMap((event) => (event === undefined ? [] : [event.seq]));
}
