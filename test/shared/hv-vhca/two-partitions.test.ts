import { describe, expect, test } from 'vitest';
import { createHvVhcaVf } from '#guest/vf-miniport/hv-vhca/index.ts';
import { loadVfMiniport } from '#guest/vf-miniport/load.ts';
import nullVf from '#guest/vf-miniport/null.ts';
import type { PfMiniportFactory } from '#host/ndis/pf-miniport.ts';
import hvVhcaPf from '#host/pf-miniport/hv-vhca/index.ts';
import { loadPfMiniport } from '#host/pf-miniport/load.ts';
import nullPf from '#host/pf-miniport/null.ts';
import { EMPTY_CONTROL_BLOCK, encodeControlBlock } from '#shared/hv-vhca/control-block.ts';
import { NDIS_STATUS } from '#shared/ndis/ndis-status.ts';
import { OID } from '#shared/ndis/oid.ts';
import { allCounters } from '#test/guest/vf-miniport/hv-vhca/commanded-vf.ts';
import { createWorld, type World } from '#test/kit/world/world.ts';
import { recordingLog } from '#test/support/recording-log.ts';
import { RecordingVf } from '#test/support/recording-vf.ts';

/** A VF whose n-th report has n in every counter of each of its rings. */
function countingVf(rings: number) {
  let reports = 0n;
  return createHvVhcaVf({ readCounters: async () => allCounters(++reports * BigInt(rings)) });
}

/** The adapter's settings. */
function keywords(of: Readonly<Record<string, string>>): ReadonlyMap<string, string> {
  return new Map(Object.entries(of));
}

/** A management OS with the PF of hv_vhca and these keywords. */
function newWorld(of: Readonly<Record<string, string>> = {}, pf = hvVhcaPf): Promise<World> {
  return createWorld({ pf, configuration: keywords(of) });
}

/** What an operator is shown of VF 0, as JSON. */
function details(world: World) {
  return JSON.parse(JSON.stringify(world.host.vf(0)?.report?.details ?? null));
}

/** The blocks of 128 bytes that VF 0 read and wrote since the events that are skipped. */
function transfers(world: World, skip = 0): string[] {
  const events = world.events.slice(skip).flatMap(({ hop, blockId, length }) => {
    if (hop === 'ndisMReadConfigBlock') return [`read ${blockId} (${length})`];
    return hop === 'ndisMWriteConfigBlock' ? [`write ${blockId} (${length})`] : [];
  });
  return events;
}

/** The PF of hv_vhca; one whose writes to block 1 fail while `fails` says so. */
function failingPf(fails: () => boolean): PfMiniportFactory {
  return (adapter) => {
    const pf = hvVhcaPf(adapter);
    return {
      ...pf,
      miniportOidRequest(request) {
        const { oid, informationBuffer } = request;
        const isData = oid === OID.OID_SRIOV_WRITE_VF_CONFIG_BLOCK && informationBuffer[8] === 1;
        return isData && fails() ? NDIS_STATUS.NDIS_STATUS_FAILURE : pf.miniportOidRequest(request);
      },
    };
  };
}

