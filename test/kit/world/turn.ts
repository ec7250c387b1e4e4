import { setImmediate as immediate } from 'node:timers/promises';
import { systemClock } from '#shared/time/system.ts';

/**
 * Lets everything run that is ready to: resolves when no microtask is left. Nothing here waits for
 * time to pass; what is not ready needs a moved clock or another event.
 */
export async function turn(): Promise<void> {
  await immediate();
}

/** Turns after which work that queues itself for ever is left to go on by itself. */
const MOST_TURNS = 100;

/** As {@link turn}, but lets work run too that is queued while it waits: a work item of a work item. */
export async function turns(): Promise<void> {
  for (let taken = 0; taken < MOST_TURNS; taken++) {
    await turn();
    if (!process.getActiveResourcesInfo().includes('Immediate')) return;
  }
}

/** How long {@link until} goes on before it gives up: only what would never end gets there. */
const GIVE_UP_MS = 8_000;

/** Takes turns until `holds`, for what depends on the machine (a socket); fails with `what`. */
export async function until(what: string, holds: () => boolean): Promise<void> {
  const end = systemClock.now() + GIVE_UP_MS;
  while (!holds()) {
    if (systemClock.now() > end) throw new Error(`this did not come about: ${what}`);
    await turn();
  }
}
