import { describe, expect, test } from 'vitest';
import { createReferenceVf, type VfConfiguration } from '#guest/vf-miniport/reference/index.ts';
import { NDIS_STATUS } from '#shared/ndis/ndis-status.ts';
import { turn } from '#test/kit/world/turn.ts';
import { patched } from '#test/shared/reference-nic/bytes.ts';
import { deferred } from '#test/shared/reference-nic/deferred.ts';
import { ATTRIBUTES, ScriptedPf, VfUnderTest } from './vf-under-test.ts';

const { NDIS_STATUS_SUCCESS, NDIS_STATUS_FAILURE } = NDIS_STATUS;
const KEPT = 'configuration not read, the one before stays in force';

/** A VF, not started, that sends no statistics, and what it applies. */
function created(keywords: Readonly<Record<string, string>> = {}, pf = new ScriptedPf()) {
  const applied: VfConfiguration[] = [];
  const factory = createReferenceVf({ onApplied: (configuration) => applied.push(configuration) });
  const vf = new VfUnderTest(factory, { StatisticsIntervalMs: '0', ...keywords }, pf);
  return { vf, pf, applied };
}

/** The same, started, with nothing read since. */
async function started() {
  const made = created();
  expect(await made.vf.initialize()).toBe(NDIS_STATUS_SUCCESS);
  made.pf.reads.length = 0;
  return made;
}

/**
 * Has all blocks change before the last read of each of the first rounds. The first round reads three
 * blocks, and each further one the two that are not of the last change.
 */
function changeDuring(rounds: number, pf: ScriptedPf): void {
  let version = 1;
  pf.beforeRead = () => {
    const isLastOfRound = pf.reads.length >= 3 && pf.reads.length % 2 === 1;
    if (isLastOfRound && version <= rounds) pf.configure([++version, version, version]);
  };
}

/** What it says first. */
const IDENTIFIED = {
  level: 'info',
  msg: 'device identified',
  vendorId: '0xfffe',
  deviceId: '0x0001',
};

describe('the VF of the reference NIC does not start', () => {
  test.each([
    ['StatisticsSource', 'disk', 'machine or channel'],
    ['StatisticsIntervalMs', '99', '0 for none, or 100 to 2147483647 milliseconds'],
    ['RequestMacAddress', '02:00', 'a MAC address, such as 02:15:5d:00:00:01'],
    ['RequestMtu', '-1', 'a number of bytes, at most 4294967295'],
  ])('with a keyword that is not valid: %s', async (keyword, found, expected) => {
    const { vf, pf } = created({ [keyword]: found });
    expect(await vf.initialize()).toBe(NDIS_STATUS_FAILURE);
    expect(vf.logged.lines).toEqual([
      { level: 'error', msg: 'keyword is not valid', keyword, found, expected },
    ]);
    expect(pf.reads).toEqual([]);
  });

  test.each([0, 1, 2])('when block %d cannot be read', async (blockId) => {
    const { vf, pf, applied } = created();
    pf.blocks.delete(blockId);
    expect(await vf.initialize()).toBe(NDIS_STATUS_FAILURE);
    expect(vf.logged.lines).toEqual([
      IDENTIFIED,
      {
        level: 'error',
        msg: 'configuration cannot be read',
        reason: `the read of block ${blockId} failed`,
      },
    ]);
    expect(applied).toEqual([]);
    expect(vf.clock.timers).toBe(0);
  });

  test.each([
    ['another layout version', 1, 0, '02', 'block 1 is of a layout version that is not known'],
    ['a reserved link state', 0, 28, '03', 'block 0 holds a value that is out of range'],
    ['too many VLAN ids', 1, 20, '21', 'block 1 holds a value that is out of range'],
    ['too many multicast addresses', 2, 16, '13', 'block 2 holds a value that is out of range'],
  ])('when a block has %s', async (_, blockId, offset, hex, reason) => {
    const { vf, pf, applied } = created();
    pf.blocks.set(blockId, patched(pf.blocks.get(blockId) ?? new Uint8Array(), offset, hex));
    expect(await vf.initialize()).toBe(NDIS_STATUS_FAILURE);
    expect(vf.logged.lines.at(-1)).toMatchObject({ msg: 'configuration cannot be read', reason });
    expect(applied).toEqual([]);
  });

  test('when the blocks change during each of 16 rounds', async () => {
    const { vf, pf, applied } = created();
    changeDuring(16, pf);
    expect(await vf.initialize()).toBe(NDIS_STATUS_FAILURE);
    expect(vf.logged.lines.at(-1)).toMatchObject({
      reason: 'the blocks changed during each of 16 rounds of reading',
    });
    expect(pf.reads).toHaveLength(33);
    expect(applied).toEqual([]);
  });
});

