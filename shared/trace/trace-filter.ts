import { ERRNO, errnoName } from '../linux/errno.ts';
import { NDIS_STATUS, ndisStatusName } from '../ndis/ndis-status.ts';
import { NTSTATUS, ntStatusName, statusHex } from '../nt/ntstatus.ts';
import { blocksOfMask } from '../vpci/config-block.ts';
import type { Hop, StatusFamily } from './hop.ts';
import { HOPS } from './hops.ts';
import type { TraceEvent } from './trace.ts';

export type TraceFilter = (event: TraceEvent) => boolean;

export type ParsedTraceFilter =
  | { readonly ok: true; readonly filter: TraceFilter }
  | { readonly ok: false; readonly error: string };

/** The longest filter expression, in characters: a filter may come from outside. */
export const MAX_FILTER_LENGTH = 1024;

/** What one key of a filter takes. */
interface FilterKey {
  readonly expected: string;
  /** Undefined for a value that is not `expected`. */
  parse(value: string): TraceFilter | undefined;
}

const statusNames = [
  ...Object.keys(NDIS_STATUS),
  ...Object.keys(NTSTATUS),
  ...Object.values(ERRNO).map((value) => errnoName(-value)),
];

/** How the statuses of each family are named. */
const STATUS_NAMES: Readonly<Record<StatusFamily, (status: number) => string>> = {
  ndis: ndisStatusName,
  nt: ntStatusName,
  errno: errnoName,
};

const KEYS: ReadonlyMap<string, FilterKey> = new Map([
  ['vf', numberKey('a VFId from 0 to 65535', 0, 0xffff, (event) => event.vfId)],
  ['device', textKey('a device such as g1/0', (event) => event.device)],
  ['pf', textKey('the name of a PF such as pf0', (event) => event.pf)],
  ['generation', numberKey('a number from 1', 1, 0xffff_ffff, (event) => event.generation)],
  ['hop', { expected: `one of ${Object.keys(HOPS).join(', ')}`, parse: parseHop }],
  ['name', textKey('a documented name such as READ_BLOCK', (event) => event.name)],
  ['block', { expected: 'a BlockId from 0 to 4294967295', parse: parseBlock }],
  [
    'transaction',
    numberKey(
      'a transaction id from 1',
      1,
      Number.MAX_SAFE_INTEGER,
      (event) => event.transactionId,
    ),
  ],
  [
    'status',
    {
      expected: 'failed, success, a number such as 0xC000000D, or the name of a known status',
      parse: parseStatus,
    },
  ],
]);

/**
 * Reads a filter expression: `device=g1/0,hop=ioCallDriver,status=failed`. A comma means "and", `|`
 * between values means "or". Texts match as a whole and without regard to case; `*` stands for any
 * characters. Numbers are decimal, or hexadecimal after `0x`. `block=5` also finds the masks that
 * name block 5. An event that lacks a field does not match a filter on it: guests know neither PF nor VFId.
 *
 * An empty expression lets every event through.
 */
export function parseTraceFilter(expression: string): ParsedTraceFilter {
  if (expression.length > MAX_FILTER_LENGTH) {
    return failure(`the filter is longer than ${MAX_FILTER_LENGTH} characters`);
  }
  const filters = new Map<string, TraceFilter>();
  if (expression.trim() === '') return { ok: true, filter: () => true };
  for (const term of expression.split(',')) {
    const equals = term.indexOf('=');
    const key = term.slice(0, Math.max(equals, 0)).trim();
    if (equals < 0) return failure(`"${term.trim()}": expected key=value, with ${keyNames()}`);
    if (filters.has(key)) return failure(`"${key}" appears twice; write ${key}=one|other`);
    const filter = parseValues(key, term.slice(equals + 1));
    if (typeof filter === 'string') return failure(filter);
    filters.set(key, filter);
  }
  const all = [...filters.values()];
  return { ok: true, filter: (event) => all.every((filter) => filter(event)) };
}

/** Whether an event carries a status that is neither success nor pending, in any family. */
export function eventFailed(event: TraceEvent): boolean {
  const { status } = event;
  if (status === undefined) return false;
  return status !== NTSTATUS.STATUS_SUCCESS && status !== NTSTATUS.STATUS_PENDING;
}

