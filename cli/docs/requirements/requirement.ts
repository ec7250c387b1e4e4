interface Rule {
  /** Short, stable and unique; a test that shows the rule cites it in its title: `[read.message]`. */
  readonly id: string;
  /** The rule in one sentence. */
  readonly rule: string;
  /** The document that states it, or leaves it open, by the name under which a reader finds it. */
  readonly source: string;
}

/**
 * One rule of the backchannel, and where the emulator stands:
 *
 * - `emulated`: it does what the documents say
 * - `decision`: the documents are silent or contradict each other; the rule is a choice
 * - `planned`: it is not there yet; the reason says what is missing
 * - `not emulated`: it will not be there; the reason says why a driver does not miss it
 */
export type Requirement =
  | (Rule & { readonly status: 'emulated' | 'decision' })
  | (Rule & { readonly status: 'planned' | 'not emulated'; readonly reason: string });

export type RequirementStatus = Requirement['status'];

/** Rules that a reader looks up together. */
export interface Area {
  readonly title: string;
  readonly requirements: readonly Requirement[];
}
