import { describe, expect, test } from 'vitest';
import { configBlockPf } from '#host/pf-miniport/config-block-pf.ts';
import { HvVhcaPf } from '#host/pf-miniport/hv-vhca/hv-vhca-pf.ts';
import hvVhcaPf from '#host/pf-miniport/hv-vhca/index.ts';
import {
  type ControlBlock,
  decodeControlBlock,
  EMPTY_CONTROL_BLOCK,
  encodeControlBlock,
} from '#shared/hv-vhca/control-block.ts';
import { encodeDataBlock } from '#shared/hv-vhca/data-block.ts';
import { encodeRingStatistics } from '#shared/hv-vhca/ring-statistics.ts';
import { NDIS_STATUS, type NdisStatus } from '#shared/ndis/ndis-status.ts';
import { block } from '#test/shared/reference-nic/bytes.ts';
import { PfUnderTest } from '../reference/pf-under-test.ts';

const { NDIS_STATUS_SUCCESS, NDIS_STATUS_FAILURE, NDIS_STATUS_INVALID_PARAMETER } = NDIS_STATUS;

const NONE = EMPTY_CONTROL_BLOCK;
const ISSUED = 'hv_vhca command issued';
const ACKNOWLEDGED = 'hv_vhca command acknowledged';
const OVERDUE = 'hv_vhca command not acknowledged';
const STATISTICS = 'hv_vhca statistics';

/** A PF with these keywords and so many VFs. */
async function started(keywords: Readonly<Record<string, string>> = {}, vfs = 1) {
  const pf = await PfUnderTest.start(hvVhcaPf, keywords);
  for (let vf = 0; vf < vfs; vf++) await pf.allocateVf();
  return pf;
}

/** A PF with one VF, and the driver in it. */
async function startedWithDriver() {
  const drivers: HvVhcaPf[] = [];
  const pf = await PfUnderTest.start((adapter) => {
    const driver = new HvVhcaPf(adapter);
    drivers.push(driver);
    return configBlockPf(adapter, driver);
  });
  await pf.allocateVf();
  const [driver] = drivers;
  if (driver === undefined) throw new Error('no PF miniport was created');
  return { pf, driver };
}

/** Writes block 0 as a VF; what is not given is 0. */
function writeControl(pf: PfUnderTest, fields: Partial<ControlBlock>, vfId = 0) {
  return pf.write(vfId, 0, encodeControlBlock({ ...NONE, ...fields }));
}

/** Block 0 as a VF reads it. */
async function control(pf: PfUnderTest, vfId = 0): Promise<ControlBlock | undefined> {
  return decodeControlBlock(await pf.bytes(vfId, 0));
}

/** The VF takes the command that it reads, as one with so many rings. */
async function acknowledge(pf: PfUnderTest, rings = 1, vfId = 0): Promise<void> {
  const { command = 0, ...read } = (await control(pf, vfId)) ?? NONE;
  const answer = { ...read, capabilities: 1, command, commandAck: command, version: 1, rings };
  await writeControl(pf, answer, vfId);
}

/** A PF whose VFs have taken its command. */
async function commanded(rings = 1, vfs = 1): Promise<PfUnderTest> {
  const pf = await started({}, vfs);
  for (let vfId = 0; vfId < vfs; vfId++) {
    await writeControl(pf, { capabilities: 1 }, vfId);
    await acknowledge(pf, rings, vfId);
  }
  return pf;
}

/** The payload of rings all of whose counters are this. */
function payload(rings: number, value: bigint): Uint8Array {
  const ring = { rxPackets: value, rxBytes: value, txPackets: value, txBytes: value };
  return encodeRingStatistics(Array.from({ length: rings }, () => ring));
}

/** Writes one fragment of a payload as a VF. */
function writeFragment(
  pf: PfUnderTest,
  sequence: number,
  offset: number,
  from: Uint8Array,
  vfId = 0,
): Promise<NdisStatus> {
  const data = from.subarray(offset * 120, offset * 120 + 120);
  return pf.write(vfId, 1, encodeDataBlock({ sequence, offset, data }));
}

/** What an operator is shown of a VF, as JSON. */
function details(pf: PfUnderTest, vfId = 0) {
  return JSON.parse(JSON.stringify(pf.miniport.reportVf?.(vfId).details));
}