describe('the VF of the reference NIC, at its start', () => {
  test('reads each block once and applies what they say', async () => {
    const { vf, pf, applied } = created();
    pf.configure([3, 4, 5]);
    expect(await vf.initialize()).toBe(NDIS_STATUS_SUCCESS);
    expect(pf.reads).toEqual([0, 1, 2]);
    expect(applied).toEqual([
      {
        versions: [3, 4, 5],
        attributes: ATTRIBUTES,
        receiveFilter: { packetTypes: 0x0b, vlanIds: [7] },
        multicastAddresses: ['01:00:5e:00:00:01'],
      },
    ]);
    expect(vf.logged.lines).toEqual([
      IDENTIFIED,
      {
        level: 'info',
        msg: 'configuration applied',
        mac: '02:15:5d:00:00:01',
        mtu: 1500,
        link: 'MediaConnectStateConnected',
        vlan: 5,
        versions: [3, 4, 5],
      },
    ]);
  });

  test('reads again only the blocks that a later header says have changed', async () => {
    const { vf, pf, applied } = created();
    pf.beforeRead = (blockId) => {
      if (blockId === 2 && pf.reads.length === 3) pf.configure([2, 1, 1], { mtu: 9000 });
    };
    expect(await vf.initialize()).toBe(NDIS_STATUS_SUCCESS);
    expect(pf.reads).toEqual([0, 1, 2, 0]);
    expect(applied.map(({ versions, attributes }) => [versions, attributes.mtu])).toEqual([
      [[2, 1, 1], 9000],
    ]);
  });

  test('applies what the 16th round made whole', async () => {
    const { vf, pf, applied } = created();
    changeDuring(15, pf);
    expect(await vf.initialize()).toBe(NDIS_STATUS_SUCCESS);
    expect(pf.reads).toHaveLength(33);
    expect(applied.map(({ versions }) => versions)).toEqual([[16, 16, 16]]);
  });
});

