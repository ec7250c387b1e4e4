import { assertFired, RunError } from '../check/assert-holds.ts';
import { chainTo } from '../check/chain.ts';
import type { Verdict } from '../check/checker.ts';
import { type RunOptions, type RunResult, runScenario } from '../scenario/run-scenario.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { chainLines, statusDifferences } from './status-differences.ts';

/** A scenario as it went in a simulated world, and between processes. */
export interface BothWorlds {
  readonly simulated: RunResult;
  readonly processes: RunResult;
  /** Where they differ and must not, in sentences, with both chains. */
  readonly differences: readonly string[];
  /** Where they differ as the scenario says that real time may have it. */
  readonly leftToRealTime: readonly string[];
}

interface Difference {
  readonly text: string;
  /** As `RealTime.what` has it. */
  readonly what: string;
}

/**
 * Runs a scenario in a simulated world and between processes, with the same faults, and compares: the
 * verdict of each rule, whether the scenario came to its end, which faults met an event, who died, and
 * which statuses each hop reported for each VF and block. What a scenario leaves to real time may differ.
 *
 * @throws as `runScenario` does
 */
export async function checkBothWorlds(
  scenario: Scenario,
  options: Omit<RunOptions, 'world'> = {},
): Promise<BothWorlds> {
  const simulated = await runScenario(scenario, { ...options, world: 'simulated' });
  const processes = await runScenario(scenario, { ...options, world: 'processes' });
  const all = differencesOf(simulated, processes);
  const { dependsOnRealTime } = scenario;
  const isLeft = ({ what }: Difference): boolean =>
    dependsOnRealTime !== undefined && dependsOnRealTime.what?.includes(what) !== false;
  return {
    simulated,
    processes,
    differences: all.filter((each) => !isLeft(each)).map(({ text }) => text),
    leftToRealTime: all
      .filter(isLeft)
      .map(({ text }) => `left to real time, since ${dependsOnRealTime?.why}: ${text}`),
  };
}

/** @throws RunError with every difference that real time does not excuse, or faults that met no event */
export function assertAgree({ simulated, differences }: BothWorlds): void {
  if (differences.length > 0) throw new RunError(differences.join('\n'));
  assertFired(simulated.unfired);
}

function differencesOf(simulated: RunResult, processes: RunResult): readonly Difference[] {
  return [
    ...simulated.verdicts.flatMap((verdict) => verdictDifference(verdict, simulated, processes)),
    ...endDifference(simulated, processes),
    ...sentenceDifference('faults', faultsOf(simulated), faultsOf(processes)),
    ...sentenceDifference('deaths', deadIn(simulated), deadIn(processes)),
    ...statusDifferences(simulated, processes).map((text) => ({ what: 'statuses', text })),
  ];
}

function verdictDifference(
  verdict: Verdict,
  simulated: RunResult,
  processes: RunResult,
): readonly Difference[] {
  const { id: rule } = verdict;
  const other = processes.verdicts.find(({ id }) => id === rule);
  if (other === undefined || other.holds === verdict.holds) return [];
  const lines = [
    `${rule} ${outcomeOf(verdict)} in the simulated world, ${outcomeOf(other)} between processes`,
    ...reasons('in the simulated world', verdict, simulated),
    ...reasons('between processes', other, processes),
  ];
  return [{ what: rule, text: lines.join('\n') }];
}

function outcomeOf({ holds }: Verdict): string {
  if (holds === 'unknown') return 'cannot be told';
  return holds ? 'holds' : 'is violated';
}

/** What a verdict rests on, and how it came to the last of the events that it names. */
function reasons(where: string, { why, events }: Verdict, run: RunResult): readonly string[] {
  const last = run.events.find(({ seq }) => seq === events.at(-1));
  return [
    ...why.map((sentence) => `  ${where}: ${sentence}`),
    ...(last === undefined ? [] : chainLines(where, chainTo(run.events, last))),
  ];
}

function sentenceDifference(what: string, left: string, right: string): readonly Difference[] {
  if (left === right) return [];
  return [{ what, text: `${what}: ${left} in the simulated world, ${right} between processes` }];
}

/** Whether the scenario came to its end. Why it did not is told in other words where time is real. */
function endDifference(simulated: RunResult, processes: RunResult): readonly Difference[] {
  if ((simulated.failure === undefined) === (processes.failure === undefined)) return [];
  return sentenceDifference('end', endOf(simulated), endOf(processes));
}

function endOf({ failure }: RunResult): string {
  return failure === undefined
    ? 'the scenario came to it'
    : `the scenario did not come to it (${failure})`;
}

function faultsOf({ unfired }: RunResult): string {
  return unfired.length === 0 ? 'each met an event' : `no event met "${unfired.join('", "')}"`;
}

function deadIn({ dead }: RunResult): string {
  const names = [...(dead?.host === true ? ['the host'] : []), ...[...(dead?.guests ?? [])].sort()];
  return names.length === 0 ? 'nobody died' : `${names.join(', ')} died`;
}