describe('the PF of hv_vhca, at its start', () => {
  test('fails with a keyword that is not valid', async () => {
    const pf = new PfUnderTest(hvVhcaPf, { StatsCommand: 'always' });
    expect(await pf.initialize()).toBe(NDIS_STATUS_FAILURE);
    expect(pf.logged.lines).toEqual([
      {
        level: 'error',
        msg: 'keyword is not valid',
        keyword: 'StatsCommand',
        found: 'always',
        expected: 'stop, once, or 1 to 65534 units of 100 ms',
      },
    ]);
  });
});

describe('the blocks of hv_vhca', () => {
  test.each([2, 31, 64, 0xffff_ffff])('block %d is not known', async (blockId) => {
    const pf = await commanded();
    expect(await pf.read(0, blockId)).toBe(NDIS_STATUS_INVALID_PARAMETER);
    expect(await pf.write(0, blockId, new Uint8Array(128))).toBe(NDIS_STATUS_INVALID_PARAMETER);
  });

  test.each([1, 127])('none is read in a length of %d', async (length) => {
    const pf = await started();
    expect(await pf.read(0, 0, length)).toBe(NDIS_STATUS_INVALID_PARAMETER);
  });

  test('the statistics are not read', async () => {
    const pf = await commanded();
    expect(await pf.read(0, 1)).toBe(NDIS_STATUS_INVALID_PARAMETER);
  });

  test.each([
    [0, 127],
    [0, 16],
    [1, 127],
    [1, 40],
  ])('block %d is not written in a length of %d', async (blockId, length) => {
    const pf = await commanded();
    const before = await pf.bytes(0, 0);
    const data = new Uint8Array(length).fill(1);
    expect(await pf.write(0, blockId, data)).toBe(NDIS_STATUS_INVALID_PARAMETER);
    expect(await pf.bytes(0, 0)).toEqual(before);
    expect(details(pf).statistics).toBeNull();
    expect(pf.logged.lines.at(-1)).toEqual({
      level: 'warn',
      msg: 'hv_vhca block refused',
      vfId: 0,
      blockId,
      length,
      rings: 1,
    });
  });

  test('block 0 is zeros before anyone has said anything', async () => {
    const pf = await started();
    expect(await pf.bytes(0, 0)).toEqual(new Uint8Array(128));
  });

  test('block 0 is read as the VF wrote it, with the words of the PF', async () => {
    const pf = await started({ StatsCommand: '18' });
    await pf.write(0, 0, block('81 00 00 00  ff 00 00 00  ff 00  06 00  07 00  08 00'));
    expect(await pf.bytes(0, 0)).toEqual(
      block('81 00 00 00  01 00 00 00  12 00  06 00  07 00  08 00'),
    );
  });
});

describe('the command of the PF', () => {
  test.each([0, 2, 0xffff_fffe])(
    'is not issued to a VF whose capabilities are %d',
    async (capabilities) => {
      const pf = await started();
      expect(await writeControl(pf, { capabilities })).toBe(NDIS_STATUS_SUCCESS);
      expect(pf.invalidations).toEqual([]);
      expect(await control(pf)).toEqual({ ...NONE, capabilities });
      expect(pf.clock.timers).toBe(0);
    },
  );

  test.each([
    [{}, 10, 'every 1000 ms'],
    [{ StatsCommand: '3' }, 3, 'every 300 ms'],
    [{ StatsCommand: 'once' }, 0xffff, 'once'],
    [{ StatsCommand: 'stop' }, 0, 'stop'],
  ])('with the keywords %j is %d', async (keywords, command, name) => {
    const pf = await started(keywords);
    await writeControl(pf, { capabilities: 1 });
    expect(pf.invalidations).toEqual([{ vfId: 0, blocks: [0] }]);
    expect(await control(pf)).toEqual({ ...NONE, capabilities: 1, control: 1, command });
    expect(pf.logged.with(ISSUED)).toEqual([
      { level: 'info', msg: ISSUED, vfId: 0, command: name },
    ]);
  });

  test('is issued once, however often the VF announces', async () => {
    const pf = await started();
    for (let time = 0; time < 3; time++) await writeControl(pf, { capabilities: 1 });
    await acknowledge(pf);
    await writeControl(pf, { capabilities: 1 });
    expect(pf.invalidations).toHaveLength(1);
    expect(pf.logged.with(ISSUED)).toHaveLength(1);
  });

  test('stands though the VF writes back what it read before', async () => {
    const pf = await started();
    await writeControl(pf, { capabilities: 1 });
    await writeControl(pf, { capabilities: 1, control: 0, command: 0 });
    expect(await control(pf)).toMatchObject({ control: 1, command: 10 });
  });

  test('is withdrawn with the agent, and issued again with the next', async () => {
    const pf = await commanded();
    await writeControl(pf, {});
    expect(await control(pf)).toEqual(NONE);
    expect(details(pf).statsCommand).toBeNull();
    await writeControl(pf, { capabilities: 1 });
    expect(pf.invalidations).toHaveLength(2);
    expect(await control(pf)).toMatchObject({ control: 1, command: 10, commandAck: 0 });
  });

  test('is for each VF its own', async () => {
    const pf = await started({}, 2);
    await writeControl(pf, { capabilities: 1 }, 1);
    expect(pf.invalidations).toEqual([{ vfId: 1, blocks: [0] }]);
    expect(await control(pf, 0)).toEqual(NONE);
  });
});

