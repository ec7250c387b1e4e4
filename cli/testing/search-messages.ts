import type { ExploreResult } from '#test/kit/search/explore.ts';
import type { SweepResult, SweptRun } from '#test/kit/search/sweep.ts';
import type { DriverFlags, LoadedScenario } from './scenario-file.ts';

/** What the process of a search is to do. */
export interface SearchOrder {
  readonly kind: 'sweep' | 'explore';
  /** The file of the scenario, as the command was given it. */
  readonly file: string;
  readonly flags: DriverFlags;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly beyondTheModel: boolean;
  readonly seeds: number;
  readonly firstSeed: number;
}

/** What is told of a scenario that only the other process has loaded. */
export type ScenarioFacts = Pick<LoadedScenario, 'path' | 'drivers'> & { readonly name: string };

/** What a search comes to. */
export interface Found {
  readonly sweep?: SweepResult;
  readonly explore?: ExploreResult;
  readonly facts: ScenarioFacts;
}

/** What the process of a search tells. */
export type SearchReport =
  /** It lets go of its thread. */
  | { readonly type: 'alive' }
  | {
      readonly type: 'progress';
      readonly done: number;
      readonly all: number;
      readonly unknown: number;
    }
  | { readonly type: 'shrinking'; readonly runs: number }
  | { readonly type: 'run'; readonly run: SweptRun }
  | { readonly type: 'found'; readonly found: Found }
  /** Why there is nothing to tell: the command was used wrongly, or something is wrong with us. */
  | { readonly type: 'failed'; readonly message: string; readonly isMisuse: boolean };

/** What it is told, once it has its order: to end with what it has. */
export const END_SEARCH = 'end';

/** How often it tells that it is alive. */
export const PULSE_MS = 500;
