import { describe, expect, test } from 'vitest';
import { ACTOR_TITLES, ACTORS } from '#shared/trace/hop.ts';
import { HOPS } from '#shared/trace/hops.ts';
import { Trace, type TraceEvent } from '#shared/trace/trace.ts';

const entry = { hop: 'ioCallDriver', name: 'IOCTL_VPCI_READ_BLOCK' } as const;

describe('the trace', () => {
  test('is off while nobody listens, and again when the last listener has gone', () => {
    const trace = new Trace(() => 0);
    expect(trace.enabled).toBe(false);
    const first = trace.listen(() => {});
    const second = trace.listen(() => {});
    first();
    expect(trace.enabled).toBe(true);
    second();
    expect(trace.enabled).toBe(false);
  });

  test('numbers events from 1, gives them their time, and tells every listener', () => {
    let now = 5;
    const trace = new Trace(() => now);
    const heard: TraceEvent[][] = [[], []];
    for (const events of heard) trace.listen((event) => events.push(event));
    expect(trace.record(entry)).toBe(1);
    now = 6;
    expect(trace.record({ ...entry, cause: 1 })).toBe(2);
    const expected = [
      { seq: 1, at: 5, ...entry },
      { seq: 2, at: 6, ...entry, cause: 1 },
    ];
    expect(heard).toEqual([expected, expected]);
  });
});

describe('the table of hops', () => {
  test('goes only between actors that have a title', () => {
    for (const { from, to } of Object.values(HOPS)) {
      expect(ACTORS).toContain(from);
      expect(ACTORS).toContain(to);
    }
    expect(Object.keys(ACTOR_TITLES)).toEqual([...ACTORS]);
  });

  test('a breach of contract is reported by NDIS of the side that it happened on', () => {
    expect(HOPS.pfContractViolated).toMatchObject({ from: 'host-ndis', to: 'host-ndis' });
    expect(HOPS.vfContractViolated).toMatchObject({ from: 'guest-ndis', to: 'guest-ndis' });
  });

  test('every completion says to which family its status belongs, and nothing else has one', () => {
    for (const hop of Object.values(HOPS)) {
      expect('status' in hop).toBe(hop.phase === 'completion');
    }
  });
});