describe('a further command to a VF', () => {
  test('is none while the VF announces no statistics', async () => {
    const { pf, driver } = await startedWithDriver();
    driver.commandStats(0, 20);
    driver.commandStats(5, 20);
    expect(pf.invalidations).toEqual([]);
    expect(await control(pf)).toEqual(NONE);
  });

  test('takes the place of the one before, which is not waited for any more', async () => {
    const { pf, driver } = await startedWithDriver();
    await writeControl(pf, { capabilities: 1 });
    await pf.clock.advance(4000);
    driver.commandStats(0, 20);
    expect(pf.invalidations).toHaveLength(2);
    expect(await control(pf)).toMatchObject({ control: 1, command: 20 });
    await pf.clock.advance(4999);
    expect(pf.logged.with(OVERDUE)).toEqual([]);
    await pf.clock.advance(1);
    expect(pf.logged.with(OVERDUE)).toMatchObject([{ command: 'every 2000 ms' }]);
  });
});

describe('the acknowledgement', () => {
  test.each([
    ['of another command', { control: 1, command: 10, commandAck: 9 }],
    ['with another command', { control: 1, command: 9, commandAck: 10 }],
    ['of a command that the VF had not read', { control: 0, command: 0, commandAck: 0 }],
  ])('is none %s', async (_, fields) => {
    const pf = await started();
    await writeControl(pf, { capabilities: 1 });
    await writeControl(pf, { capabilities: 1, ...fields });
    expect(details(pf).statsCommand).toEqual({
      command: 'every 1000 ms',
      acknowledgement: 'waiting',
    });
    expect(pf.logged.with(ACKNOWLEDGED)).toEqual([]);
  });

  test('of a stop is not taken from a VF that had not read it', async () => {
    const pf = await started({ StatsCommand: 'stop' });
    await writeControl(pf, { capabilities: 1 });
    await writeControl(pf, { capabilities: 1 });
    expect(details(pf).statsCommand).toEqual({ command: 'stop', acknowledgement: 'waiting' });
    await acknowledge(pf);
    expect(details(pf).statsCommand).toEqual({ command: 'stop', acknowledgement: 'received' });
  });

  test('that never comes is reported after 5 s, once [vhca.acknowledgement-timeout]', async () => {
    const pf = await started();
    await writeControl(pf, { capabilities: 1 });
    await pf.clock.advance(4999);
    expect(pf.logged.with(OVERDUE)).toEqual([]);
    await pf.clock.advance(1);
    await pf.clock.advance(60_000);
    expect(pf.logged.with(OVERDUE)).toEqual([
      { level: 'warn', msg: OVERDUE, vfId: 0, command: 'every 1000 ms' },
    ]);
    expect(details(pf).statsCommand).toMatchObject({ acknowledgement: 'overdue' });
  });

  test('that comes late is taken [vhca.acknowledgement-timeout]', async () => {
    const pf = await started();
    await writeControl(pf, { capabilities: 1 });
    await pf.clock.advance(5000);
    await acknowledge(pf);
    expect(details(pf).statsCommand).toMatchObject({ acknowledgement: 'received' });
  });

  test('ends the waiting, and is told once', async () => {
    const pf = await started();
    await writeControl(pf, { capabilities: 1 });
    await acknowledge(pf, 4);
    await acknowledge(pf, 4);
    expect(pf.clock.timers).toBe(0);
    expect(pf.logged.with(ACKNOWLEDGED)).toEqual([
      { level: 'info', msg: ACKNOWLEDGED, vfId: 0, command: 'every 1000 ms', rings: 4 },
    ]);
  });
});

