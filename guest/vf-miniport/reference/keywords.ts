import { type MacAddress, parseMacAddress } from '#shared/reference-nic/mac-address.ts';
import { STATISTICS_SOURCES } from '../counter-source.ts';

/** The settings of the reference VF, as its adapter's keywords give them. */
export interface ReferenceVfKeywords {
  /** `StatisticsIntervalMs`: milliseconds between two reports; 0 sends none. */
  readonly statisticsInterval: number;
  /** `RequestMacAddress`: the address to ask the PF for. */
  readonly requestMacAddress: MacAddress | undefined;
  /** `RequestMtu`: the MTU to ask the PF for, in bytes; whether it is allowed is the PF's say. */
  readonly requestMtu: number | undefined;
}

/** A keyword whose value cannot be used. */
export interface KeywordProblem {
  readonly keyword: string;
  readonly found: string;
  readonly expected: string;
}

const DEFAULT_INTERVAL_MS = 10_000;
const MIN_INTERVAL_MS = 100;
/** The longest timer that a machine sets. */
const MAX_INTERVAL_MS = 0x7fff_ffff;

/** The settings, or the first one that is not valid. */
export function readKeywords(
  configuration: ReadonlyMap<string, string>,
): ReferenceVfKeywords | KeywordProblem {
  const interval = configuration.get('StatisticsIntervalMs') ?? String(DEFAULT_INTERVAL_MS);
  const mac = configuration.get('RequestMacAddress');
  const mtu = configuration.get('RequestMtu');

  const source = configuration.get('StatisticsSource') ?? 'machine';
  if (!STATISTICS_SOURCES.some((known) => known === source)) {
    const expected = STATISTICS_SOURCES.join(' or ');
    return { keyword: 'StatisticsSource', found: source, expected };
  }
  const statisticsInterval = wholeNumber(interval, MAX_INTERVAL_MS);
  if (statisticsInterval === undefined || isTooShort(statisticsInterval)) {
    const expected = `0 for none, or ${MIN_INTERVAL_MS} to ${MAX_INTERVAL_MS} milliseconds`;
    return { keyword: 'StatisticsIntervalMs', found: interval, expected };
  }
  const requestMacAddress = mac === undefined ? undefined : parseMacAddress(mac);
  if (mac !== undefined && requestMacAddress === undefined) {
    const expected = 'a MAC address, such as 02:15:5d:00:00:01';
    return { keyword: 'RequestMacAddress', found: mac, expected };
  }
  const requestMtu = mtu === undefined ? undefined : wholeNumber(mtu, 0xffff_ffff);
  if (mtu !== undefined && requestMtu === undefined) {
    return { keyword: 'RequestMtu', found: mtu, expected: 'a number of bytes, at most 4294967295' };
  }
  return { statisticsInterval, requestMacAddress, requestMtu };
}

function wholeNumber(text: string, max: number): number | undefined {
  const value = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  return value <= max ? value : undefined;
}

function isTooShort(interval: number): boolean {
  return interval !== 0 && interval < MIN_INTERVAL_MS;
}
