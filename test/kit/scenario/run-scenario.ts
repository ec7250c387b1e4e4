import type { TraceEvent } from '#shared/trace/trace.ts';
import { headline, type VerifierReport } from '#shared/verifier/report.ts';
import { type FoundVersions, versionsIn } from '../check/block-versions.ts';
import { checkRun } from '../check/check-run.ts';
import type { Checker, Dead, Verdict } from '../check/checker.ts';
import { historyOf } from '../check/history.ts';
import type { Duration } from '../duration.ts';
import type { FaultRule } from '../faults/fault.ts';
import type { AppliedFault } from '../faults/fault-engine.ts';
import { MisuseError } from '../misuse-error.ts';
import { ProcessWorld } from '../processes/process-world.ts';
import { CheckedWorld } from './checked-world.ts';
import { type Broken, failureOf } from './failures.ts';
import { runProblem, WORLD_KINDS } from './run-problem.ts';
import type { RunWorld } from './run-world.ts';
import type { Scenario } from './scenario.ts';
import { SimulatedRun } from './simulated-run.ts';
import { traceHash } from './trace-hash.ts';
import { withWatchdog } from './watchdog.ts';

export { WORLD_KINDS };

export type WorldKind = (typeof WORLD_KINDS)[number];

/** What decides a run beside its scenario. In a simulated world the same options give the same run, to the byte. */
export interface RunOptions {
  /** Default simulated. */
  readonly world?: WorldKind | undefined;
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
  /** Rules of the verifier that a miniport broke, and no fault explains, in sentences with their events. */
  readonly breaches: readonly string[];
  /** Why the run was not what it was meant to be; undefined when the scenario ran to its end. */
  readonly failure: string | undefined;
  /** Whether that is the scenario's own doing: it used its world wrongly, or threw; else undefined. */
  readonly broken?: Broken | undefined;
  /** What was left when the world had ended, in words. */
  readonly leftovers: readonly string[];
  /** Which operating systems died, by a fault or by the scenario itself. */
  readonly dead?: Dead | undefined;
  /** The `seq` of the last event of the scenario itself; what follows is the end of its world. */
  readonly end?: number | undefined;
  /** Of the events. */
  readonly hash: string;
  /** The versions of the blocks that were read, as the scenario's `versionOf` has them. */
  readonly versions?: FoundVersions | undefined;
  /** The checkers of the scenario itself, which a file cannot have. */
  readonly own?: readonly Pick<Checker, 'id' | 'rule'>[] | undefined;
}

/**
 * Runs a scenario once in a world of its own, ends that world, and checks what happened.
 *
 * @throws MisuseError for a scenario or options that are none, FaultRuleError for faults that cannot be
 *   done; in a simulated world PlugInError for drivers that cannot be loaded; ProcessWorldError for a
 *   scenario that cannot run between processes
 */
export async function runScenario(
  scenario: Scenario,
  options: RunOptions = {},
): Promise<RunResult> {
  const problem = runProblem(scenario, options);
  if (problem !== undefined) throw new MisuseError(problem);
  const world = await newWorld(scenario, options);
  const checked = new CheckedWorld(world.forScenario, scenario);
  let refusal: string | undefined;
  const works = [
    async () => {
      refusal = await world.start();
      if (refusal !== undefined) return;
      await act(scenario, world, checked);
      await world.delivered();
      if (scenario.versionOf !== undefined) await readBack(world);
      world.endScenario();
    },
    () => world.stop(),
  ];
  const { failure, broken } = await failureOf(checked, works);
  const failures = [refusal, failure].filter((each) => each !== undefined);
  const all = failures.length === 0 ? undefined : failures.join('; ');
  return { ...result(world, scenario), failure: all, broken };
}

async function newWorld(scenario: Scenario, options: RunOptions): Promise<RunWorld> {
  return options.world === 'processes'
    ? new ProcessWorld(scenario, options)
    : await SimulatedRun.create(scenario, options);
}

/** Has the scenario do what it does. */
async function act(scenario: Scenario, world: RunWorld, checked: CheckedWorld): Promise<void> {
  try {
    await withWatchdog(
      () => scenario.run(checked),
      () => world.progress,
    );
  } catch (error) {
    checked.thrown(error);
    throw error;
  }
  checked.returned();
}

/** Asks the PF for what its VFs have read, so that the run shows what they ought to have by now. */
async function readBack(world: RunWorld): Promise<void> {
  await world.forScenario.settle();
  if (world.dead.host) return;
  const { requests, lives } = historyOf(world.events);
  for (const { device, generation, vfId, pf, freed } of lives) {
    if (freed !== undefined) continue;
    const lengths = new Map<number, number>();
    for (const { kind, call } of requests) {
      const isOwn = call.device === device && call.generation === generation;
      if (kind === 'read' && isOwn) lengths.set(call.blockId ?? 0, call.length ?? 0);
    }
    for (const [blockId, length] of lengths) await world.hostRead(vfId, blockId, length, pf);
  }
}

function breachText(report: VerifierReport): string {
  const seqs = report.events.map(({ seq }) => seq);
  return `${headline(report)} (${seqs.length === 1 ? 'event' : 'events'} ${seqs.join(', ')})`;
}

function result(
  world: RunWorld,
  { versionOf, checkers = [] }: Scenario,
): Omit<RunResult, 'failure' | 'broken'> {
  const { events, faults, unfired, leftovers, dead, scenarioEnd: end } = world;
  const history = historyOf(events);
  const versions: FoundVersions =
    versionOf === undefined
      ? { bySeq: new Map() }
      : versionsIn({ events, faults, history }, versionOf);
  const run = { events, faults, history, leftovers, dead, end, versions };
  const verdicts = checkRun(run, checkers);
  const breaches = [...new Set(world.breaches.map(breachText))];
  const own = checkers.map(({ id, rule }) => ({ id, rule }));
  const hash = traceHash(events);
  const found = { verdicts, breaches, leftovers, dead, end };
  return { events, faults, unfired, ...found, versions, own, hash };
}
