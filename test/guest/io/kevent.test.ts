import { describe, expect, test } from 'vitest';
import { type EventType, KEvent } from '#guest/io/kevent.ts';
import { NTSTATUS } from '#shared/nt/ntstatus.ts';
import { ManualClock } from '#test/kit/world/manual-clock.ts';
import { turn } from '#test/kit/world/turn.ts';

const { STATUS_SUCCESS, STATUS_TIMEOUT } = NTSTATUS;

/** An event, and how each of some waits for it ended, in order. */
async function waiting(type: EventType, waits: number, timeout?: number) {
  const clock = new ManualClock();
  const event = new KEvent(type, false);
  const ends: number[] = [];
  for (let wait = 0; wait < waits; wait++) {
    void event.wait(clock, timeout).then((status) => ends.push(status));
  }
  await turn();
  return { clock, event, ends };
}

describe('an event', () => {
  test('that nobody sets lets nobody go', async () => {
    const { clock, ends } = await waiting('NotificationEvent', 1);
    await clock.advance(3_600_000);
    expect(ends).toEqual([]);
  });

  test('that is not set in time ends a wait with STATUS_TIMEOUT, and a later one lets it end no more', async () => {
    const { clock, event, ends } = await waiting('SynchronizationEvent', 1, 100);
    await clock.advance(99);
    expect(ends).toEqual([]);
    await clock.advance(1);
    expect(ends).toEqual([STATUS_TIMEOUT]);
    event.set();
    await turn();
    expect(ends).toEqual([STATUS_TIMEOUT]);
    expect(event.signaled).toBe(true);
  });

  test('that is set in time leaves no timer behind', async () => {
    const { clock, event, ends } = await waiting('NotificationEvent', 1, 100);
    event.set();
    await turn();
    expect(ends).toEqual([STATUS_SUCCESS]);
    expect(clock.timers).toBe(0);
  });

  test('of type NotificationEvent lets every waiter go, and stays signaled until it is cleared', async () => {
    const { clock, event, ends } = await waiting('NotificationEvent', 3);
    expect(event.set()).toBe(false);
    expect(event.set()).toBe(true);
    await turn();
    expect(ends).toEqual([STATUS_SUCCESS, STATUS_SUCCESS, STATUS_SUCCESS]);
    expect(await event.wait(clock, 0)).toBe(STATUS_SUCCESS);
    event.clear();
    expect(event.signaled).toBe(false);
    expect(await event.wait(clock, 0)).toBe(STATUS_TIMEOUT);
  });

  test('of type SynchronizationEvent lets one waiter go each time, and is not signaled then', async () => {
    const { event, ends } = await waiting('SynchronizationEvent', 2);
    event.set();
    await turn();
    expect(ends).toHaveLength(1);
    expect(event.signaled).toBe(false);
    event.set();
    await turn();
    expect(ends).toHaveLength(2);
    expect(event.signaled).toBe(false);
  });

  test('that is signaled from the beginning is waited for by nobody', async () => {
    const event = new KEvent('SynchronizationEvent', true);
    expect(await event.wait(new ManualClock(), undefined)).toBe(STATUS_SUCCESS);
    expect(event.signaled).toBe(false);
  });
});
