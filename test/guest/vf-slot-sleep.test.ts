import { describe, expect, test } from 'vitest';
import type { VfLife } from '#guest/vf-life.ts';
import { VfSlot } from '#guest/vf-slot.ts';
import type { DialResult } from '#guest/vmbus/dial.ts';
import { Trace } from '#shared/trace/trace.ts';
import { CLOSE_CODES } from '#shared/transport/close-codes.ts';
import type { CloseDetails } from '#shared/transport/transport.ts';
import { createControlledPair } from '#test/kit/world/controlled-transport.ts';
import { ManualClock } from '#test/kit/world/manual-clock.ts';
import { turn } from '#test/kit/world/turn.ts';
import { recordingLog } from '#test/support/recording-log.ts';

/** A slot whose VFs do not sleep but are given back, as those of Linux guests are. */
class Bench {
  readonly clock = new ManualClock();
  readonly phases: string[] = [];
  readonly lives: { end: (details: CloseDetails) => void }[] = [];
  readonly log = recordingLog();
  dial: () => Promise<DialResult> = () => Promise.resolve({ transport: createControlledPair()[0] });
  readonly slot: VfSlot;

  constructor(retry: boolean) {
    this.slot = new VfSlot({
      device: 'g1/0',
      configuration: new Map(),
      versions: [],
      clock: this.clock,
      trace: new Trace(() => 0),
      log: this.log.log,
      oidTimeout: 10,
      retry,
      random: () => 0.5,
      dial: () => this.dial(),
      onPhase: (phase) => this.phases.push(phase),
      newLife: ({ onPhase }) => this.#newLife(onPhase),
    });
  }

  #newLife(onPhase: (phase: 'handshake' | 'initializing' | 'running' | 'gone') => void): VfLife {
    const life = { end: (_details: CloseDetails) => {} };
    this.lives.push(life);
    const ended = new Promise<CloseDetails>((resolve) => {
      life.end = (details) => {
        onPhase('gone');
        resolve(details);
      };
    });
    const { code, meaning: reason } = CLOSE_CODES.normal;
    return {
      run: () => {
        for (const phase of ['handshake', 'initializing', 'running'] as const) onPhase(phase);
        return ended;
      },
      stop: () => life.end({ code, reason }),
      abandon: () => {},
    };
  }
}

describe('a slot whose VF cannot sleep', () => {
  test.each([true, false])(
    'gives it back when its guest is suspended, and has another when it is resumed; retry %s [power.sleep-keeps-the-channel]',
    async (retry) => {
      const bench = new Bench(retry);
      const ended = bench.slot.run();
      await turn();
      await bench.slot.suspend();
      await turn();
      expect(bench.phases.slice(-2)).toEqual(['gone', 'suspended']);
      expect(bench.lives).toHaveLength(1);
      await bench.clock.advance(60_000);
      expect(bench.lives).toHaveLength(1);
      await bench.slot.resume();
      await turn();
      expect(bench.lives).toHaveLength(2);
      expect(bench.slot.phase).toBe('running');
      expect(bench.log.messages).toEqual([]);
      bench.slot.stop();
      expect(await ended).toMatchObject({ how: 'stopped' });
    },
  );

  test('loses it to an eject all the same', async () => {
    const bench = new Bench(true);
    const ended = bench.slot.run();
    await turn();
    bench.lives[0]?.end({ code: CLOSE_CODES.ejected.code, reason: 'ejected' });
    expect(await ended).toMatchObject({ how: 'ejected' });
  });
});

describe('a slot that is suspended while it dials', () => {
  test('closes the channel that it gets, and opens another when it is resumed', async () => {
    const bench = new Bench(true);
    const [mine, theirs] = createControlledPair();
    let open: (result: DialResult) => void = () => {};
    const { dial } = bench;
    bench.dial = () =>
      new Promise((resolve) => {
        open = resolve;
      });
    void bench.slot.run();
    await bench.slot.suspend();
    expect(bench.phases).toEqual(['dialing', 'suspended']);
    theirs.listen({ message: () => {}, close: () => {}, drain: () => {} });
    open({ transport: mine });
    await turn();
    expect(theirs.closed).toMatchObject({ code: CLOSE_CODES.normal.code });
    expect(bench.lives).toHaveLength(0);
    bench.dial = dial;
    await bench.slot.resume();
    await turn();
    expect(bench.lives).toHaveLength(1);
    expect(bench.phases.slice(1)).toEqual([
      'suspended',
      'dialing',
      'handshake',
      'initializing',
      'running',
    ]);
  });

  test('and resumed before it gets a channel uses that', async () => {
    const bench = new Bench(true);
    const { dial } = bench;
    let open: () => void = () => {};
    bench.dial = () =>
      new Promise((resolve) => {
        open = () => void dial().then(resolve);
      });
    void bench.slot.run();
    await bench.slot.suspend();
    await bench.slot.resume();
    open();
    await turn();
    expect(bench.lives).toHaveLength(1);
    expect(bench.slot.phase).toBe('running');
  });

  test('and reaches no host tries no more until it is resumed, and then at once', async () => {
    const bench = new Bench(true);
    const { dial } = bench;
    let tries = 0;
    bench.dial = () => {
      tries++;
      return Promise.resolve({ failure: 'no host', permanent: false });
    };
    void bench.slot.run();
    await turn();
    expect(bench.clock.untilNext).toBe(250);
    await bench.slot.suspend();
    expect(bench.slot.phase).toBe('suspended');
    await bench.clock.advance(60_000);
    expect(tries).toBe(1);
    expect(bench.clock.timers).toBe(0);
    bench.dial = dial;
    await bench.slot.resume();
    await turn();
    expect(bench.slot.phase).toBe('running');
  });
});
