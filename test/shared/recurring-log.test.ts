import { describe, expect, test } from 'vitest';
import { isTold, RecurringLog } from '#shared/recurring-log.ts';
import { ManualClock } from '#test/kit/world/manual-clock.ts';
import { CapturedLog } from '#test/shared/reference-nic/captured-log.ts';

function newLog() {
  const clock = new ManualClock();
  const captured = new CapturedLog();
  const log = new RecurringLog(captured.log, clock);
  const tell = (kind: string, times: number): void => {
    for (let time = 0; time < times; time++) log.warn(kind, { vfId: 3 }, 'refused');
  };
  return { clock, captured, log, tell };
}

describe('what is told of many that are alike', () => {
  test('is the first five, and each tenfold count', () => {
    const told = Array.from({ length: 100_000 }, (_, index) => index + 1).filter(isTold);
    expect(told).toEqual([1, 2, 3, 4, 5, 10, 100, 1_000, 10_000, 100_000]);
  });
});

describe('a log of what recurs', () => {
  test('says how many there were, once it leaves lines out', () => {
    const { captured, tell } = newLog();
    tell('3 refused', 999);
    expect(captured.lines).toEqual([
      ...Array(5).fill({ level: 'warn', msg: 'refused', vfId: 3 }),
      { level: 'warn', msg: 'refused', vfId: 3, count: 10 },
      { level: 'warn', msg: 'refused', vfId: 3, count: 100 },
    ]);
  });

  test('counts each kind for itself, at its own level', () => {
    const { captured, log, tell } = newLog();
    tell('3 refused', 50);
    log.info('3 granted', {}, 'granted');
    log.error('4 refused', { err: 'x' }, 'failed');
    expect(captured.lines.slice(-2)).toEqual([
      { level: 'info', msg: 'granted' },
      { level: 'error', msg: 'failed', err: 'x' },
    ]);
  });

  test('takes a kind for new that has not come for a minute', async () => {
    const { clock, captured, tell } = newLog();
    tell('3 refused', 50);
    await clock.advance(59_999);
    tell('3 refused', 1);
    expect(captured.lines).toHaveLength(6);
    await clock.advance(60_000);
    tell('3 refused', 1);
    expect(captured.lines).toHaveLength(7);
    expect(captured.lines.at(-1)).not.toHaveProperty('count');
  });

  test('does not take a kind for new that comes all the time', async () => {
    const { clock, captured, tell } = newLog();
    for (let second = 0; second < 600; second++) {
      tell('3 refused', 1);
      await clock.advance(1_000);
    }
    expect(captured.lines).toHaveLength(7);
  });

  test('counts on where another one over the same log has counted', () => {
    const { clock, captured, tell } = newLog();
    tell('3 refused', 5);
    new RecurringLog(captured.log, clock).warn('3 refused', {}, 'refused');
    expect(captured.lines).toHaveLength(5);
    new RecurringLog(captured.log.child({}), clock).warn('3 refused', {}, 'refused');
    expect(captured.lines).toHaveLength(6);
  });

  test('is filled by no number of kinds, and has room again after a minute', async () => {
    const { clock, captured, log } = newLog();
    const tellKinds = (count: number): void => {
      for (let kind = 0; kind < count; kind++) log.info(`kind ${kind}`, {}, 'said');
    };
    tellKinds(16_384);
    expect(captured.lines).toHaveLength(16_384);
    tellKinds(26_384);
    const untold = 16_384 + 16_384;
    // Of the kinds that have room the second; of the 10,000 beyond, the first five and 10 to 10,000.
    expect(captured.lines).toHaveLength(untold + 5 + 4);
    await clock.advance(60_000);
    tellKinds(100);
    expect(captured.lines).toHaveLength(untold + 9 + 100);
  });
});
