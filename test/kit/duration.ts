/** Milliseconds, or a number with its unit: `'500us'`, `'20ms'`, `'60s'`, `'5min'`. */
export type Duration = number | `${number}${'us' | 'ms' | 's' | 'min'}`;

const MILLISECONDS = { us: 0.001, ms: 1, s: 1000, min: 60_000 } as const;

/** A duration in milliseconds. */
export function milliseconds(duration: Duration): number {
  if (typeof duration === 'number') return duration;
  const match = /^(\d+(?:\.\d+)?)(us|ms|s|min)$/.exec(duration);
  const unit = match?.[2];
  if (unit !== 'us' && unit !== 'ms' && unit !== 's' && unit !== 'min') {
    throw new Error(`${duration} is no duration: expected a number with us, ms, s or min`);
  }
  return Number(match?.[1]) * MILLISECONDS[unit];
}
