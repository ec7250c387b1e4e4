import { readFileSync } from 'node:fs';
import { delay } from '#shared/time/clock.ts';
import { systemClock } from '#shared/time/system.ts';

const PATIENCE_MS = 20_000;
const PERIOD_MS = 20;

/** Waits until a process, which need not be a child of this one, is gone; fails when it stays. */
export async function untilGone(pid: number): Promise<void> {
  const deadline = systemClock.now() + PATIENCE_MS;
  while (isThere(pid)) {
    if (systemClock.now() > deadline) throw new Error(`process ${pid} is still there`);
    await delay(systemClock, PERIOD_MS);
  }
}

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  return !hasEnded(pid);
}

/** Whether it has ended and waits to be collected: an orphan may wait for ever in a container. */
function hasEnded(pid: number): boolean {
  try {
    return /^\d+ \(.*\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}