/** The name of the event's status in the family of its hop; hexadecimal where none is known. */
export function eventStatusName(event: TraceEvent): string | undefined {
  if (event.status === undefined) return undefined;
  const hop: Hop = HOPS[event.hop];
  return hop.status === undefined
    ? statusHex(event.status)
    : STATUS_NAMES[hop.status](event.status);
}

function failure(error: string): ParsedTraceFilter {
  return { ok: false, error };
}

function keyNames(): string {
  return `a key of ${[...KEYS.keys()].join(', ')}`;
}

/** The filter of one term, or what is wrong with it. */
function parseValues(name: string, values: string): TraceFilter | string {
  const key = KEYS.get(name);
  if (key === undefined) return `unknown key "${name}": expected ${keyNames()}`;
  const any: TraceFilter[] = [];
  for (const text of values.split('|')) {
    const value = text.trim();
    const filter = value === '' ? undefined : key.parse(value);
    if (filter === undefined) return `${name}="${value}": expected ${key.expected}`;
    any.push(filter);
  }
  return (event) => any.some((filter) => filter(event));
}

function numberKey(
  expected: string,
  least: number,
  most: number,
  field: (event: TraceEvent) => number | undefined,
): FilterKey {
  return {
    expected,
    parse(value) {
      const wanted = parseNumber(value, least, most);
      return wanted === undefined ? undefined : (event) => field(event) === wanted;
    },
  };
}

function textKey(expected: string, field: (event: TraceEvent) => string | undefined): FilterKey {
  return {
    expected,
    parse: (value) => textFilter(value, field),
  };
}

function textFilter(
  pattern: string,
  field: (event: TraceEvent) => string | undefined,
): TraceFilter {
  const matches = wildcard(pattern);
  return (event) => {
    const text = field(event);
    return text !== undefined && matches(text);
  };
}

function parseHop(value: string): TraceFilter | undefined {
  const matches = wildcard(value);
  const hops = new Set(Object.keys(HOPS).filter(matches));
  return hops.size === 0 ? undefined : (event) => hops.has(event.hop);
}

function parseBlock(value: string): TraceFilter | undefined {
  const block = parseNumber(value, 0, 0xffff_ffff);
  if (block === undefined) return undefined;
  return (event) => event.blockId === block || maskNames(event.mask, block);
}

function maskNames(mask: string | undefined, block: number): boolean {
  if (mask === undefined || !/^0x[0-9a-f]{1,16}$/i.test(mask)) return false;
  return blocksOfMask(BigInt(mask)).includes(block);
}

function parseStatus(value: string): TraceFilter | undefined {
  const word = value.toLowerCase();
  if (word === 'failed') return eventFailed;
  if (word === 'success') return (event) => event.status === NTSTATUS.STATUS_SUCCESS;
  const number = parseNumber(value, 0, 0xffff_ffff);
  if (number !== undefined) return (event) => event.status === number;
  return statusNames.some(wildcard(value)) ? textFilter(value, eventStatusName) : undefined;
}

function parseNumber(text: string, least: number, most: number): number | undefined {
  if (!/^(?:\d+|0x[0-9a-f]+)$/i.test(text)) return undefined;
  const number = Number(text);
  return number >= least && number <= most ? number : undefined;
}

/**
 * Matches a pattern with `*` in time that grows with the text alone. A regular expression made of
 * somebody's pattern could be made to run for hours.
 */
function wildcard(pattern: string): (text: string) => boolean {
  const [first = '', ...parts] = pattern.toLowerCase().split('*');
  const last = parts.pop();
  return (text) => {
    const lower = text.toLowerCase();
    if (last === undefined) return lower === first;
    const end = lower.length - last.length;
    if (end < first.length || !lower.startsWith(first) || !lower.endsWith(last)) return false;
    let at = first.length;
    for (const part of parts) {
      const found = lower.indexOf(part, at);
      if (found < 0 || found + part.length > end) return false;
      at = found + part.length;
    }
    return true;
  };
}
