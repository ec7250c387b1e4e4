import type { Clock } from '#shared/time/clock.ts';
import type { Trace } from '#shared/trace/trace.ts';
import type { Dead } from '../check/checker.ts';
import { WorldSide } from './world-side.ts';

/** The operating systems of a world, each of which may die. */
export class WorldSides {
  readonly host: WorldSide;
  readonly #guests = new Map<string, WorldSide>();
  readonly #clock: Clock;
  readonly #trace: Trace;

  constructor(clock: Clock, trace: Trace) {
    this.#clock = clock;
    this.#trace = trace;
    this.host = new WorldSide(clock, trace);
  }

  newGuest(name: string): WorldSide {
    const side = new WorldSide(this.#clock, this.#trace);
    this.#guests.set(name, side);
    return side;
  }

  guest(name: string): WorldSide | undefined {
    return this.#guests.get(name);
  }

  get dead(): Dead {
    const guests = [...this.#guests].filter(([, { dead }]) => dead).map(([name]) => name);
    return { host: this.host.dead, guests };
  }

  /** Whether a guest has died. */
  isDead(name: string): boolean {
    return this.#guests.get(name)?.dead === true;
  }

  /** Whether the operating system of an adapter has died: of a PF, or of a VF such as `g1/0`. */
  isDeadUnder(adapter: string): boolean {
    return adapter.includes('/') ? this.isDead(guestOf(adapter)) : this.host.dead;
  }

  /** Breaks the channel of a VF, or of all. */
  cut(device: string | undefined): void {
    for (const side of this.#all) side.cut(device);
  }

  /** An event that belongs to no VF is of the host, whose death is meant then. */
  kill(side: 'guest' | 'host', device: string | undefined): void {
    if (side === 'guest' && device !== undefined) this.guest(guestOf(device))?.die();
    else this.host.die();
  }

  killAll(): void {
    for (const side of this.#all) side.die();
  }

  get #all(): readonly WorldSide[] {
    return [this.host, ...this.#guests.values()];
  }
}

/** The name of the guest that has a device: that of `g1/0` is `g1`. */
function guestOf(device: string): string {
  return device.slice(0, device.lastIndexOf('/'));
}
