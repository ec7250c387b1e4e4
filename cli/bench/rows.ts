/** What a ratio is held to. */
export interface Budget {
  /** Whether a good ratio is a small one or a large one. */
  readonly bound: 'at most' | 'at least';
  /** What it is to reach now; `--check` holds it to this. */
  readonly first: number;
  /** What it is to reach later. */
  readonly later: number;
}

export type Unit = 'ms' | 'reads/s' | 'bytes';

/** One row of the bench: something of the emulator, and what it is measured against. */
export interface Row {
  readonly what: string;
  readonly against: string;
  readonly unit: Unit;
  readonly budget: Budget;
}

export const ROWS = {
  sequential: {
    what: 'a read of 128 bytes through the full chain, one after the other, p50',
    against: 'the round trip of a bare ws echo of the same frame sizes, p50',
    unit: 'ms',
    budget: { bound: 'at most', first: 1.3, later: 1.1 },
  },
  'in-flight': {
    what: 'reads per second with 64 in flight on one VF',
    against: 'the same echo with 64 in flight on one connection',
    unit: 'reads/s',
    budget: { bound: 'at least', first: 0.6, later: 1.3 },
  },
  invalidate: {
    what: "from the PF's call of NdisMInvalidateConfigBlock to the VF's OID handler, p50",
    against: 'one round trip of the echo, p50',
    unit: 'ms',
    budget: { bound: 'at most', first: 1, later: 0.7 },
  },
  trace: {
    what: 'reads per second with 64 in flight, with the trace on in both processes',
    against: 'the same with the trace off',
    unit: 'reads/s',
    budget: { bound: 'at least', first: 0.7, later: 0.9 },
  },
  memory: {
    what: "the host's managed memory for each of 1,000 idle VFs",
    against: "a bare ws server's for each of 1,000 idle connections",
    unit: 'bytes',
    budget: { bound: 'at most', first: 3, later: 2 },
  },
  'many-vfs': {
    what: 'reads per second of 1,000 VFs in two processes, one in flight on each',
    against: 'the same of 1,000 bare echo clients in two processes',
    unit: 'reads/s',
    budget: { bound: 'at least', first: 0.6, later: 1 },
  },
  simulated: {
    what: 'a read of 128 bytes through the full chain of a simulated world, traced',
    against: 'encoding, decoding and validating its two messages',
    unit: 'ms',
    budget: { bound: 'at most', first: 2, later: 1.7 },
  },
} as const satisfies Record<string, Row>;

export type RowName = keyof typeof ROWS;

/** The rows in the order in which they are measured and shown. */
export const ROW_NAMES = Object.keys(ROWS) as readonly RowName[];

/** Whether a ratio meets the first budget and the later one. */
export function verdictOf(ratio: number, budget: Budget): { first: boolean; later: boolean } {
  const meets = (limit: number): boolean =>
    budget.bound === 'at most' ? ratio <= limit : ratio >= limit;
  return { first: meets(budget.first), later: meets(budget.later) };
}
