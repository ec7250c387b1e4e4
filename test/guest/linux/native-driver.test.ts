import { describe, expect, test } from 'vitest';
import { MAX_WORK } from '#guest/linux/work-queue.ts';
import { turn } from '#test/kit/world/turn.ts';
import { LinuxBench } from '#test/support/linux-bench.ts';
import { RAW_DEVICE } from '#test/support/raw-host.ts';

describe('what the kernel gives to a Linux VF driver', () => {
  test('refuses work when 1,024 pieces wait, and takes it again when they have run', async () => {
    const { bound } = await new LinuxBench().run();
    const ran: number[] = [];
    for (let each = 0; each < MAX_WORK; each++) {
      expect(bound.kernel.scheduleWork(() => void ran.push(each))).toBe(true);
    }
    expect(bound.kernel.scheduleWork(() => void ran.push(-1))).toBe(false);
    await bound.kernel.flushWork();
    expect(ran).toEqual(Array.from({ length: MAX_WORK }, (_, each) => each));
    expect(bound.kernel.scheduleWork(() => void ran.push(-2))).toBe(true);
    await bound.kernel.flushWork();
    expect(ran.at(-1)).toBe(-2);
  });

  test('runs one piece of work at a time, and reports one that throws or rejects', async () => {
    const bench = await new LinuxBench().run();
    const { kernel } = bench.bound;
    const order: string[] = [];
    let finish: () => void = () => {};
    kernel.scheduleWork(async () => {
      order.push('first begins');
      await new Promise<void>((resolve) => {
        finish = resolve;
      });
      order.push('first ends');
      throw new Error('rejected');
    });
    kernel.scheduleWork(() => {
      order.push('second');
      throw new Error('thrown');
    });
    kernel.scheduleWork(() => void order.push('third'));
    await turn();
    expect(order).toEqual(['first begins']);
    finish();
    await kernel.flushWork();
    expect(order).toEqual(['first begins', 'first ends', 'second', 'third']);
    expect(bench.log.messages).toEqual([
      'scheduled work of the Linux VF driver threw: rejected',
      'scheduled work of the Linux VF driver threw: thrown',
    ]);
  });

  test('lets others run between pieces of work that schedule themselves for ever', async () => {
    const { bound } = await new LinuxBench().run();
    let ran = 0;
    let stopped = false;
    const again = (): void => {
      ran++;
      if (!stopped) bound.kernel.scheduleWork(again);
    };
    bound.kernel.scheduleWork(again);
    for (let each = 0; each < 5; each++) await turn();
    expect(ran).toBeGreaterThan(1);
    expect(ran).toBeLessThan(20);
    stopped = true;
    await bound.kernel.flushWork();
  });

  test('reports a timer that throws, and goes on', async () => {
    const bench = await new LinuxBench().run();
    bench.bound.kernel.clock.setTimer(5, () => {
      throw new Error('broken');
    });
    await bench.clock.advance(5);
    expect(bench.log.messages).toEqual(['a timer of the Linux VF driver threw: broken']);
    const violated = bench.events.filter(({ hop }) => hop === 'linuxContractViolated');
    expect(violated).toMatchObject([
      { name: 'a timer', device: 'g1/0', note: bench.log.messages[0] },
    ]);
    expect(bench.phases.at(-1)).toBe('running');
  });

  test('names the device, its ids and what the channel has moved', async () => {
    const { bound } = await new LinuxBench().run();
    expect(bound.kernel.name).toBe('g1/0');
    expect(bound.device).toMatchObject({
      name: 'g1/0',
      vendor: RAW_DEVICE.vendorId,
      device: RAW_DEVICE.deviceId,
    });
    const { framesSent } = bound.kernel.busStatistics();
    await bound.read(5, 1);
    expect(bound.kernel.busStatistics().framesSent).toBe(framesSent + 1);
  });
});
