import { loadVfDriver } from '#guest/load-vf-driver.ts';
import { loadPfMiniport } from '#host/pf-miniport/load.ts';
import { messageOf } from '#shared/message-of.ts';
import type { TraceEvent } from '#shared/trace/trace.ts';
import { ALL_VERSIONS } from '#shared/wire/version.ts';
import { World } from '#test/support/worlds.ts';
import type { Verdict } from '../check/checker.ts';
import { historyOf } from '../check/history.ts';
import { invariants } from '../check/index.ts';
import type { Duration } from '../duration.ts';
import type { FaultRule } from '../faults/fault.ts';
import type { AppliedFault } from '../faults/fault-engine.ts';
import type { Driver, Scenario } from './scenario.ts';
import { SimulatedWorld } from './simulated-world.ts';
import { traceHash } from './trace-hash.ts';

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
  /** Of the events. */
  readonly hash: string;
}

/** Runs a scenario once in a simulated world, ends that world, and checks what happened. */
export async function runScenario(
  scenario: Scenario,
  options: RunOptions = {},
): Promise<RunResult> {
  const pf = await driver(scenario.pf, loadPfMiniport);
  const vf = await driver(scenario.vf, (name) => loadVfDriver(scenario.profile ?? 'windows', name));
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
    await scenario.run(new SimulatedWorld(world, vf, scenario));
    if (scenario.versionOf !== undefined) await readBack(world);
  });
  return { ...result(world, scenario), failure };
}

async function driver<Factory extends object>(
  given: Driver<Factory>,
  load: (specifier: string) => Promise<Factory>,
): Promise<Factory> {
  if (given instanceof URL) return await load(given.href);
  return typeof given === 'string' ? await load(given) : given;
}

/** Runs the scenario, and the end of its world whatever it threw. */
async function failureOf(world: World, run: () => Promise<void>): Promise<string | undefined> {
  const failures: string[] = [];
  for (const work of [run, () => world.end()]) {
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
  const { faults, unfired } = world;
  const { leftovers } = world;
  const run = { events, faults, history: historyOf(events), leftovers };
  const checkers = [...invariants(scenario.versionOf), ...(scenario.checkers ?? [])];
  const verdicts = checkers.map((each) => each.check(run));
  return { events, faults, unfired, verdicts, leftovers, hash: traceHash(events) };
}
