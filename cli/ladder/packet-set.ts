import type { TraceEvent } from '#shared/trace/trace.ts';
import { packetEnd } from './packet-end.ts';

type Generation = number | undefined;

/**
 * Packets, whichever end of theirs an event tells of. Two events are of one packet when device,
 * kind and transaction id are the same, and the generation where both know it: a guest learns it
 * after its first packets.
 */
export class PacketSet {
  readonly #packets = new Map<string, Generation[]>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  add(event: TraceEvent): void {
    const key = keyOf(event);
    const generations = this.#packets.get(key) ?? [];
    if (generations.includes(event.generation)) return;
    this.#packets.set(key, [...generations, event.generation]);
    this.#size++;
  }

  has(event: TraceEvent): boolean {
    return this.#packets.get(keyOf(event))?.some((each) => fits(each, event.generation)) === true;
  }

  delete(event: TraceEvent): void {
    const key = keyOf(event);
    const generations = this.#packets.get(key) ?? [];
    const left = generations.filter((each) => !fits(each, event.generation));
    if (left.length === 0) this.#packets.delete(key);
    else this.#packets.set(key, left);
    this.#size -= generations.length - left.length;
  }

  /** Forgets what has been here longest. */
  dropOldest(): void {
    for (const [key, generations] of this.#packets) {
      this.#packets.delete(key);
      this.#size -= generations.length;
      return;
    }
  }
}

function keyOf(event: TraceEvent): string {
  return `${packetEnd(event.hop)?.packet} ${event.transactionId} ${event.device}`;
}

function fits(one: Generation, other: Generation): boolean {
  return one === undefined || other === undefined || one === other;
}
