import { describe, expect, test } from 'vitest';
import { createManagementOs } from '#host/create-management-os.ts';
import type { PfAdapter, PfMiniport } from '#host/ndis/pf-miniport.ts';
import { NDIS_STATUS } from '#shared/ndis/ndis-status.ts';
import { OID } from '#shared/ndis/oid.ts';
import { setPeriodicTimer } from '#shared/time/clock.ts';
import { Trace, type TraceEvent } from '#shared/trace/trace.ts';
import { createLinkedPair } from '#shared/transport/in-memory.ts';
import { ManualClock } from '#test/kit/world/manual-clock.ts';
import { RawGuest } from '#test/kit/world/raw-guest.ts';
import { turns } from '#test/kit/world/turn.ts';
import { recordingLog } from '#test/support/recording-log.ts';
import { RecordingPf } from '#test/support/recording-pf.ts';

function forever(): Promise<never> {
  return new Promise(() => {});
}

/** What a PF has in place of an ordinary one's functions. */
type Driver = (adapter: PfAdapter, ordinary: PfMiniport) => Partial<PfMiniport>;

/** A management OS whose PF `pf0` has this driver, and whose PF `pf1` is an ordinary one. */
class Bench {
  readonly clock = new ManualClock();
  readonly events: TraceEvent[] = [];
  readonly log = recordingLog();
  readonly pfs = [new RecordingPf(), new RecordingPf()] as const;
  readonly os;
  stopped: readonly string[] | undefined;

  constructor(driver: Driver, options: { oidTimeout?: number; stopTimeoutMs?: number } = {}) {
    const trace = new Trace(() => this.clock.now());
    trace.listen((event) => this.events.push(event));
    const { clock, pfs } = this;
    const { log } = this.log;
    this.os = createManagementOs({
      pfMiniport: pfs[1].factory,
      pfs: [
        {
          name: 'pf0',
          pfMiniport: (adapter) => {
            const ordinary = pfs[0].factory(adapter);
            return { ...ordinary, ...driver(adapter, ordinary) };
          },
        },
        { name: 'pf1' },
      ],
      oidTimeout: 0,
      ...options,
      clock,
      trace,
      log,
      verifier: 'log',
    });
  }

  /** Stops it, which takes so long; fails when it takes less, or more. */
  async stopsAfter(milliseconds: number): Promise<readonly string[]> {
    void this.os.stop().then((left) => {
      this.stopped = left;
    });
    await this.clock.advance(milliseconds - 1);
    expect(this.stopped).toBeUndefined();
    await this.clock.advance(1);
    if (this.stopped === undefined) throw new Error('it has not stopped');
    return this.stopped;
  }
}

/** Keeps time going, as a driver does that looks after its device. */
function ticking(driver: Driver): Driver {
  return (adapter, ordinary) => {
    setPeriodicTimer(adapter.clock, 100, () => {});
    return driver(adapter, ordinary);
  };
}

const HANGING: readonly (readonly [string, Driver])[] = [
  ['MiniportInitializeEx', ticking(() => ({ miniportInitializeEx: forever }))],
  ['MiniportHaltEx', ticking(() => ({ miniportHaltEx: forever }))],
];

describe('a PF whose miniport does not return from', () => {
  test.each(HANGING)(
    '%s is left behind at the limit, and told of [teardown.hanging-miniport]',
    async (name, driver) => {
      const bench = new Bench(driver);
      void bench.os.start();
      await turns();
      const left = `PF pf0 is left behind: ${name} has not returned`;
      expect(await bench.stopsAfter(60_000)).toEqual([left]);
      expect(bench.log.messages).toContain(left);
      const note = `${name} has not returned; it is left behind`;
      const violated = bench.events.filter(({ hop }) => hop === 'pfContractViolated');
      expect(violated).toMatchObject([{ name, note, pf: 'pf0' }]);
      expect(bench.pfs[1].halts).toBe(1);
      expect(bench.clock.timers).toBe(0);
    },
  );

  test.each(HANGING)('%s holds stop up for as long as it may', async (_name, driver) => {
    const bench = new Bench(driver, { stopTimeoutMs: 800 });
    void bench.os.start();
    await turns();
    expect(await bench.stopsAfter(800)).toHaveLength(1);
    expect(bench.clock.timers).toBe(0);
  });

  test('MiniportInitializeEx until after the limit is halted then, and has no VFs', async () => {
    let finish: (status: number) => void = () => {};
    const bench = new Bench(() => ({
      miniportInitializeEx: () =>
        new Promise((resolve) => {
          finish = resolve;
        }),
    }));
    void bench.os.start();
    await bench.stopsAfter(60_000);
    finish(NDIS_STATUS.NDIS_STATUS_SUCCESS);
    await turns();
    expect([bench.pfs[0].halts, bench.os.pfs[0]?.started]).toEqual([1, false]);
    expect(bench.clock.timers).toBe(0);
  });
});

describe('a PF whose miniport holds an OID request for ever', () => {
  test.each([
    ['leaves it pending', () => NDIS_STATUS.NDIS_STATUS_PENDING],
    ['does not return from its handler', forever],
  ])(
    'and %s has it aborted, and is halted within the limit [teardown.hanging-miniport]',
    async (_how, answer) => {
      const bench = new Bench(
        ticking((_adapter, ordinary) => ({
          miniportOidRequest: (request) =>
            request.oid === OID.OID_RECEIVE_FILTER_MOVE_FILTER &&
            bench.stopped === undefined &&
            isHeld
              ? answer()
              : ordinary.miniportOidRequest(request),
        })),
      );
      let isHeld = false;
      expect(await bench.os.start()).toBeUndefined();
      const [end, hostEnd] = createLinkedPair();
      const guest = new RawGuest(end);
      await bench.os.attach(hostEnd, { vmName: 'g1', index: 0 });
      await guest.enterD0();
      isHeld = true;
      expect(await bench.stopsAfter(59_500)).toEqual([]);
      expect(guest.closed).toBeDefined();
      expect(bench.pfs.map(({ halts }) => halts)).toEqual([1, 1]);
      expect(bench.log.messages).toContainEqual(
        expect.stringMatching(/^the miniport did not complete the request in time; [1-9] more /),
      );
      expect(bench.os.pfs[0]?.vfs).toEqual([]);
    },
  );
});

describe('a PF that stops in time', () => {
  test('leaves no timer of its limit', async () => {
    const bench = new Bench(() => ({}));
    await bench.os.start();
    expect(await bench.os.stop()).toEqual([]);
    expect(bench.clock.timers).toBe(0);
  });
});
