import { expect, test } from 'vitest';
import { dispatchClock } from '#shared/nt/dispatch-clock.ts';
import { CurrentIrql, IRQL } from '#shared/nt/irql.ts';
import { ManualClock } from '#test/kit/world/manual-clock.ts';

test("a driver's timer fires at DISPATCH_LEVEL, in its time, unless it is cancelled", async () => {
  const irql = new CurrentIrql();
  const time = new ManualClock();
  const clock = dispatchClock(time, irql);
  const fired: (readonly [number, number])[] = [];
  const start = clock.now();
  const fire = (): void => void fired.push([clock.now() - start, irql.level]);
  clock.setTimer(10, fire);
  clock.setTimer(20, fire).cancel();
  await time.advance(30);
  expect(fired).toEqual([[10, IRQL.DISPATCH_LEVEL]]);
  expect(irql.level).toBe(IRQL.PASSIVE_LEVEL);
});