describe('a report', () => {
  test.each([
    ['before the VF told its rings', {}],
    ['of no ring', { rings: 0 }],
    ['of more rings than 256', { rings: 257 }],
  ])('%s is refused', async (_, fields) => {
    const pf = await started();
    await writeControl(pf, { capabilities: 1, ...fields });
    expect(await writeFragment(pf, 0, 0, payload(4, 1n))).toBe(NDIS_STATUS_INVALID_PARAMETER);
    expect(details(pf).statistics).toBeNull();
  });

  test('of more rings than 256 is announced in the log [vhca.max-rings]', async () => {
    const pf = await started();
    await writeControl(pf, { capabilities: 1, rings: 257 });
    expect(pf.logged.with('hv_vhca rings are too many')).toMatchObject([{ vfId: 0, rings: 257 }]);
  });

  test('of which a fragment is missing is not shown, and the one before it is [vhca.reassembly]', async () => {
    const pf = await commanded(8);
    const [first, second] = [payload(8, 1n), payload(8, 2n)];
    for (const offset of [0, 1, 2]) await writeFragment(pf, 0, offset, first);
    for (const offset of [0, 2]) {
      expect(await writeFragment(pf, 1, offset, second)).toBe(NDIS_STATUS_SUCCESS);
    }
    expect(details(pf).statistics).toMatchObject({ sequence: 0, totals: { rxBytes: '8' } });
    expect(pf.logged.with(STATISTICS)).toHaveLength(1);
  });

  test('that begins again with the same sequence is not mixed with what came of it', async () => {
    const pf = await commanded(8);
    const [old, next] = [payload(8, 1n), payload(8, 2n)];
    for (const offset of [0, 1]) await writeFragment(pf, 5, offset, old);
    for (const offset of [0, 1, 2]) await writeFragment(pf, 5, offset, next);
    const { sequence, totals, rings } = details(pf).statistics;
    expect({ sequence, totals }).toMatchObject({ sequence: 5, totals: { rxPackets: '16' } });
    expect(new Set(rings.map((ring: object) => JSON.stringify(ring))).size).toBe(1);
  });

  test.each([65_534, 65_535, 0])('of sequence %d is taken', async (sequence) => {
    const pf = await commanded(1);
    await writeFragment(pf, (sequence + 0xffff) & 0xffff, 0, payload(1, 1n));
    await writeFragment(pf, sequence, 0, payload(1, 2n));
    expect(details(pf).statistics).toMatchObject({ sequence, totals: { txBytes: '2' } });
  });

  test('is logged with the counters of all rings together', async () => {
    const pf = await commanded(2);
    const rings = [
      { rxPackets: 1n, rxBytes: 2n, txPackets: 3n, txBytes: 0xffff_ffff_ffff_ffffn },
      { rxPackets: 10n, rxBytes: 20n, txPackets: 30n, txBytes: 2n },
    ];
    await writeFragment(pf, 0, 0, encodeRingStatistics(rings));
    expect(pf.logged.with(STATISTICS)).toEqual([
      {
        level: 'info',
        msg: STATISTICS,
        vfId: 0,
        sequence: 0,
        rings: 2,
        rxPackets: '11',
        rxBytes: '22',
        txPackets: '33',
        txBytes: '1',
      },
    ]);
  });

  test('of one VF is not that of another', async () => {
    const pf = await commanded(4, 2);
    await writeFragment(pf, 0, 0, payload(4, 1n), 0);
    await writeFragment(pf, 0, 1, payload(4, 2n), 1);
    expect(details(pf, 0).statistics).toBeNull();
    expect(details(pf, 1).statistics).toBeNull();
    await writeFragment(pf, 0, 1, payload(4, 1n), 0);
    expect(details(pf, 0).statistics).toMatchObject({ totals: { rxBytes: '4' } });
  });
});

