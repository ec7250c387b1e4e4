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

function buggyProblems({ rule }: Exhibit, { verdicts, unfired }: RunResult): readonly string[] {
  const verdict = verdicts.find(({ id }) => id === rule);
  const problems = unfired.map((each) => `with the bug, no event met the fault ${each}`);
  if (verdict?.holds === false) return problems;
  return [...problems, `with the bug, ${rule} is ${String(verdict?.holds)} and not false`];
}

function fixedProblems({ verdicts, failure }: RunResult): readonly string[] {
  const broken = verdicts.filter(({ holds }) => holds !== true);
  const problems = broken.map(
    ({ id, holds, why }) => `without the bug, ${id} is ${String(holds)}: ${why.join('; ')}`,
  );
  return failure === undefined ? problems : [...problems, `without the bug: ${failure}`];
}
