import { describe, expect, test } from 'vitest';
import { Turns } from '#guest/vf-miniport/turns.ts';
import { turn } from '#test/kit/world/turn.ts';
import { deferred } from '#test/shared/reference-nic/deferred.ts';

describe('turns', () => {
  test('a piece of work that fails does not hold up the next', async () => {
    const turns = new Turns();
    const failed = turns.take(() => Promise.reject(new Error('first')));
    const next = turns.take(async () => 'second');
    await expect(failed).rejects.toThrow('first');
    expect(await next).toBe('second');
  });

  test('work begins when the work before it is done, in the order in which it came', async () => {
    const turns = new Turns();
    const first = deferred<void>();
    const begun: number[] = [];
    const all = [1, 2, 3].map((number) =>
      turns.take(async () => {
        begun.push(number);
        if (number === 1) await first.promise;
      }),
    );
    await turn();
    expect(begun).toEqual([1]);
    first.resolve();
    await Promise.all(all);
    expect(begun).toEqual([1, 2, 3]);
  });

  test('they are idle when all work is done', async () => {
    const turns = new Turns();
    const work = deferred<void>();
    const taken = turns.take(() => work.promise);
    let idle = false;
    const waiting = turns.idle().then(() => {
      idle = true;
    });
    await turn();
    expect(idle).toBe(false);
    work.resolve();
    await Promise.all([taken, waiting]);
    expect(idle).toBe(true);
  });
});
