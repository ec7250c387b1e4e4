import { describe, expect, test } from 'vitest';
import { CurrentIrql, IRQL, irqlName } from '#shared/nt/irql.ts';

describe('the current IRQL', () => {
  test('is PASSIVE_LEVEL where nothing has raised it', () => {
    expect(irqlName(new CurrentIrql().level)).toBe('PASSIVE_LEVEL');
  });

  test('is restored after code that throws', () => {
    const irql = new CurrentIrql();
    const raised = () =>
      irql.at(IRQL.DISPATCH_LEVEL, () => {
        throw new Error(irqlName(irql.level));
      });
    expect(raised).toThrow('DISPATCH_LEVEL');
    expect(irql.level).toBe(IRQL.PASSIVE_LEVEL);
  });

  test('is restored after code that raised it and did not lower it', () => {
    const irql = new CurrentIrql();
    expect(irql.at(IRQL.APC_LEVEL, () => irql.set(IRQL.DISPATCH_LEVEL))).toBe(IRQL.APC_LEVEL);
    expect(irql.level).toBe(IRQL.PASSIVE_LEVEL);
  });

  test('does not reach what follows an await [irql.after-an-await]', async () => {
    const irql = new CurrentIrql();
    const levels: number[] = [];
    await irql.at(IRQL.DISPATCH_LEVEL, async () => {
      levels.push(irql.level);
      await undefined;
      levels.push(irql.level);
    });
    expect(levels).toEqual([IRQL.DISPATCH_LEVEL, IRQL.PASSIVE_LEVEL]);
  });
});
