import type { Clock } from '#shared/time/clock.ts';
import type { Trace } from '#shared/trace/trace.ts';
import { CLOSE_CODES } from '#shared/transport/close-codes.ts';
import type { FaultyTransport } from '../faults/faulty-transport.ts';
import { FreezableClock } from './freezable-clock.ts';
import { SideTrace } from './side-trace.ts';

/** What a world gives to one of its operating systems, and takes from it when it dies. */
export class WorldSide {
  readonly clock: FreezableClock;
  readonly trace: SideTrace;
  readonly #ends: { readonly device: string; readonly end: FaultyTransport }[] = [];
  #dead = false;

  constructor(clock: Clock, trace: Trace) {
    this.clock = new FreezableClock(clock);
    this.trace = new SideTrace(trace);
  }

  get dead(): boolean {
    return this.#dead;
  }

  /** This side's end of the channel of a VF. */
  end(device: string, end: FaultyTransport): FaultyTransport {
    this.#ends.push({ device, end });
    if (this.#dead) end.die(LOST);
    return end;
  }

  /** Breaks the channel of a VF, or of all. */
  cut(device: string | undefined): void {
    for (const each of this.#ends) {
      if (device === undefined || each.device === device) each.end.close(LOST);
    }
  }

  die(): void {
    if (this.#dead) return;
    this.#dead = true;
    this.clock.freeze();
    this.trace.die();
    for (const { end } of this.#ends) end.die(LOST);
  }
}

const LOST = { code: CLOSE_CODES.lost.code, reason: 'the connection broke' };
