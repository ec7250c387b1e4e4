import type { Given, QuestionName, Taken } from './orders.ts';
import type { SideParts } from './side-parts.ts';

/** The questions that one side answers beside those that both do. */
export type Answers = {
  readonly [Q in QuestionName]?: (takes: Taken<Q>) => Given<Q> | Promise<Given<Q>>;
};

/** An operating system that has started. */
export interface StartedSide {
  readonly parts: SideParts;
  readonly answers: Answers;
  /** Where a host listens. */
  readonly url?: string;
}
