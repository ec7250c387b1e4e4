import type { TraceEvent } from '#shared/trace/trace.ts';
import type { FaultEngine } from '../faults/fault-engine.ts';
import { describeWhen, type When } from '../faults/when.ts';
import type { ManualClock } from './manual-clock.ts';
import { turns } from './turn.ts';
import { unreturned } from './unreturned.ts';
import type { WorldSide } from './world-side.ts';

const HOUR_MS = 3_600_000;

export interface WorldTimeOptions {
  readonly clock: ManualClock;
  readonly engine: FaultEngine;
  /** Those of the world so far. */
  readonly events: readonly TraceEvent[];
}

/** How time passes in a world: from timer to timer, as far as somebody waits. */
export class WorldTime {
  readonly #options: WorldTimeOptions;

  constructor(options: WorldTimeOptions) {
    this.#options = options;
  }

  /**
   * Lets time pass until something holds, or an event has happened after this call. Fails when
   * nothing is left that could happen, or an hour of the world has passed.
   */
  async until(what: When | (() => boolean), name = nameOf(what)): Promise<void> {
    const { clock, engine, events } = this.#options;
    let happened = false;
    if (typeof what !== 'function') engine.onEvent(what, () => (happened = true));
    const holds = typeof what === 'function' ? what : () => happened;
    const end = clock.now() + HOUR_MS;
    await turns();
    while (!holds()) {
      const next = clock.untilNext;
      if (next === undefined || clock.now() > end) {
        const why = [`this did not come about: ${name}`, ...unreturned(events)];
        throw new Error(why.join('; '));
      }
      await clock.advance(next);
    }
  }

  /**
   * What the work of one side comes to, with time passing meanwhile; undefined when that side is dead
   * or dies before.
   */
  async unlessDead<T>(
    side: WorldSide | undefined,
    name: string,
    work: () => Promise<T>,
  ): Promise<T | undefined> {
    if (side === undefined || side.dead) return undefined;
    let settled: { readonly value: T } | { readonly error: unknown } | undefined;
    work().then(
      (value) => {
        settled = { value };
      },
      (error: unknown) => {
        settled = { error };
      },
    );
    await this.until(() => settled !== undefined || side.dead, name);
    if (settled !== undefined && 'error' in settled) throw settled.error;
    return settled?.value;
  }
}

function nameOf(what: When | (() => boolean)): string {
  return typeof what === 'function' ? what.toString() : describeWhen(what);
}
