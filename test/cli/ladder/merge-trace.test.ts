import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MergeTrace, type MergeTraceOptions } from '#cli/ladder/merge-trace.ts';
import type { HopName } from '#shared/trace/hops.ts';
import type { TraceEvent } from '#shared/trace/trace.ts';
import { ManualClock } from './manual-clock.ts';

const WINDOW_MS = 60;

function merged(options: Partial<MergeTraceOptions> = {}) {
  const clock = new ManualClock();
  const released: TraceEvent[] = [];
  const onEvent = (event: TraceEvent) => released.push(event);
  const merge = new MergeTrace({ clock, onEvent, windowMs: WINDOW_MS, ...options });
  return { clock, merge, released, names: () => released.map((event) => event.name) };
}

function event(name: string, at: number, more: Partial<TraceEvent> = {}): TraceEvent {
  return { seq: 1, at, hop: 'oidRequest', name, device: 'g1/0', ...more };
}

function packet(name: string, at: number, hop: HopName, more: Partial<TraceEvent> = {}) {
  return event(name, at, { hop, transactionId: 7, ...more });
}

describe('MergeTrace', () => {
  test('holds an event for the window, and takes along what is earlier', () => {
    const { clock, merge, names } = merged();
    merge.push('host', [event('h1', 10), event('h2', 30)]);
    clock.moveTo(WINDOW_MS - 1);
    merge.push('guest', [event('g1', 5), event('g2', 20), event('g3', 40)]);
    expect(names()).toEqual([]);
    clock.moveTo(WINDOW_MS);
    expect(names()).toEqual(['g1', 'h1', 'g2', 'h2']);
    clock.moveTo(2 * WINDOW_MS);
    expect(names()).toEqual(['g1', 'h1', 'g2', 'h2', 'g3']);
  });

  test('keeps the order of one process against its own times', () => {
    const { merge, names } = merged();
    merge.push('host', [event('h1', 30), event('h2', 10)]);
    merge.push('guest', [event('g1', 20)]);
    merge.flush();
    expect(names()).toEqual(['g1', 'h1', 'h2']);
  });

  test('shows a sending before its receipt where the clocks disagree', () => {
    const { merge, names } = merged();
    merge.push('host', [packet('received', 10, 'guestPacketReceived'), event('h2', 11)]);
    merge.push('guest', [event('g1', 12), packet('sent', 14, 'guestPacketSent'), event('g3', 15)]);
    merge.flush();
    expect(names()).toEqual(['g1', 'sent', 'received', 'h2', 'g3']);
  });

  test('keeps a receipt back for a sending that comes late, while other events go on', () => {
    const { clock, merge, names } = merged();
    merge.push('other', [event('o1', 20)]);
    clock.moveTo(10);
    merge.push('host', [packet('received', 10, 'guestPacketReceived')]);
    clock.moveTo(WINDOW_MS);
    expect(names()).toEqual(['o1']);
    merge.push('guest', [packet('sent', 9, 'guestPacketSent')]);
    clock.moveTo(WINDOW_MS + 10);
    expect(names()).toEqual(['o1', 'sent', 'received']);
  });

  test('lets a receipt go when its window ends without a sending', () => {
    const { clock, merge, names } = merged();
    merge.push('host', [packet('received', 10, 'guestPacketReceived')]);
    clock.moveTo(WINDOW_MS);
    expect(names()).toEqual(['received']);
  });

  test.each([
    { other: 'device', more: { device: 'g2/0' } },
    { other: 'transaction id', more: { transactionId: 8 } },
    { other: 'generation', more: { generation: 2 } },
    { other: 'direction', more: { hop: 'hostPacketSent' } },
  ] as const)('does not take a packet of another $other for the sending', ({ more }) => {
    const { merge, names } = merged();
    merge.push('host', [packet('received', 10, 'guestPacketReceived', { generation: 1 })]);
    merge.push('guest', [packet('sent', 14, 'guestPacketSent', { generation: 1, ...more })]);
    merge.flush();
    expect(names()).toEqual(['received', 'sent']);
  });

  test('takes a sending of a guest that does not know its generation yet', () => {
    const { merge, names } = merged();
    merge.push('host', [packet('received', 10, 'guestPacketReceived', { generation: 3 })]);
    merge.push('guest', [packet('sent', 14, 'guestPacketSent')]);
    merge.flush();
    expect(names()).toEqual(['sent', 'received']);
  });

  test('lets out events that wait for each other, which no true history has', () => {
    const { merge, names } = merged();
    const toHost = { transactionId: 1 };
    const toGuest = { transactionId: 2 };
    merge.push('host', [
      packet('h received', 10, 'guestPacketReceived', toHost),
      packet('h sent', 11, 'hostPacketSent', toGuest),
    ]);
    merge.push('guest', [
      packet('g received', 12, 'hostPacketReceived', toGuest),
      packet('g sent', 13, 'guestPacketSent', toHost),
    ]);
    merge.flush();
    expect(names()).toEqual(['h received', 'h sent', 'g received', 'g sent']);
  });

  test('lets the earliest out before its time when more wait than the capacity', () => {
    const { merge, names } = merged({ capacity: 3 });
    merge.push('host', [event('h1', 1), event('h2', 4)]);
    merge.push('guest', [event('g1', 2), event('g2', 3), event('g3', 5)]);
    expect(merge.size).toBe(3);
    expect(names()).toEqual(['h1', 'g1']);
  });

  test('lets everything out when it is closed, sets no timer, and takes no more', () => {
    const { clock, merge, names } = merged();
    merge.push('host', [event('h1', 1), event('h2', 2)]);
    merge.close();
    merge.push('host', [event('h3', 3)]);
    expect(names()).toEqual(['h1', 'h2']);
    expect(clock.timers).toBe(0);
  });
});

