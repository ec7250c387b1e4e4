import type { TraceEvent } from '#shared/trace/trace.ts';
import type { AppliedFault } from '../faults/fault-engine.ts';
import type { FoundVersions } from './block-versions.ts';
import type { History } from './history.ts';

/** Which operating systems have died in a run. */
export interface Dead {
  readonly host: boolean;
  readonly guests: readonly string[];
}

/** What a checker looks at: one finished run. */
export interface Run {
  readonly events: readonly TraceEvent[];
  /** The faults that befell the run: what they explain is no fault of the drivers. */
  readonly faults: readonly AppliedFault[];
  readonly history: History;
  /**
   * The `seq` of the last event of the scenario itself, before its world took its sides down; undefined
   * where nobody knows: then the scenario has no end but that of the trace.
   */
  readonly end?: number | undefined;
  /** Who died, by a fault or by the scenario itself; undefined where only the faults are known. */
  readonly dead?: Dead | undefined;
  /** What is left when the world has ended, in words; undefined for a run that only a file shows. */
  readonly leftovers?: readonly string[] | undefined;
  /** The versions of the blocks that were read; undefined where nobody knows of any. */
  readonly versions?: FoundVersions | undefined;
}

/** What a checker found. */
export interface Verdict {
  /** The checker's id. */
  readonly id: string;
  /** `unknown`: the trace does not show enough to tell. */
  readonly holds: true | false | 'unknown';
  /** Sentences that name the events in order; for one that holds, what it rests on, if anything. */
  readonly why: readonly string[];
  /** The `seq` of the events that the sentences name. */
  readonly events: readonly number[];
}

/** Something that ought to hold in every run. */
export interface Checker {
  /** `I1` to `I10` are the kit's own. */
  readonly id: string;
  /** What ought to hold, in one sentence. */
  readonly rule: string;
  check(run: Run): Verdict;
}

/** One breach of a rule, or one place where it cannot be told. */
export interface Finding {
  readonly why: string;
  readonly events: readonly number[];
}

/** Why a rule did not hold, or nobody can tell, each sentence with the id; nothing for one that held. */
export function reasonsOf({ id, holds, why }: Verdict): readonly string[] {
  if (holds === true) return [];
  const reasons = why.length > 0 ? why : [holds === false ? 'it did not hold' : 'nobody can tell'];
  return reasons.map((sentence) => `${id}: ${sentence}`);
}

/** A verdict from what was found: any breach decides, and otherwise any doubt. */
export function verdict(
  id: string,
  breaches: readonly Finding[],
  doubts: readonly Finding[] = [],
): Verdict {
  const holds = breaches.length > 0 ? false : doubts.length > 0 ? 'unknown' : true;
  const findings = breaches.length > 0 ? breaches : doubts;
  return {
    id,
    holds,
    why: findings.map(({ why }) => why),
    events: findings.flatMap(({ events }) => events),
  };
}
