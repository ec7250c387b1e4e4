import type { HopName } from './hops.ts';

/** One hop that happened. Only plain data: an event is sent between processes and kept in files. */
export interface TraceEvent {
  /** Counts the events of one process from 1. */
  readonly seq: number;
  /** Milliseconds since the Unix epoch, with a fraction. */
  readonly at: number;
  readonly hop: HopName;
  /** The documented name of what travels: an OID, an IOCTL, a message or a function. */
  readonly name: string;
  /** Which VF of which guest, as both partitions know it: `g1/0`. */
  readonly device?: string | undefined;
  /** The PF by its name; only the management OS knows it. */
  readonly pf?: string | undefined;
  /** Only the management OS knows it. */
  readonly vfId?: number | undefined;
  /** The VF instance; a VF that is allocated again has another. */
  readonly generation?: number | undefined;
  readonly transactionId?: number | undefined;
  readonly blockId?: number | undefined;
  /** Bytes of block data, requested or moved; or of memory, requested. */
  readonly length?: number | undefined;
  /** Block data in hexadecimal, where a miniport hands it over or receives it, if the trace keeps it. */
  readonly data?: string | undefined;
  /** A BlockMask, sixteen hexadecimal digits after `0x`. */
  readonly mask?: string | undefined;
  /** NDIS_STATUS, NTSTATUS, or 0 and a negative errno: the hop says which. */
  readonly status?: number | undefined;
  /** The `seq` of the event of the same process that led to this one. */
  readonly cause?: number | undefined;
  readonly note?: string | undefined;
}

/** What a hop reports; the trace adds number and time. */
export type TraceEntry = Omit<TraceEvent, 'seq' | 'at' | 'pf'>;

export type TraceListener = (event: TraceEvent) => void;

/**
 * The one seam through which every hop can be seen. Where nobody listens, `enabled` is false and a
 * caller does not even build the entry:
 *
 *     const cause = trace.enabled ? trace.record({ hop: 'ioCallDriver', … }) : 0;
 */
export class Trace {
  readonly #now: () => number;
  readonly #listeners = new Set<TraceListener>();
  /** Whether events carry block data; a trace on which somebody checks what was read needs it. */
  readonly keepsData: boolean;
  #seq = 0;
  #enabled = false;

  constructor(now: () => number, { keepsData = false } = {}) {
    this.#now = now;
    this.keepsData = keepsData;
  }

  get enabled(): boolean {
    return this.#enabled;
  }

  /** Adds a listener; calling what is returned removes it. A listener must not throw. */
  listen(listener: TraceListener): () => void {
    this.#listeners.add(listener);
    this.#enabled = true;
    return () => {
      this.#listeners.delete(listener);
      this.#enabled = this.#listeners.size > 0;
    };
  }

  /** Reports a hop and returns its number, to be the `cause` of what follows from it. */
  record(entry: TraceEntry, pf?: string): number {
    const seq = ++this.#seq;
    const event: TraceEvent = {
      seq,
      at: this.#now(),
      hop: entry.hop,
      name: entry.name,
      device: entry.device,
      pf,
      vfId: entry.vfId,
      generation: entry.generation,
      transactionId: entry.transactionId,
      blockId: entry.blockId,
      length: entry.length,
      data: entry.data,
      mask: entry.mask,
      status: entry.status,
      cause: entry.cause,
      note: entry.note,
    };
    for (const listener of this.#listeners) listener(event);
    return seq;
  }
}
