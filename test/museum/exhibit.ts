import type { RunOptions } from '../kit/scenario/run-scenario.ts';
import type { Scenario } from '../kit/scenario/scenario.ts';

/** What one run of an exhibit has in the place of what its scenario has: other drivers, or another guest. */
export type Variant = Partial<Pick<Scenario, 'pf' | 'vf' | 'profile' | 'bus' | 'versions'>>;

/**
 * A bug that happened: its story, the drivers with and without it, the scenario that brings it out, and
 * the rule that tells them apart.
 */
export interface Exhibit {
  /** As the catalogue of scenarios has it: `S10`. */
  readonly id: string;
  /** The bug, in one line. */
  readonly title: string;
  /** Where it was reported or mended. */
  readonly sources: readonly string[];
  /** What happened, in plain words: a file beside the exhibit. */
  readonly story: URL;
  readonly scenario: Scenario;
  /** What befalls the run, and its seed. */
  readonly options?: RunOptions;
  /** The id of the checker that the bug breaks, and the repair does not. */
  readonly rule: string;
  /** Other checkers that the bug breaks, with what it leaves behind. Default none. */
  readonly alsoBreaks?: readonly string[];
  /** Where the two variants part: a file, relative to the exhibit's, and a piece of the one line in it. */
  readonly where: { readonly file: string; readonly line: string };
  readonly buggy: Variant;
  readonly fixed: Variant;
}

/** Gives an exhibit its types. */
export function defineExhibit(exhibit: Exhibit): Exhibit {
  return exhibit;
}