type Side = 'guest' | 'host';

interface Step {
  readonly side: Side;
  /** Milliseconds since the step before. */
  readonly gap: number;
  /** Milliseconds that a packet takes to the other side; undefined for a step that sends none. */
  readonly transit: number | undefined;
  /** How late the events of this step come, its own and that of the receipt. */
  readonly late: readonly [number, number];
}

interface Report {
  readonly side: Side;
  readonly at: number;
  readonly late: number;
  readonly hop: HopName;
  readonly transactionId: number;
}

const anyLateness = fc.nat(WINDOW_MS - 10);

const anySteps = fc.array(
  fc.record({
    side: fc.constantFrom<Side>('guest', 'host'),
    gap: fc.nat(20),
    transit: fc.option(fc.nat(10), { nil: undefined }),
    late: fc.tuple(anyLateness, anyLateness),
  }),
);

/** What happens in these steps, in the order of true time; packets do not overtake each other. */
function reportsOf(steps: readonly Step[]): Report[] {
  const reports: Report[] = [];
  const lastReceipt = { guest: 0, host: 0 };
  let at = 0;
  steps.forEach(({ side, gap, transit, late }, index) => {
    at += gap;
    const transactionId = index + 1;
    if (transit === undefined) {
      reports.push({ side, at, late: late[0], hop: 'oidRequest', transactionId });
      return;
    }
    const [to, sent, received] =
      side === 'guest'
        ? (['host', 'guestPacketSent', 'guestPacketReceived'] as const)
        : (['guest', 'hostPacketSent', 'hostPacketReceived'] as const);
    lastReceipt[to] = Math.max(lastReceipt[to], at + transit);
    reports.push({ side, at, late: late[0], hop: sent, transactionId });
    reports.push({ side: to, at: lastReceipt[to], late: late[1], hop: received, transactionId });
  });
  return reports.sort((one, other) => one.at - other.at);
}

/** Lets two processes report the steps, the guest's clock ahead by `skew`; returns what comes out. */
function run(steps: readonly Step[], skew: number): { side: Side; event: TraceEvent }[] {
  const seq = { guest: 0, host: 0 };
  const arrived = { guest: 0, host: 0 };
  const arrivals = reportsOf(steps).map(({ side, at, late, hop, transactionId }) => {
    arrived[side] = Math.max(arrived[side], at + late);
    const shown = at + (side === 'guest' ? skew : 0);
    const told = event(side, shown, { seq: ++seq[side], hop, transactionId });
    return { side, arrivesAt: arrived[side], told };
  });
  const { clock, merge, released } = merged();
  for (const { side, arrivesAt, told } of arrivals.sort((a, b) => a.arrivesAt - b.arrivesAt)) {
    clock.moveTo(arrivesAt);
    merge.push(side, [told]);
  }
  clock.moveTo(clock.now() + WINDOW_MS);
  expect(merge.size).toBe(0);
  expect(clock.timers).toBe(0);
  expect(released).toHaveLength(arrivals.length);
  return released.map((each) => ({ side: each.name === 'guest' ? 'guest' : 'host', event: each }));
}

describe('MergeTrace, for every history of two processes', () => {
  test('loses nothing and keeps the order of each process', () => {
    return fc.assert(
      fc.property(anySteps, fc.integer({ min: -30, max: 30 }), (steps, skew) => {
        const released = run(steps, skew);
        for (const side of ['guest', 'host']) {
          const seqs = released.filter((each) => each.side === side).map(({ event }) => event.seq);
          expect(seqs).toEqual(seqs.map((_seq, index) => index + 1));
        }
      }),
    );
  });

  test('shows each sending before its receipt, whatever the clocks say', () => {
    return fc.assert(
      fc.property(anySteps, fc.integer({ min: -30, max: 30 }), (steps, skew) => {
        const sent = new Set<number | undefined>();
        for (const { event } of run(steps, skew)) {
          if (event.hop.endsWith('Sent')) sent.add(event.transactionId);
          if (event.hop.endsWith('Received')) expect(sent).toContain(event.transactionId);
        }
      }),
    );
  });

  test('is in the order of time where the clocks agree', () => {
    return fc.assert(
      fc.property(anySteps, (steps) => {
        const times = run(steps, 0).map(({ event }) => event.at);
        expect(times).toEqual([...times].sort((one, other) => one - other));
      }),
    );
  });
});
