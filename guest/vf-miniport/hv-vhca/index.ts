import { defineVfMiniport, type VfMiniportFactory } from '../../ndis/vf-miniport.ts';
import { configBlockVf } from '../config-block-vf.ts';
import { counterSource } from '../counter-source.ts';
import type { ReadCounters } from '../machine-counters.ts';
import { HvVhcaVf } from './hv-vhca-vf.ts';

export interface HvVhcaVfOptions {
  /** Where the statistics come from, instead of the machine's network interfaces. */
  readonly readCounters?: ReadCounters;
}

/** The VF miniport that speaks the blocks of mlx5's hv_vhca. */
export function createHvVhcaVf(options: HvVhcaVfOptions = {}): VfMiniportFactory {
  return defineVfMiniport((adapter) => {
    const readCounters = options.readCounters ?? counterSource(adapter.configuration);
    return configBlockVf(new HvVhcaVf(adapter, readCounters));
  });
}

export default createHvVhcaVf();
