import { describe, expect, test } from 'vitest';
import { createLinuxHvVhca } from '#guest/linux/hv-vhca/index.ts';
import { loadLinuxVfDriver } from '#guest/linux/load.ts';
import hvVhcaPf from '#host/pf-miniport/hv-vhca/index.ts';
import nullPf from '#host/pf-miniport/null.ts';
import { encodeControlBlock } from '#shared/hv-vhca/control-block.ts';
import { CLOSE_CODES } from '#shared/transport/close-codes.ts';
import { allCounters } from '#test/guest/vf-miniport/hv-vhca/commanded-vf.ts';
import { turn } from '#test/kit/world/turn.ts';
import { createWorld, type World } from '#test/kit/world/world.ts';
import type { GuestOptions } from '#test/kit/world/world-guest.ts';
import { answerAsLinuxExpects } from '#test/support/linux-bench.ts';
import { RawHostBench } from '#test/support/raw-host-bench.ts';
import { recordingLog } from '#test/support/recording-log.ts';

/** The driver, whose n-th report has n in every counter of each of two rings. */
function countingDriver() {
  let reports = 0n;
  return createLinuxHvVhca({ readCounters: async () => allCounters(++reports * 2n) });
}

function newWorld(command = '10', pf = hvVhcaPf): Promise<World> {
  return createWorld({ pf, configuration: new Map([['StatsCommand', command]]) });
}

/** Attaches a Linux guest with the driver, and lets its work run. */
async function attach(world: World, options: GuestOptions = {}) {
  const guest = await world.attachGuest(countingDriver(), { ...options, profile: 'linux' });
  for (let each = 0; each < 5; each++) await turn();
  return guest;
}

/** What an operator is shown of VF 0, as JSON. */
function details(world: World) {
  return JSON.parse(JSON.stringify(world.host.vf(0)?.report?.details ?? null));
}

/** The blocks that the driver read and wrote. */
function transfers(world: World): string[] {
  return world.events.flatMap(({ hop, blockId, length }) => {
    if (hop === 'hypervReadCfgBlk') return [`read ${blockId} (${length})`];
    return hop === 'hypervWriteCfgBlk' ? [`write ${blockId} (${length})`] : [];
  });
}

/** A guest with the driver, whose host answers each read with so many bytes of block 0. */
async function readingOnly(size: number): Promise<RawHostBench> {
  const block = encodeControlBlock({
    capabilities: 0,
    control: 1,
    command: 10,
    commandAck: 0,
    version: 0,
    rings: 0,
  });
  return await new RawHostBench({
    profile: 'linux',
    linuxDriver: countingDriver(),
    onHost: (host) => {
      answerAsLinuxExpects(host);
      const bytes = Buffer.from(block.subarray(0, size)).toString('base64');
      host.answers['READ_BLOCK'] = () => ({ status: 0, bytes });
      host.answers['WRITE_BLOCK'] = () => ({ status: 0 });
    },
  }).run();
}

describe('the Linux driver of hv_vhca', () => {
  test('does not take a device whose rings are not valid', async () => {
    const world = await newWorld();
    const guest = await attach(world, { configuration: new Map([['Rings', '257']]) });
    expect(guest.link.host.closed).toEqual({
      code: CLOSE_CODES.initializeFailed.code,
      reason: 'probe failed with -EINVAL',
    });
    expect(world.hops('hypervRegBlockInvalidate')).toHaveLength(2);
    await world.end();
  });

  test.each([1, 64, 124])('takes a block of %i bytes for none, as mlx5 does', async (size) => {
    const bench = await readingOnly(size);
    expect(bench.phases.at(-1)).toBe('running');
    expect(bench.host.requestsOf('WRITE_BLOCK')).toEqual([]);
    expect(bench.log.messages).toContain('hv_vhca control block not read');
  });

  test('takes a block of 125 bytes for a whole one: Linux cannot tell [linux.short-read]', async () => {
    const bench = await readingOnly(125);
    expect(bench.host.requestsOf('WRITE_BLOCK')).not.toEqual([]);
    await bench.os.stop();
  });

  test.each([
    [1_024, 0],
    [1_025, 1],
  ])(
    'of %i invalidations that wait for its agents it loses %i, and says so [linux.no-memory]',
    async (count, lost) => {
      const bench = await readingOnly(128);
      await turn();
      for (let each = 0; each < count; each++) bench.host.invalidate(1n);
      await turn();
      const lines = bench.log.messages.filter((line) => line.includes('invalidation lost'));
      expect(lines).toHaveLength(lost);
      await bench.clock.advance(0);
      await bench.os.stop();
    },
  );

  test('gets along with a PF that knows nothing of it', async () => {
    const world = await newWorld('10', nullPf);
    const guest = await attach(world);
    expect(guest.phases.at(-1)).toBe('g1/0 running');
    await world.clock.advance(60_000);
    expect(transfers(world)).toEqual(['read 0 (128)', 'read 0 (128)']);
    await world.end();
  });

  test('comes to terms with its PF as the VF miniport does, and reports', async () => {
    const world = await newWorld();
    await attach(world);
    const [read, write] = ['read 0 (128)', 'write 0 (128)'];
    expect(transfers(world)).toEqual([read, write, read, write, read, write]);
    expect(details(world)).toMatchObject({
      control: { capabilities: 1, control: 1, command: 10, commandAck: 10, version: 1, rings: 2 },
    });
    await world.clock.advance(5_000);
    expect(details(world).statistics).toMatchObject({ sequence: 4, totals: { rxPackets: '10' } });
    await world.end();
    expect(world.clock.timers).toBe(0);
  });

  test.each([
    ['once', 1],
    ['stop', 0],
  ])('with the command %s reports %i times', async (command, reports) => {
    const world = await newWorld(command);
    await attach(world);
    await world.clock.advance(10_000);
    expect(transfers(world).filter((each) => each === 'write 1 (128)')).toHaveLength(reports);
    await world.end();
  });

  test('says goodbye while it can, and leaves no timer when it cannot', async () => {
    const world = await newWorld();
    await attach(world);
    await world.clock.advance(1_500);
    world.host.ejectVf(0);
    for (let each = 0; each < 5; each++) await turn();
    expect(transfers(world).slice(-2)).toEqual(['read 0 (128)', 'write 0 (128)']);
    const { log, messages } = recordingLog();
    const other = await attach(world, { name: 'g2', log });
    other.link.guest.cut();
    for (let each = 0; each < 5; each++) await turn();
    expect(other.ends).toHaveLength(1);
    expect(messages).toContain('hv_vhca control block not read');
    expect(world.clock.timers).toBe(0);
    await world.end();
  });

  test('is what the setting hv-vhca of a Linux guest names', async () => {
    const driver = await loadLinuxVfDriver('hv-vhca');
    const world = await newWorld();
    await world.attachGuest(driver, { profile: 'linux' });
    for (let each = 0; each < 5; each++) await turn();
    expect(details(world).control).toMatchObject({ commandAck: 10 });
    expect(world.hops('linuxProbe')).toHaveLength(1);
    await world.end();
  });
});
