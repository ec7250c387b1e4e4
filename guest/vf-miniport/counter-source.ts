import { type ReadCounters, readMachineCounters } from './machine-counters.ts';

/** `StatisticsSource`: what a VF counts. `channel` makes a run repeatable, `machine` is the default. */
export const STATISTICS_SOURCES = ['machine', 'channel'] as const;

/** Where statistics come from: a VF that is shown no counters of the machine counts its channel. */
export function counterSource(configuration: ReadonlyMap<string, string>): ReadCounters {
  return configuration.get('StatisticsSource') === 'channel'
    ? () => Promise.resolve(undefined)
    : () => readMachineCounters();
}
