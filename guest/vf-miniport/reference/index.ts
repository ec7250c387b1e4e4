import { defineVfMiniport, type VfMiniportFactory } from '../../ndis/vf-miniport.ts';
import { configBlockVf } from '../config-block-vf.ts';
import { counterSource } from '../counter-source.ts';
import type { ReadCounters } from '../machine-counters.ts';
import { type OnApplied, ReferenceVf } from './reference-vf.ts';

export type { ReadCounters } from '../machine-counters.ts';
export type { OnApplied } from './reference-vf.ts';

export type { VfConfiguration } from './vf-configuration.ts';

export interface ReferenceVfOptions {
  /** Told of each configuration that the VF puts in force. */
  readonly onApplied?: OnApplied;
  /** Where the statistics come from, instead of the machine's network interfaces. */
  readonly readCounters?: ReadCounters;
}

/** The VF miniport of the reference NIC. */
export function createReferenceVf(options: ReferenceVfOptions = {}): VfMiniportFactory {
  const onApplied = options.onApplied ?? (() => {});
  return defineVfMiniport((adapter) => {
    const readCounters = options.readCounters ?? counterSource(adapter.configuration);
    return configBlockVf(new ReferenceVf(adapter, readCounters, onApplied));
  });
}

export default createReferenceVf();