describe('a VF that is reset', () => {
  test('is not told when it has said nothing', async () => {
    const pf = await started();
    await pf.resetVf(0);
    expect(pf.invalidations).toEqual([]);
  });

  test('is forgotten, and told so that it announces again', async () => {
    const pf = await commanded(4);
    await writeFragment(pf, 0, 0, payload(4, 1n));
    await pf.resetVf(0);
    expect(pf.invalidations).toHaveLength(2);
    expect(await control(pf)).toEqual(NONE);
    expect(await writeFragment(pf, 0, 1, payload(4, 1n))).toBe(NDIS_STATUS_INVALID_PARAMETER);
    await writeControl(pf, { capabilities: 1 });
    expect(pf.invalidations).toHaveLength(3);
    expect(await control(pf)).toMatchObject({ control: 1, command: 10 });
  });

  test('is no longer waited for', async () => {
    const pf = await started({}, 2);
    await writeControl(pf, { capabilities: 1 });
    await pf.resetVf(0);
    expect(pf.clock.timers).toBe(0);
  });

  test('takes nothing from another', async () => {
    const pf = await commanded(1, 2);
    await writeFragment(pf, 0, 0, payload(1, 1n), 1);
    const before = details(pf, 1);
    await pf.resetVf(0);
    expect(details(pf, 1)).toEqual(before);
    expect(details(pf, 0).statistics).toBeNull();
  });
});

describe('a VF that is given out again', () => {
  test('begins without what the one before it told', async () => {
    const pf = await commanded(4);
    for (const offset of [0, 1]) await writeFragment(pf, 0, offset, payload(4, 1n));
    await writeFragment(pf, 1, 0, payload(4, 2n));
    await pf.freeVf(0);
    expect(await pf.allocateVf()).toBe(0);
    expect(await pf.bytes(0, 0)).toEqual(new Uint8Array(128));
    expect(details(pf)).toEqual({ control: NONE, statsCommand: null, statistics: null });
    expect(await writeFragment(pf, 1, 1, payload(4, 2n))).toBe(NDIS_STATUS_INVALID_PARAMETER);
  });

  test('is not reported for what the one before it did not acknowledge', async () => {
    const pf = await started();
    await writeControl(pf, { capabilities: 1 });
    await pf.freeVf(0);
    await pf.allocateVf();
    expect(pf.clock.timers).toBe(0);
    await pf.clock.advance(60_000);
    expect(pf.logged.with(OVERDUE)).toEqual([]);
  });
});

describe('the PF of hv_vhca, at its halt', () => {
  test('waits for no acknowledgement', async () => {
    const pf = await started({}, 2);
    await writeControl(pf, { capabilities: 1 }, 0);
    await writeControl(pf, { capabilities: 1 }, 1);
    expect(pf.clock.timers).toBe(2);
    await pf.miniport.miniportHaltEx?.();
    expect(pf.clock.timers).toBe(0);
  });
});

describe('the report on a VF', () => {
  test('is empty for one that is not allocated, or not any more', async () => {
    const pf = await commanded();
    await pf.freeVf(0);
    expect(pf.miniport.reportVf?.(0)).toEqual({ blocks: [], details: {} });
    expect(pf.miniport.reportVf?.(5)).toEqual({ blocks: [], details: {} });
  });

  test('is JSON with block 0, the command, and the last report', async () => {
    const pf = await commanded(2);
    await pf.clock.advance(1000);
    const rings = [
      { rxPackets: 1n, rxBytes: 2n, txPackets: 3n, txBytes: 0xffff_ffff_ffff_fffen },
      { rxPackets: 5n, rxBytes: 6n, txPackets: 7n, txBytes: 1n },
    ];
    await writeFragment(pf, 9, 0, encodeRingStatistics(rings));
    expect(pf.miniport.reportVf?.(0).blocks).toEqual([
      { blockId: 0, name: 'control' },
      { blockId: 1, name: 'statistics' },
    ]);
    expect(details(pf)).toEqual({
      control: { capabilities: 1, control: 1, command: 10, commandAck: 10, version: 1, rings: 2 },
      statsCommand: { command: 'every 1000 ms', acknowledgement: 'received' },
      statistics: {
        receivedAt: new Date(pf.clock.now()).toISOString(),
        sequence: 9,
        totals: { rxPackets: '6', rxBytes: '8', txPackets: '10', txBytes: '18446744073709551615' },
        rings: [
          { rxPackets: '1', rxBytes: '2', txPackets: '3', txBytes: '18446744073709551614' },
          { rxPackets: '5', rxBytes: '6', txPackets: '7', txBytes: '1' },
        ],
      },
    });
  });

  test('of the most rings is small enough to be shown', async () => {
    const pf = await commanded(256);
    const most = payload(256, 0xffff_ffff_ffff_ffffn);
    for (let offset = 0; offset < 69; offset++) await writeFragment(pf, 0, offset, most);
    expect(details(pf).statistics.rings).toHaveLength(256);
    expect(JSON.stringify(details(pf)).length).toBeLessThan(65_000);
  });
});
