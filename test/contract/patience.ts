import { systemClock } from '#shared/time/system.ts';
import type { ManualClock } from '#test/kit/world/manual-clock.ts';
import { turn } from '#test/kit/world/turn.ts';
import { demand } from './contract.ts';

/** How much of the miniport's own time an answer may take, and in which steps that time goes by. */
const CLOCK_PATIENCE_MS = 30_000;
const STEP_MS = 250;

/** How much of the machine's time an answer may take, unless a contract is told otherwise. */
export const MACHINE_PATIENCE_MS = 2_000;

/** Waits for work that may need the miniport's clock, the machine (a file, a network), or both. */
export class Patience {
  readonly clock: ManualClock;
  readonly #machineMs: number;

  constructor(clock: ManualClock, machineMs: number) {
    this.clock = clock;
    this.#machineMs = machineMs;
  }

  /** Waits until `isDone`; fails with `what` when that does not come. */
  async until(what: string, isDone: () => boolean): Promise<void> {
    for (let waited = 0; waited < CLOCK_PATIENCE_MS; waited += STEP_MS) {
      await turn();
      if (isDone()) return;
      await this.clock.advance(STEP_MS);
    }
    const end = systemClock.now() + this.#machineMs;
    while (!isDone() && systemClock.now() < end) await turn();
    demand(isDone(), `${what} does not come to an end`);
  }

  /** Makes a call that may return a promise, and waits for what it returns. */
  async returned<T>(what: string, call: () => T | Promise<T>): Promise<T> {
    let end: { readonly value: T } | { readonly error: unknown } | undefined;
    Promise.resolve()
      .then(call)
      .then(
        (value) => {
          end = { value };
        },
        (error: unknown) => {
          end = { error };
        },
      );
    await this.until(what, () => end !== undefined);
    if (end === undefined) throw new Error(`${what} is still under way`);
    if ('error' in end) throw end.error;
    return end.value;
  }
}
