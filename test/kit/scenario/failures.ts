import { messageOf } from '#shared/message-of.ts';
import { FaultRuleError } from '../faults/fault-rule-error.ts';
import { MisuseError } from '../misuse-error.ts';
import { turn } from '../world/turn.ts';
import type { CheckedWorld } from './checked-world.ts';
import { onStrayRejection } from './stray-rejections.ts';

/** What is wrong with a scenario itself: it used its world wrongly, or what it did there threw. */
export type Broken = 'used wrongly' | 'threw';

/** Why a run was not as it was meant to be. */
export interface Failure {
  readonly failure: string | undefined;
  /** Undefined where the scenario is not to blame. */
  readonly broken: Broken | undefined;
}

/**
 * Does the works of a run in order, each whatever came of the one before, and says what failed.
 *
 * @throws FaultRuleError when the faults of the run are not possible
 */
export async function failureOf(
  checked: CheckedWorld,
  works: readonly (() => Promise<void>)[],
): Promise<Failure> {
  const failures = new Set<string>();
  const strays = new Set<string>();
  let isMisused = false;
  let impossible: FaultRuleError | undefined;
  const forget = onStrayRejection((reason) => {
    if (!(reason instanceof MisuseError)) strays.add(messageOf(reason));
  });
  for (const work of works) {
    try {
      await work();
    } catch (error) {
      if (error instanceof FaultRuleError) impossible = error;
      failures.add(messageOf(error));
      isMisused ||= error instanceof MisuseError;
    }
  }
  // What is rejected is told when everything that is ready has run.
  await turn();
  forget();
  if (impossible !== undefined) throw impossible;
  const wrong = [
    ...checked.misuses,
    ...[...strays].map((each) => `a promise that nobody awaits was rejected: ${each}`),
  ];
  const broken =
    isMisused || wrong.length > 0 ? 'used wrongly' : checked.threw ? 'threw' : undefined;
  const all = new Set([...failures, ...wrong]);
  return { failure: all.size === 0 ? undefined : [...all].join('; '), broken };
}
