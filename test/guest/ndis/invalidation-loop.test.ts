import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Irp } from '#guest/io/irp.ts';
import { InvalidationLoop } from '#guest/ndis/invalidation-loop.ts';
import { PendedInvalidate } from '#guest/vpci/pended-invalidate.ts';
import { NTSTATUS } from '#shared/nt/ntstatus.ts';
import { ManualClock } from '#test/kit/world/manual-clock.ts';

/** NDIS's loop over the VPCI driver's slot for the IOCTL, and a VF miniport that a test drives. */
class Bench {
  /** `ioctl` for each IOCTL that was sent, and the mask of each OID request, in order. */
  readonly order: (string | bigint)[] = [];
  readonly masks: bigint[] = [];
  readonly dones: (() => void)[] = [];
  readonly sent: Irp[] = [];
  readonly driver = new PendedInvalidate((irp, status, information) => {
    irp.complete(status, information);
  });
  /** Whether the VF miniport completes its OID requests at once. */
  prompt = true;
  readonly clock = new ManualClock();
  readonly loop = new InvalidationLoop({
    clock: this.clock,
    send: (irp) => {
      this.order.push('ioctl');
      this.sent.push(irp);
      this.driver.pend(irp);
    },
    cancel: (irp) => irp.cancel(),
    notify: (mask, _cause, done) => {
      this.order.push(mask);
      this.masks.push(mask);
      if (this.prompt) done();
      else this.dones.push(done);
    },
  });

  done(): void {
    this.dones.shift()?.();
  }
}

