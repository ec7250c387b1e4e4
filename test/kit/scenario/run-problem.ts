import { DURATION, durationOf } from '../duration.ts';
import type { RunOptions } from './run-scenario.ts';
import type { Scenario } from './scenario.ts';

/** A packet that takes longer is as good as lost. */
const LONGEST_LATENCY_MS = 60_000;

/** Where a scenario runs: in one process under a clock of its own, or in a process for each system. */
export const WORLD_KINDS = ['simulated', 'processes'] as const;

const OPTIONS: Readonly<Record<keyof RunOptions, true>> = {
  world: true,
  seed: true,
  latency: true,
  faults: true,
};

const SCENARIO: Readonly<Record<keyof Scenario, true>> = {
  name: true,
  pf: true,
  vf: true,
  file: true,
  profile: true,
  bus: true,
  versions: true,
  numVfs: true,
  pfs: true,
  writeSizeQuirk: true,
  pfConfiguration: true,
  vfConfiguration: true,
  versionOf: true,
  checkers: true,
  dependsOnRealTime: true,
  run: true,
};

/**
 * Checks what a caller gave, in JavaScript or where nobody checks types: why there is no such run. A
 * member that nobody knows would change nothing, and the run would show less than it seems to.
 */
export function runProblem(scenario: Scenario, options: RunOptions): string | undefined {
  const { world = 'simulated', seed, faults = [] } = options;
  return (
    strangerIn('a scenario', scenario, SCENARIO) ??
    strangerIn('a run', options, OPTIONS) ??
    (WORLD_KINDS.includes(world)
      ? undefined
      : `world is ${String(world)}; expected ${WORLD_KINDS.join(' or ')}`) ??
    (seed === undefined || Number.isSafeInteger(seed)
      ? undefined
      : `seed is ${String(seed)}; expected a whole number`) ??
    latencyProblem(options) ??
    (Array.isArray(faults) ? undefined : 'faults is no list of rules')
  );
}

function strangerIn(what: string, given: object, known: object): string | undefined {
  const stranger = Object.keys(given).find((key) => !Object.hasOwn(known, key));
  return stranger === undefined
    ? undefined
    : `${what} has no member ${stranger}; it may have ${Object.keys(known).join(', ')}`;
}

function latencyProblem({ latency = 0 }: RunOptions): string | undefined {
  const time = durationOf(latency);
  if (time === undefined) return `latency is ${String(latency)}; expected ${DURATION}`;
  return time <= LONGEST_LATENCY_MS
    ? undefined
    : `latency is ${latency}; expected ${LONGEST_LATENCY_MS / 1000}s at most`;
}
