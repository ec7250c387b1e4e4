import { beforeEach, describe, expect, test } from 'vitest';
import { MAX_READERS, TraceFeed } from '#host/control/trace-feed.ts';
import { Trace } from '#shared/trace/trace.ts';
import { ManualClock } from '#test/kit/world/manual-clock.ts';

const all = (): boolean => true;
const follow = { filter: all, recent: 0, follow: true };

let clock: ManualClock;
let trace: Trace;

beforeEach(() => {
  clock = new ManualClock();
  trace = new Trace(() => clock.now());
});

function record(): void {
  trace.record({ hop: 'oidRequest', name: 'OID_SRIOV_RESET_VF', vfId: 0 });
}

describe('TraceFeed', () => {
  test('there are at most sixteen readers; one that leaves makes room', () => {
    const feed = new TraceFeed(trace, clock, 0);
    const [first] = Array.from({ length: MAX_READERS }, () => feed.open(follow));
    expect(feed.open({ ...follow, follow: false })).toBeUndefined();
    if (first !== undefined) feed.leave(first);
    expect(feed.open(follow)).toBeDefined();
    expect(MAX_READERS).toBe(16);
  });

  test('keeping nothing, it listens only while somebody reads', () => {
    const feed = new TraceFeed(trace, clock, 0);
    expect(trace.enabled).toBe(false);
    const readers = [feed.open(follow), feed.open(follow)].filter((each) => each !== undefined);
    expect(trace.enabled).toBe(true);
    for (const reader of readers) feed.leave(reader);
    expect(trace.enabled).toBe(false);
    expect(clock.timers).toBe(0);
  });

  test('keeping nothing, it gives nothing of the past', async () => {
    const feed = new TraceFeed(trace, clock, 0);
    record();
    const reader = feed.open({ filter: all, recent: 10, follow: false });
    expect(await reader?.next()).toBeUndefined();
  });

  test('past and present meet without a gap and without a double', async () => {
    const feed = new TraceFeed(trace, clock, 2);
    for (let count = 0; count < 3; count++) record();
    const reader = feed.open({ filter: all, recent: 2, follow: true });
    record();
    const past = await reader?.next();
    const present = await reader?.next();
    expect(past).toMatchObject([{ seq: 2 }, { seq: 3 }]);
    expect(present).toMatchObject([{ seq: 4 }]);
  });

  test('a reader that does not follow ends with the past', async () => {
    const feed = new TraceFeed(trace, clock, 2);
    record();
    const reader = feed.open({ filter: all, recent: 5, follow: false });
    record();
    expect(await reader?.next()).toMatchObject([{ seq: 1 }]);
    expect(await reader?.next()).toBeUndefined();
  });

  test('a silent minute ends a wait, since HTTP clients give up on silence', async () => {
    const feed = new TraceFeed(trace, clock, 0);
    const reader = feed.open(follow);
    const waiting = reader?.next();
    await clock.advance(60_000);
    expect(await waiting).toEqual([]);
  });

  test('closing ends every reader, and listens no more', async () => {
    const feed = new TraceFeed(trace, clock, 10);
    const waiting = feed.open(follow)?.next();
    feed.close();
    expect(await waiting).toBeUndefined();
    expect(trace.enabled).toBe(false);
    expect(await feed.open(follow)?.next()).toBeUndefined();
    expect(trace.enabled).toBe(false);
    expect(clock.timers).toBe(0);
  });
});
