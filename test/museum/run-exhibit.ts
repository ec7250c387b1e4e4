import { type RunResult, runScenario } from '../kit/scenario/run-scenario.ts';
import type { Exhibit, Variant } from './exhibit.ts';

/** What came of both runs of an exhibit. */
export interface ExhibitResult {
  readonly buggy: RunResult;
  readonly fixed: RunResult;
  /** Whether the rule told the bug from the repair, and the repair keeps every other rule too. */
  readonly isToldApart: boolean;
  /** Why not, in words; nothing when it did. */
  readonly problems: readonly string[];
}

/** Runs an exhibit with the bug, and without it. */
export async function runExhibit(exhibit: Exhibit): Promise<ExhibitResult> {
  const buggy = await runVariant(exhibit, exhibit.buggy);
  const fixed = await runVariant(exhibit, exhibit.fixed);
  const problems = [...buggyProblems(exhibit, buggy), ...fixedProblems(fixed)];
  return { buggy, fixed, isToldApart: problems.length === 0, problems };
}

function runVariant({ scenario, options }: Exhibit, variant: Variant): Promise<RunResult> {
  return runScenario({ ...scenario, ...variant }, options);
}

function buggyProblems(exhibit: Exhibit, { verdicts, unfired }: RunResult): readonly string[] {
  const { rule, alsoBreaks = [] } = exhibit;
  const named = verdicts.find(({ id }) => id === rule);
  const others = verdicts.filter(
    ({ id, holds }) => holds === false && id !== rule && !alsoBreaks.includes(id),
  );
  return [
    ...metNothing('with the bug', unfired),
    ...(named?.holds === false
      ? []
      : [`with the bug, ${rule} is ${String(named?.holds)} and not false`]),
    ...others.map(({ id }) => `with the bug, ${id} is false, too`),
  ];
}

function fixedProblems({ verdicts, breaches, failure, unfired }: RunResult): readonly string[] {
  const broken = verdicts.filter(({ holds }) => holds !== true);
  return [
    ...metNothing('without the bug', unfired),
    ...broken.map(
      ({ id, holds, why }) => `without the bug, ${id} is ${String(holds)}: ${why.join('; ')}`,
    ),
    ...breaches.map((breach) => `without the bug: ${breach}`),
    ...(failure === undefined ? [] : [`without the bug: ${failure}`]),
  ];
}

/** Without what the run is made for, neither a breach nor a rule that holds says anything. */
function metNothing(when: string, unfired: readonly string[]): readonly string[] {
  return unfired.map((each) => `${when}, no event met the fault ${each}`);
}
