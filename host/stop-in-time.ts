import type { Clock, Timer } from '#shared/time/clock.ts';

/** How long the guests have to give their VFs back, in milliseconds; at most three quarters of all. */
const GUESTS_MS = 3_000;

/** How long, of all, is kept for a miniport that is halted after its OID requests were aborted. */
const HALT_MS = 500;

export interface StopSteps {
  /** Stops in good order, which a miniport may hold up for ever. */
  inOrder(): Promise<void>;
  /** Takes the VFs of guests that do not give them back. */
  cutGuests(): void;
  /** Aborts the OID requests that hold up the order. */
  abortRequests(): void;
  /** Gives up on what hangs all the same, and says what that is. */
  leaveBehind(): string;
}

/**
 * Stops a PF within so many milliseconds. Resolves with undefined, or with what was left behind, for
 * people. Windows waits for a miniport for ever; a program that embeds this one has to come to its end.
 */
export async function stopInTime(
  clock: Clock,
  milliseconds: number,
  steps: StopSteps,
): Promise<string | undefined> {
  const kept = Math.min(HALT_MS, milliseconds / 8);
  const timers: Timer[] = [
    clock.setTimer(Math.min(GUESTS_MS, (milliseconds * 3) / 4), () => steps.cutGuests()),
    clock.setTimer(milliseconds - kept, () => steps.abortRequests()),
  ];
  const late = new Promise<string>((resolve) => {
    timers.push(clock.setTimer(milliseconds, () => resolve(steps.leaveBehind())));
  });
  try {
    return await Promise.race([steps.inOrder().then(() => undefined), late]);
  } finally {
    for (const timer of timers) timer.cancel();
  }
}
