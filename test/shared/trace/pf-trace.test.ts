import { describe, expect, test } from 'vitest';
import { PfTrace } from '#shared/trace/pf-trace.ts';
import { Trace, type TraceEvent } from '#shared/trace/trace.ts';

const entry = { hop: 'oidRequest', name: 'OID_SRIOV_RESET_VF' } as const;

describe('the trace of a PF', () => {
  test('is on while somebody listens to the whole trace, or to it', () => {
    const whole = new Trace(() => 0);
    const trace = new PfTrace(whole, 'left');
    expect(trace.enabled).toBe(false);
    const first = whole.listen(() => {});
    expect(trace.enabled).toBe(true);
    first();
    const second = trace.listen(() => {});
    expect(whole.enabled).toBe(true);
    second();
    expect(trace.enabled).toBe(false);
  });

  test('names the PF in each event, and counts on where another PF has stopped', () => {
    const whole = new Trace(() => 5);
    const events: TraceEvent[] = [];
    whole.listen((event) => events.push(event));
    const left = new PfTrace(whole, 'left');
    const right = new PfTrace(whole, 'right');
    expect([left.record(entry), right.record(entry), whole.record(entry)]).toEqual([1, 2, 3]);
    expect(events).toEqual([
      { seq: 1, at: 5, pf: 'left', ...entry },
      { seq: 2, at: 5, pf: 'right', ...entry },
      { seq: 3, at: 5, ...entry },
    ]);
  });
});
