import type { HopName } from '#shared/trace/hops.ts';
import type { Trace } from '#shared/trace/trace.ts';
import { vfEntry } from '#shared/trace/vf-entry.ts';
import type { VfIdentity } from '#shared/trace/vf-identity.ts';
import type { BusDataMoved, BusInterfaceStandard } from '../io/bus-interface.ts';

export interface BusDataCallsOptions {
  readonly busInterface: BusInterfaceStandard;
  readonly trace: Trace;
  readonly identity: () => VfIdentity;
}

/** A routine of the bus driver, and what the trace shows of the call that led to it. */
interface BusDataCall {
  readonly name: 'NdisMGetBusData' | 'NdisMSetBusData';
  readonly called: HopName;
  readonly returned: HopName;
}

const GET: BusDataCall = {
  name: 'NdisMGetBusData',
  called: 'ndisMGetBusData',
  returned: 'ndisMGetBusDataReturn',
};

const SET: BusDataCall = {
  name: 'NdisMSetBusData',
  called: 'ndisMSetBusData',
  returned: 'ndisMSetBusDataReturn',
};

/**
 * NdisMGetBusData and NdisMSetBusData of one VF miniport. NDIS hands them to the bus driver beneath,
 * which knows what its device has.
 */
export class BusDataCalls {
  readonly #options: BusDataCallsOptions;

  constructor(options: BusDataCallsOptions) {
    this.#options = options;
  }

  async get(
    whichSpace: number,
    offset: number,
    buffer: Uint8Array,
    length: number,
  ): Promise<number> {
    const cause = this.#called(GET, length);
    const { busInterface } = this.#options;
    const moved = await busInterface.getBusData(whichSpace, buffer, offset, length, cause);
    return this.#returned(GET, moved);
  }

  async set(
    whichSpace: number,
    offset: number,
    buffer: Uint8Array,
    length: number,
  ): Promise<number> {
    const cause = this.#called(SET, length);
    const { busInterface } = this.#options;
    const moved = await busInterface.setBusData(whichSpace, buffer, offset, length, cause);
    return this.#returned(SET, moved);
  }

  #called({ called: hop, name }: BusDataCall, length: number): number {
    const { trace, identity } = this.#options;
    return trace.enabled ? trace.record(vfEntry(hop, name, identity(), { length })) : 0;
  }

  #returned({ returned: hop, name }: BusDataCall, { count, cause }: BusDataMoved): number {
    const { trace, identity } = this.#options;
    if (trace.enabled) trace.record(vfEntry(hop, name, identity(), { length: count, cause }));
    return count;
  }
}