describe('an invalidation', () => {
  test('of blocks that are none of its own reads nothing', async () => {
    const { vf, pf, applied } = await started();
    expect(await vf.invalidate(5, 16, 63)).toBe(NDIS_STATUS_SUCCESS);
    expect(pf.reads).toEqual([]);
    expect(applied).toHaveLength(1);
  });

  test('of a block that is as it was reads it, and applies nothing', async () => {
    const { vf, pf, applied } = await started();
    expect(await vf.invalidate(1)).toBe(NDIS_STATUS_SUCCESS);
    expect(pf.reads).toEqual([1]);
    expect(applied).toHaveLength(1);
    expect(vf.logged.lines.at(-1)).toEqual({
      level: 'info',
      msg: 'configuration unchanged',
      versions: [1, 1, 1],
    });
  });

  test('of a block that changed reads only it, and applies', async () => {
    const { vf, pf, applied } = await started();
    pf.configure([2, 1, 1], { mtu: 9000 });
    expect(await vf.invalidate(0)).toBe(NDIS_STATUS_SUCCESS);
    expect(pf.reads).toEqual([0]);
    expect(applied.at(-1)).toMatchObject({ versions: [2, 1, 1], attributes: { mtu: 9000 } });
  });

  test('of one block reads the others that its header says have changed', async () => {
    const { vf, pf, applied } = await started();
    pf.configure([2, 2, 1], { mtu: 9000 });
    await vf.invalidate(0);
    expect(pf.reads).toEqual([0, 1]);
    expect(applied.at(-1)).toMatchObject({ versions: [2, 2, 1] });
  });

  test('completes when the VF has applied, not before', async () => {
    const { vf, pf, applied } = await started();
    const answer = deferred<void>();
    pf.beforeRead = () => answer.promise;
    pf.configure([2, 1, 1], { mtu: 9000 });
    let completed = false;
    const invalidated = vf.invalidate(0).then(() => {
      completed = true;
    });
    await turn();
    expect(completed).toBe(false);
    answer.resolve();
    await invalidated;
    expect(applied).toHaveLength(2);
  });

  test('whose reads fail keeps the configuration, and tries again after 5 s', async () => {
    const { vf, pf, applied } = await started();
    pf.configure([2, 1, 1], { mtu: 9000 });
    const block = pf.blocks.get(0) ?? new Uint8Array();
    pf.blocks.delete(0);
    expect(await vf.invalidate(0)).toBe(NDIS_STATUS_SUCCESS);
    expect(vf.logged.with(KEPT)).toEqual([
      { level: 'warn', msg: KEPT, reason: 'the read of block 0 failed', retryMs: 5000 },
    ]);
    expect(applied).toHaveLength(1);
    await vf.clock.advance(5000);
    expect(vf.logged.with(KEPT)).toHaveLength(2);
    pf.blocks.set(0, block);
    await vf.clock.advance(4999);
    expect(applied).toHaveLength(1);
    await vf.clock.advance(1);
    expect(applied.at(-1)).toMatchObject({ attributes: { mtu: 9000 } });
    expect(vf.clock.timers).toBe(0);
  });

  test('that brought no valid block reads it again at the next try', async () => {
    const { vf, pf, applied } = await started();
    pf.configure([2, 1, 1], { vlanId: 4095 });
    await vf.invalidate(0);
    expect(vf.logged.with(KEPT)).toMatchObject([
      { reason: 'block 0 holds a value that is out of range' },
    ]);
    pf.configure([2, 1, 1], { vlanId: 4094 });
    await vf.clock.advance(5000);
    expect(pf.reads).toEqual([0, 0]);
    expect(applied.at(-1)).toMatchObject({ attributes: { vlanId: 4094 } });
  });

  test('that comes before the next try takes its place', async () => {
    const { vf, pf, applied } = await started();
    pf.blocks.delete(0);
    await vf.invalidate(0);
    pf.configure([2, 1, 1], { mtu: 9000 });
    await vf.invalidate(1);
    expect(applied.at(-1)).toMatchObject({ versions: [2, 1, 1] });
    expect(vf.clock.timers).toBe(0);
  });

  test('does not read beside a read that goes on', async () => {
    const { vf, pf, applied } = await started();
    let reading = 0;
    let most = 0;
    pf.beforeRead = async () => {
      most = Math.max(most, ++reading);
      await turn();
      reading--;
    };
    pf.configure([2, 2, 2]);
    await Promise.all([vf.invalidate(0, 1, 2), vf.invalidate(0, 1, 2)]);
    expect(most).toBe(1);
    expect(applied).toHaveLength(2);
  });
});

describe('a halt', () => {
  test('ends a reading after the read under way, and waits for it', async () => {
    const { vf, pf, applied } = await started();
    const answer = deferred<void>();
    pf.beforeRead = () => answer.promise;
    pf.configure([2, 2, 2]);
    const invalidated = vf.invalidate(0, 1, 2);
    await turn();
    let halted = false;
    const halt = vf.halt().then(() => {
      halted = true;
    });
    await turn();
    expect(halted).toBe(false);
    answer.resolve();
    await Promise.all([halt, invalidated]);
    expect(pf.reads).toEqual([0]);
    expect(applied).toHaveLength(1);
    expect(vf.clock.timers).toBe(0);
    expect(vf.logged.with(KEPT)).toEqual([]);
  });

  test('stops every timer', async () => {
    const { vf, pf } = created({ StatisticsIntervalMs: '100', RequestMtu: '9000' });
    await vf.initialize();
    pf.blocks.delete(0);
    await vf.invalidate(0);
    expect(vf.clock.timers).toBe(3);
    await vf.halt();
    expect(vf.clock.timers).toBe(0);
    expect(pf.writes).toEqual([]);
  });
});
