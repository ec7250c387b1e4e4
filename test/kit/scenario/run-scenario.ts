import { messageOf } from '#shared/message-of.ts';
import type { TraceEvent } from '#shared/trace/trace.ts';
import { ALL_VERSIONS } from '#shared/wire/version.ts';
import { checkRun } from '../check/check-run.ts';
import type { Dead, Verdict } from '../check/checker.ts';
import { freshReads } from '../check/fresh-reads.ts';
import { historyOf } from '../check/history.ts';
import type { Duration } from '../duration.ts';
import type { FaultRule } from '../faults/fault.ts';
import type { AppliedFault } from '../faults/fault-engine.ts';
import { World } from '../world/world.ts';
import { loadDrivers } from './load-drivers.ts';
import type { Scenario } from './scenario.ts';
import { SimulatedWorld } from './simulated-world.ts';
import { traceHash } from './trace-hash.ts';
import { withWatchdog } from './watchdog.ts';

/** What decides a run beside its scenario. The same options give the same run, to the byte. */
export interface RunOptions {
  /** Decides every random number. Default: none is random. */
  readonly seed?: number | undefined;
  /** The longest time that a frame takes. */
  readonly latency?: Duration | undefined;
  readonly faults?: readonly FaultRule[];
}

/** What came of a run. */
export interface RunResult {
  readonly events: readonly TraceEvent[];
  readonly faults: readonly AppliedFault[];
  /** Fault rules that met nothing, in words. A test with one proves less than it says. */
  readonly unfired: readonly string[];
  /** The verdict of every checker, in order. */
  readonly verdicts: readonly Verdict[];
  /** What the scenario threw; undefined when it ran to its end. */
  readonly failure: string | undefined;
  /** What was left when the world had ended, in words. */
  readonly leftovers: readonly string[];
  /** Which operating systems died, by a fault or by the scenario itself. */
  readonly dead?: Dead | undefined;
  /** Of the events. */
  readonly hash: string;
}

/** Runs a scenario once in a simulated world, ends that world, and checks what happened. */
export async function runScenario(
  scenario: Scenario,
  options: RunOptions = {},
): Promise<RunResult> {
  const { pf, vf } = await loadDrivers(scenario);
  const world = new World({
    ...options,
    pf,
    numVfs: scenario.numVfs ?? 4,
    versions: scenario.versions?.host ?? ALL_VERSIONS,
    configuration: scenario.pfConfiguration ?? new Map(),
  });
  const failure = await failureOf(world, async () => {
    const refusal = await world.start();
    if (refusal !== undefined) throw new Error(refusal);
    const simulated = new SimulatedWorld(world, vf, scenario);
    await withWatchdog(
      () => scenario.run(simulated),
      () => `${world.events.length} ${world.clock.now()}`,
    );
    if (scenario.versionOf !== undefined) await readBack(world);
  });
  return { ...result(world, scenario), failure };
}

/** Runs the scenario, and the end of its world whatever it threw. */
async function failureOf(world: World, run: () => Promise<void>): Promise<string | undefined> {
  const failures: string[] = [];
  for (const work of [run, () => world.stop()]) {
    try {
      await work();
    } catch (error) {
      failures.push(messageOf(error));
    }
  }
  return failures.length === 0 ? undefined : failures.join('; ');
}

/** Asks the PF for what its VFs have read, so that the run shows what they ought to have by now. */
async function readBack(world: World): Promise<void> {
  await world.settled();
  if (world.isHostDead) return;
  const { requests, lives } = historyOf(world.events);
  for (const { device, generation, vfId, freed } of lives) {
    if (freed !== undefined) continue;
    const lengths = new Map<number, number>();
    for (const { kind, call } of requests) {
      const isOwn = call.device === device && call.generation === generation;
      if (kind === 'read' && isOwn) lengths.set(call.blockId ?? 0, call.length ?? 0);
    }
    for (const [blockId, length] of lengths) await world.hostRead(vfId, blockId, length);
  }
}

function result(world: World, scenario: Scenario): Omit<RunResult, 'failure'> {
  const events = [...world.events];
  const { faults, unfired, leftovers, dead } = world;
  const checkers = [freshReads(scenario.versionOf), ...(scenario.checkers ?? [])];
  const verdicts = checkRun({ events, faults, leftovers, dead }, checkers);
  return { events, faults, unfired, verdicts, leftovers, dead, hash: traceHash(events) };
}
