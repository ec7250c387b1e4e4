import { describe, expect, test } from 'vitest';
import { Trace, type TraceEvent } from '#shared/trace/trace.ts';
import { formatReport, type VerifierReport } from '#shared/verifier/report.ts';
import { VERIFIER_RULES } from '#shared/verifier/rules.ts';
import { type Breach, Verifier, type WatchedActor } from '#shared/verifier/verifier.ts';
import { recordingLog } from '#test/support/recording-log.ts';

class Bench {
  readonly traced: TraceEvent[] = [];
  readonly told: VerifierReport[] = [];
  readonly stopped: VerifierReport[] = [];
  readonly log = recordingLog();
  readonly trace = new Trace(() => 0);
  readonly verifier: Verifier;

  constructor(isFatal = false) {
    this.verifier = new Verifier({
      isFatal,
      trace: this.trace,
      log: this.log.log,
      onReport: (report) => this.told.push(report),
    });
    this.trace.listen((event) => this.traced.push(event));
  }

  actor(title: string): WatchedActor {
    return {
      title,
      hop: 'vfContractViolated',
      device: 'g1/0',
      stop: (report) => this.stopped.push(report),
    };
  }
}

function breach(changes: Partial<Breach> = {}): Breach {
  const name = 'NdisMReadConfigBlock';
  return { id: 'irql.config-block', what: 'it was called', name, events: [], ...changes };
}

describe('the verifier', () => {
  test('keeps a bounded number of reports and counts the rest', () => {
    const bench = new Bench();
    for (let actor = 0; actor < 100; actor++) {
      for (let times = 0; times < 1_234; times++) {
        bench.verifier.report(bench.actor(`VF miniport g1/${actor}`), breach());
      }
    }
    expect(bench.verifier.reports.length).toBe(256);
    const counts = bench.told.slice(0, 8).map(({ count }) => count);
    expect(counts).toEqual([1, 2, 3, 4, 5, 10, 100, 1_000]);
    expect(bench.log.messages.length).toBe(800);
    expect(bench.traced.length).toBe(800);
    expect(bench.verifier.summary()).toMatch(/^123400 breaches: irql.config-block 1234 by VF mini/);
  });

  test('says that no rule was broken when none was', () => {
    expect(new Bench().verifier.summary()).toBe('no rule was broken');
  });

  test('traces a breach after the event that shows it, unless NDIS has', () => {
    const bench = new Bench();
    const cause = bench.trace.record({ hop: 'ndisMReadConfigBlock', name: 'NdisMReadConfigBlock' });
    const events = [undefined, bench.verifier.recent.event(cause)];
    bench.verifier.report(bench.actor('VF miniport g1/0'), breach({ events }));
    bench.verifier.report(bench.actor('VF miniport g1/0'), breach({ events, isTraced: true }));
    expect(bench.traced.slice(1)).toMatchObject([
      {
        hop: 'vfContractViolated',
        name: 'NdisMReadConfigBlock',
        device: 'g1/0',
        cause,
        note: 'irql.config-block: it was called',
      },
    ]);
  });

  test('stops an actor for its first violation, once and later, when that is fatal', async () => {
    const bench = new Bench(true);
    const [first, second] = [bench.actor('VF miniport g1/0'), bench.actor('VF miniport g1/1')];
    bench.verifier.report(second, breach({ id: 'invalidation.is-read' }));
    bench.verifier.report(first, breach());
    bench.verifier.report(first, breach({ what: 'again' }));
    expect(bench.stopped).toEqual([]);
    await undefined;
    expect(bench.stopped.map(({ actor, what }) => [actor, what])).toEqual([
      ['VF miniport g1/0', 'it was called'],
    ]);
  });

  test('stops it for a violation that comes after many suspicions of the same rule', async () => {
    const bench = new Bench(true);
    const actor = bench.actor('PF miniport pf0');
    const id = 'concurrency.deadlock';
    for (let times = 0; times < 7; times++) bench.verifier.report(actor, breach({ id }));
    await undefined;
    expect(bench.stopped).toEqual([]);
    bench.verifier.report(actor, breach({ id, severity: 'violation' }));
    await undefined;
    expect(bench.stopped).toMatchObject([{ id, severity: 'violation', count: 8 }]);
  });

  test('stops no actor when that is not fatal', async () => {
    const bench = new Bench();
    bench.verifier.report(bench.actor('VF miniport g1/0'), breach());
    await undefined;
    expect(bench.stopped).toEqual([]);
  });

  test('knows of the trace what was recorded last, and no more than a number of events', () => {
    const bench = new Bench();
    for (let event = 0; event < 2_000; event++) {
      bench.trace.record({ hop: 'ioCallDriver', name: 'IOCTL_VPCI_READ_BLOCK' });
    }
    const { recent } = bench.verifier;
    expect([recent.latest?.seq, recent.event(2_000)?.seq]).toEqual([2_000, 2_000]);
    expect([recent.event(900), recent.event(1_000)?.seq]).toEqual([undefined, 1_000]);
  });
});

describe('a report', () => {
  test('says in lines of printable text who broke which rule, and what shows it', () => {
    const bench = new Bench();
    bench.trace.record({ hop: 'ndisMReadConfigBlock', name: 'NdisMReadConfigBlock', blockId: 5 });
    const events = [bench.verifier.recent.latest];
    const what = 'it was \x1b[31mcalled';
    bench.verifier.report(bench.actor('VF miniport g1/0'), breach());
    bench.verifier.report(bench.actor('VF miniport g1/0'), breach({ events, what }));
    const { rule, source } = VERIFIER_RULES['irql.config-block'];
    expect(bench.told.map(formatReport)[1]?.split('\n')).toEqual([
      'VF miniport g1/0 broke irql.config-block: it was ?[31mcalled',
      `  rule: ${rule}`,
      `  source: ${source}`,
      '  for the 2nd time',
      '  event 1: VF miniport -> guest NDIS: NdisMReadConfigBlock block 5 [ndisMReadConfigBlock]',
    ]);
  });

  test('shows the last eight of many events, each once and in their order', () => {
    const bench = new Bench();
    for (let event = 0; event < 20; event++) {
      bench.trace.record({ hop: 'ioCallDriver', name: 'IOCTL_VPCI_READ_BLOCK' });
    }
    const { recent } = bench.verifier;
    const events = [20, 3, 15, 16, 17, 18, 19, 14, 13, 20].map((seq) => recent.event(seq));
    bench.verifier.report(bench.actor('VF miniport g1/0'), breach({ events }));
    expect(bench.told[0]?.events.map(({ seq }) => seq)).toEqual([13, 14, 15, 16, 17, 18, 19, 20]);
  });
});
