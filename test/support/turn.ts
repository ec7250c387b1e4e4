import { setImmediate as immediate } from 'node:timers/promises';

/**
 * Lets everything run that is ready to: resolves when no microtask is left. Nothing here waits for
 * time to pass; what is not ready needs a moved clock or another event.
 */
export async function turn(): Promise<void> {
  await immediate();
}

/** How many turns {@link until} takes before it gives up. */
const MAX_TURNS = 10_000;

/**
 * Takes turns until `holds`, for what depends on the machine (a socket), and fails with `what` when
 * that does not come. Turns are no fixed time: the limit only ends what would never end.
 */
export async function until(what: string, holds: () => boolean): Promise<void> {
  for (let turns = 0; turns < MAX_TURNS; turns++) {
    if (holds()) return;
    await turn();
  }
  throw new Error(`this did not come about: ${what}`);
}