describe('the invalidation loop of guest NDIS', () => {
  test('issues one IOCTL when it starts, and keeps one pended', () => {
    const bench = new Bench();
    bench.loop.start();
    bench.loop.start();
    expect(bench.order).toEqual(['ioctl']);
    expect(bench.driver.isPended).toBe(true);
  });

  test('issues the IOCTL again before the OID [invalidate.ioctl-before-oid] [invalidate.ioctl-again]', () => {
    const bench = new Bench();
    bench.loop.start();
    bench.driver.notify(0x21n, 0);
    expect(bench.order).toEqual(['ioctl', 'ioctl', 0x21n]);
  });

  test('a mask that waited for the first IOCTL is delivered, and an IOCTL pends again', () => {
    const bench = new Bench();
    bench.driver.notify(0x1n, 0);
    bench.driver.notify(0x20n, 0);
    bench.loop.start();
    expect(bench.order).toEqual(['ioctl', 'ioctl', 0x21n]);
    expect(bench.driver.isPended).toBe(true);
  });

  test('masks that come while the miniport holds an OID are ORed into one that waits [concurrency.masks-merge-while-held]', () => {
    const bench = new Bench();
    bench.prompt = false;
    bench.loop.start();
    for (const mask of [0x1n, 0x2n, 0x4n, 0x2n]) bench.driver.notify(mask, 0);
    expect(bench.masks).toEqual([0x1n]);
    expect(bench.loop.waitingMask).toBe(0x6n);
    bench.done();
    expect(bench.masks).toEqual([0x1n, 0x6n]);
    bench.done();
    expect(bench.masks).toEqual([0x1n, 0x6n]);
  });

  test('stopped, it leaves no IOCTL pended and issues no OID', () => {
    const bench = new Bench();
    bench.loop.start();
    bench.loop.stop();
    expect(bench.sent[0]?.ioStatus).toEqual({ status: NTSTATUS.STATUS_CANCELLED, information: 0 });
    bench.driver.notify(0x1n, 0);
    expect(bench.driver.isPended).toBe(false);
    expect(bench.order).toEqual(['ioctl']);
  });

  test('an IOCTL that succeeds after the stop began is followed by no OID and no IOCTL [pended.no-oid-after-halt]', () => {
    const sent: Irp[] = [];
    const masks: bigint[] = [];
    const loop = new InvalidationLoop({
      clock: new ManualClock(),
      send: (irp) => sent.push(irp),
      cancel: () => {},
      notify: (mask) => masks.push(mask),
    });
    loop.start();
    loop.stop();
    sent[0]?.stackLocation.type3InputBuffer?.fill(0xff);
    sent[0]?.complete(NTSTATUS.STATUS_SUCCESS, 0);
    expect(masks).toEqual([]);
    expect(sent).toHaveLength(1);
  });

  test('a mask that waits for the miniport when it is stopped is not delivered', () => {
    const bench = new Bench();
    bench.prompt = false;
    bench.loop.start();
    bench.driver.notify(0x1n, 0);
    bench.driver.notify(0x2n, 0);
    bench.loop.stop();
    bench.done();
    expect(bench.masks).toEqual([0x1n]);
  });

  test('an IOCTL that fails because the device is gone is not issued again [pended.other-completion]', async () => {
    const bench = new Bench();
    bench.loop.start();
    bench.driver.fail(NTSTATUS.STATUS_DEVICE_NOT_CONNECTED);
    await bench.clock.advance(60_000);
    expect(bench.order).toEqual(['ioctl']);
  });

  test.each([NTSTATUS.STATUS_CANCELLED, 0xc0001234])(
    'an IOCTL that fails with 0x%x is followed by no OID and by another one, which has what came meanwhile [pended.other-completion]',
    async (status) => {
      const bench = new Bench();
      bench.loop.start();
      bench.driver.fail(status);
      bench.driver.notify(0x1n, 0);
      await bench.clock.advance(99);
      expect(bench.order).toEqual(['ioctl']);
      await bench.clock.advance(1);
      expect(bench.order).toEqual(['ioctl', 'ioctl', 'ioctl', 0x1n]);
    },
  );

  test('a driver that refuses every IOCTL does not make it spin: each pause is twice the last, up to 10 seconds [pended.other-completion]', async () => {
    const clock = new ManualClock();
    const at: number[] = [];
    const start = clock.now();
    const loop = new InvalidationLoop({
      clock,
      send: (irp) => {
        at.push(clock.now() - start);
        irp.complete(NTSTATUS.STATUS_INVALID_DEVICE_REQUEST, 0);
      },
      cancel: () => {},
      notify: () => {},
    });
    loop.start();
    loop.start();
    await clock.advance(32_700);
    expect(at).toEqual([0, 100, 300, 700, 1500, 3100, 6300, 12_700, 22_700, 32_700]);
    loop.stop();
    expect(clock.timers).toBe(0);
  });

  test('an IOCTL that succeeds makes the next pause a short one again', async () => {
    const bench = new Bench();
    bench.loop.start();
    for (const pause of [100, 200, 400]) {
      bench.driver.fail(NTSTATUS.STATUS_CANCELLED);
      await bench.clock.advance(pause);
    }
    bench.driver.notify(0x1n, 0);
    bench.driver.fail(NTSTATUS.STATUS_CANCELLED);
    expect(bench.driver.isPended).toBe(false);
    await bench.clock.advance(100);
    expect(bench.driver.isPended).toBe(true);
  });

  test('paused, it keeps an IOCTL pended and tells nothing, until it is resumed [power.masks-wait-for-the-miniport]', () => {
    const bench = new Bench();
    bench.loop.start();
    bench.loop.pause();
    bench.driver.notify(0x1n, 0);
    bench.driver.notify(0x20n, 0);
    expect(bench.order).toEqual(['ioctl', 'ioctl', 'ioctl']);
    expect(bench.loop.waitingMask).toBe(0x21n);
    bench.loop.resume();
    expect(bench.masks).toEqual([0x21n]);
    bench.driver.notify(0x2n, 0);
    expect(bench.masks).toEqual([0x21n, 0x2n]);
  });

  test('paused while the miniport holds an OID, it tells no other when that is done', () => {
    const bench = new Bench();
    bench.prompt = false;
    bench.loop.start();
    bench.driver.notify(0x1n, 0);
    bench.loop.pause();
    bench.driver.notify(0x2n, 0);
    bench.done();
    expect(bench.masks).toEqual([0x1n]);
    bench.loop.resume();
    expect(bench.masks).toEqual([0x1n, 0x2n]);
  });

  test('paused and stopped, it cancels the IOCTL, and tells nothing when it is resumed', () => {
    const bench = new Bench();
    bench.loop.start();
    bench.loop.pause();
    bench.driver.notify(0x1n, 0);
    bench.loop.stop();
    bench.loop.resume();
    expect(bench.masks).toEqual([]);
    expect(bench.driver.isPended).toBe(false);
  });

  test('20,000 masks are delivered with one IOCTL after another, and the stack does not grow', () => {
    const bench = new Bench();
    bench.prompt = false;
    bench.loop.start();
    for (let each = 0; each < 20_000; each++) bench.driver.notify(1n << BigInt(each % 64), 0);
    bench.done();
    expect(bench.masks).toEqual([1n, (1n << 64n) - 1n]);
  });

  test('whatever the order of masks and completions, nothing is lost and nothing is made up', () => {
    const step = fc.oneof(
      fc.bigInt({ min: 1n, max: (1n << 64n) - 1n }),
      fc.constantFrom('start', 'done', 'prompt', 'slow'),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const bench = new Bench();
        let sent = 0n;
        for (const each of steps) {
          if (typeof each === 'bigint') {
            sent |= each;
            bench.driver.notify(each, 0);
          } else if (each === 'start') bench.loop.start();
          else if (each === 'done') bench.done();
          else bench.prompt = each === 'prompt';
        }
        bench.prompt = true;
        bench.loop.start();
        while (bench.dones.length > 0) bench.done();
        expect(bench.masks.reduce((union, mask) => union | mask, 0n)).toBe(sent);
        expect(bench.masks).not.toContain(0n);
        expect(bench.driver.isPended).toBe(true);
      }),
      { numRuns: 300, seed: 1 },
    );
  });
});
