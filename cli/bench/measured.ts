/** What one row came to: the rounds of both sides, which were measured by turns. */
export interface Measured {
  readonly subject: readonly number[];
  readonly baseline: readonly number[];
  /** What a reader has to know beside the figures. */
  readonly note?: string;
}

/** How often a row is measured. */
export interface Rounds {
  /** Rounds that are not counted, in which everything finds its pace. */
  readonly warmUp: number;
  readonly counted: number;
}

/** Measures two things by turns. */
export async function byTurns(
  rounds: Rounds,
  subject: () => Promise<number>,
  baseline: () => Promise<number>,
): Promise<Measured> {
  const measured = { subject: [] as number[], baseline: [] as number[] };
  for (let round = -rounds.warmUp; round < rounds.counted; round++) {
    const [first, second] = [await subject(), await baseline()];
    if (round < 0) continue;
    measured.subject.push(first);
    measured.baseline.push(second);
  }
  return measured;
}
