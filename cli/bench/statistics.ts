/** What several rounds of one measurement came to. */
export interface Summary {
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

/**
 * The value below which this fraction of the values lies, from 0 to 1; between two values in
 * proportion. The fraction 0.5 is the median.
 *
 * @throws RangeError when there are no values
 */
export function percentile(values: readonly number[], fraction: number): number {
  const sorted = [...values].sort((left, right) => left - right);
  const place = (sorted.length - 1) * fraction;
  const below = sorted[Math.floor(place)];
  const above = sorted[Math.ceil(place)];
  if (below === undefined || above === undefined) throw new RangeError('no values');
  return below + (above - below) * (place - Math.floor(place));
}

/** @throws RangeError when there are no values */
export function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}

/** @throws RangeError when there are no values */
export function summaryOf(values: readonly number[]): Summary {
  return { median: median(values), least: percentile(values, 0), most: percentile(values, 1) };
}

/**
 * The ratios of rounds that were measured next to each other. Whatever slows the machine down for a
 * while slows both of a pair down, so their ratios spread less than either does.
 */
export function ratiosOf(subject: readonly number[], baseline: readonly number[]): number[] {
  return subject.map((value, round) => value / (baseline[round] ?? Number.NaN));
}
