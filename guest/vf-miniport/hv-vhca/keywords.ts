import { MAX_RINGS } from '#shared/hv-vhca/ring-statistics.ts';

/** The settings of the VF, as its adapter's keywords give them. */
export interface HvVhcaVfKeywords {
  /** `Rings`: over how many rings the counters are split; of 0 rings nothing is reported. */
  readonly rings: number;
}

/** A keyword whose value cannot be used. */
export interface KeywordProblem {
  readonly keyword: string;
  readonly found: string;
  readonly expected: string;
}

const DEFAULT_RINGS = '2';

/** The settings, or the first one that is not valid. */
export function readKeywords(
  configuration: ReadonlyMap<string, string>,
): HvVhcaVfKeywords | KeywordProblem {
  const found = configuration.get('Rings') ?? DEFAULT_RINGS;
  const rings = /^\d{1,3}$/.test(found) ? Number(found) : Number.NaN;
  return rings <= MAX_RINGS
    ? { rings }
    : { keyword: 'Rings', found, expected: `0 to ${MAX_RINGS}` };
}