describe('the hv_vhca pair in two partitions', () => {
  test('is what both sides load by its name', async () => {
    const world = await newWorld({}, await loadPfMiniport('hv-vhca'));
    await world.attachGuest(await loadVfMiniport('hv-vhca'));
    expect(details(world)).toEqual({
      control: { capabilities: 1, control: 1, command: 10, commandAck: 10, version: 1, rings: 2 },
      statsCommand: { command: 'every 1000 ms', acknowledgement: 'received' },
      statistics: null,
    });
    await world.end();
  });

  test('comes to terms in three turns of block 0, and reports in fragments of block 1 [vhca.fragments]', async () => {
    const world = await newWorld();
    await world.attachGuest(countingVf(8), { configuration: keywords({ Rings: '8' }) });
    const [read, write] = ['read 0 (128)', 'write 0 (128)'];
    expect(transfers(world)).toEqual([read, write, read, write, read, write]);
    const skip = world.events.length;
    await world.clock.advance(999);
    expect(transfers(world, skip)).toEqual([]);
    await world.clock.advance(1);
    const fragment = 'write 1 (128)';
    expect(transfers(world, skip)).toEqual([fragment, fragment, fragment]);
    const ring = { rxPackets: '1', rxBytes: '1', txPackets: '1', txBytes: '1' };
    expect(details(world).statistics).toMatchObject({
      sequence: 0,
      totals: { rxPackets: '8' },
      rings: Array.from({ length: 8 }, () => ring),
    });
    await world.clock.advance(5000);
    expect(details(world).statistics).toMatchObject({ sequence: 5, totals: { rxPackets: '48' } });
    await world.end();
  });

  test.each([
    ['once', 1],
    ['stop', 0],
    ['2', 50],
  ])('with the command %s reports %d times in 10 s', async (statsCommand, reports) => {
    const world = await newWorld({ StatsCommand: statsCommand });
    await world.attachGuest(countingVf(1), { configuration: keywords({ Rings: '1' }) });
    await world.clock.advance(10_000);
    expect(transfers(world).filter((each) => each === 'write 1 (128)')).toHaveLength(reports);
    expect(details(world).statsCommand).toMatchObject({ acknowledgement: 'received' });
    await world.end();
  });

  test('goes on reporting after a VF reset', async () => {
    const world = await newWorld();
    await world.attachGuest(countingVf(2));
    await world.clock.advance(2000);
    expect(await world.host.resetVf(0)).toBe(NDIS_STATUS.NDIS_STATUS_SUCCESS);
    expect(details(world)).toMatchObject({ control: EMPTY_CONTROL_BLOCK, statistics: null });
    await world.settled();
    expect(details(world).statsCommand).toMatchObject({ acknowledgement: 'received' });
    await world.clock.advance(1000);
    expect(details(world).statistics).toMatchObject({ sequence: 2, totals: { rxBytes: '6' } });
    await world.end();
  });

  test('reports no more after a write that fails, until block 0 is invalidated', async () => {
    let fails = false;
    const pf = failingPf(() => fails);
    const world = await newWorld({}, pf);
    await world.attachGuest(countingVf(2));
    await world.clock.advance(2000);
    fails = true;
    await world.clock.advance(1000);
    fails = false;
    await world.clock.advance(60_000);
    expect(details(world).statistics).toMatchObject({ sequence: 1, totals: { rxBytes: '4' } });
    world.host.invalidate(0, 1n);
    await world.clock.advance(1000);
    expect(details(world).statistics).toMatchObject({ sequence: 2, totals: { rxBytes: '8' } });
    await world.end();
  });

  test('shows nothing of a VF to the one that has its VFId next', async () => {
    const world = await newWorld();
    const first = await world.attachGuest(countingVf(2), { name: 'g1' });
    await world.clock.advance(1000);
    expect(details(world).statistics).not.toBeNull();
    await first.os.stop();
    await world.attachGuest(nullVf, { name: 'g2' });
    expect(world.host.vf(0)?.device).toBe('g2/0');
    expect(details(world)).toEqual({
      control: EMPTY_CONTROL_BLOCK,
      statsCommand: null,
      statistics: null,
    });
    const other = await world.host.readBlock(0, 0, 128);
    expect(other?.data).toEqual(new Uint8Array(128));
    await world.end();
  });

  test('keeps the VFs of two guests apart', async () => {
    const world = await newWorld();
    await world.attachGuest(countingVf(2), { name: 'g1' });
    await world.clock.advance(500);
    await world.attachGuest(countingVf(1), {
      name: 'g2',
      configuration: keywords({ Rings: '1' }),
    });
    await world.clock.advance(1000);
    expect(details(world).statistics).toMatchObject({ sequence: 0, totals: { rxBytes: '2' } });
    expect(world.host.vf(1)?.report?.details).toMatchObject({
      statistics: { sequence: 0, totals: { rxBytes: '1' } },
    });
    await world.end();
  });
});

describe('either side of the hv_vhca pair', () => {
  test('gets along with a VF that knows nothing of it', async () => {
    const world = await newWorld();
    await world.attachGuest(nullVf);
    await world.clock.advance(60_000);
    expect(details(world)).toMatchObject({ statsCommand: null, statistics: null });
    await world.end();
  });

  test('gets along with a PF that knows nothing of it', async () => {
    const world = await newWorld({}, nullPf);
    const guest = await world.attachGuest(countingVf(2));
    expect(guest.phases.at(-1)).toBe('g1/0 running');
    await world.clock.advance(60_000);
    expect(transfers(world)).toEqual(['read 0 (128)', 'read 0 (128)']);
    await world.end();
  });

  test('reports a VF that announces statistics and never acknowledges', async () => {
    const { log, messages } = recordingLog();
    const world = await createWorld({ pf: hvVhcaPf, log });
    const vf = new RecordingVf();
    await world.attachGuest(vf.factory);
    await vf.current.write(0, encodeControlBlock({ ...EMPTY_CONTROL_BLOCK, capabilities: 1 }));
    await world.clock.advance(4999);
    expect(vf.current.masks).toEqual([1n]);
    expect(messages).not.toContain('hv_vhca command not acknowledged');
    await world.clock.advance(1);
    expect(messages).toContain('hv_vhca command not acknowledged');
    await world.end();
  });
});

describe('no timer of the hv_vhca pair is left', () => {
  test('after the VF was removed by surprise', async () => {
    const world = await newWorld();
    const guest = await world.attachGuest(countingVf(2));
    await world.clock.advance(1500);
    guest.link.guest.close({ code: 4000, reason: 'cut' });
    await world.settled();
    expect(guest.ends).toHaveLength(1);
    expect(world.host.vfs).toEqual([]);
    expect(world.clock.timers).toBe(0);
    await world.end();
  });

  test('after both sides have stopped in good order', async () => {
    const world = await newWorld();
    await world.attachGuest(countingVf(2));
    await world.clock.advance(1500);
    await world.end();
    expect(world.clock.timers).toBe(0);
  });
});
