import { MisuseError } from './misuse-error.ts';

/** Milliseconds, or a number with its unit: `'500us'`, `'20ms'`, `'60s'`, `'5min'`. */
export type Duration = number | `${number}${'us' | 'ms' | 's' | 'min'}`;

const MILLISECONDS = { us: 0.001, ms: 1, s: 1000, min: 60_000 } as const;

/** What a duration looks like, for messages. */
export const DURATION = "milliseconds, or a number with us, ms, s or min such as '20ms'";

/** A duration in milliseconds. @throws MisuseError for what is none */
export function milliseconds(duration: Duration): number {
  const time = durationOf(duration);
  if (time !== undefined) return time;
  throw new MisuseError(`${String(duration)} is no duration: expected ${DURATION}`);
}

/** The milliseconds of what may be a duration; undefined for what is none, a negative one for instance. */
export function durationOf(given: unknown): number | undefined {
  if (typeof given === 'number') return Number.isFinite(given) && given >= 0 ? given : undefined;
  const match = typeof given === 'string' ? /^(\d+(?:\.\d+)?)(us|ms|s|min)$/.exec(given) : null;
  const unit = match?.[2];
  if (unit !== 'us' && unit !== 'ms' && unit !== 's' && unit !== 'min') return undefined;
  return Number(match?.[1]) * MILLISECONDS[unit];
}
