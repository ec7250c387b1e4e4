import type { Random } from '#shared/time/random.ts';
import { createLinkedPair } from '#shared/transport/in-memory.ts';
import type { Transport } from '#shared/transport/transport.ts';
import { FaultyTransport, type FaultyTransportOptions } from '../faults/faulty-transport.ts';
import { ControlledTransport } from './controlled-transport.ts';
import type { WorldSide } from './world-side.ts';

/** The two ends of one channel. */
export interface Link {
  readonly guest: ControlledTransport;
  readonly host: ControlledTransport;
}

export interface WorldLinksOptions extends Pick<FaultyTransportOptions, 'engine' | 'clock'> {
  readonly host: WorldSide;
  /** The longest time that a frame takes, in milliseconds. */
  readonly latency: number;
  readonly random: Random;
}

/** The channels of a world, whose frames take their time, and are befallen by faults. */
export class WorldLinks {
  readonly #options: WorldLinksOptions;

  constructor(options: WorldLinksOptions) {
    this.#options = options;
  }

  /** Joins the two sides of a VF with a new channel. */
  open(device: string, guest: WorldSide): Link {
    const [left, right] = createLinkedPair();
    return {
      guest: this.#end(device, guest, left),
      host: this.#end(device, this.#options.host, right),
    };
  }

  #end(device: string, side: WorldSide, inner: Transport): ControlledTransport {
    const { engine, clock } = this.#options;
    const latency = (): number => this.#latency();
    const faulty = new FaultyTransport({ inner, engine, clock, latency });
    return new ControlledTransport(side.end(device, faulty));
  }

  #latency(): number {
    const { latency, random } = this.#options;
    return latency === 0 ? 0 : Math.floor(random() * (latency + 1));
  }
}
