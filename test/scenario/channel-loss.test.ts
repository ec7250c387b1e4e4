import { describe, expect, test } from 'vitest';
import { NDIS_STATUS, type NdisStatus } from '#shared/ndis/ndis-status.ts';
import { OID } from '#shared/ndis/oid.ts';
import { NTSTATUS } from '#shared/nt/ntstatus.ts';
import type { HopName } from '#shared/trace/hops.ts';
import { turn } from '#test/kit/world/turn.ts';
import { createWorld, type World } from '#test/kit/world/world.ts';
import type { AttachedGuest } from '#test/kit/world/world-guest.ts';
import type { Link } from '#test/kit/world/world-links.ts';
import { RecordingPf } from '#test/support/recording-pf.ts';
import { RecordingVf } from '#test/support/recording-vf.ts';

const { NDIS_STATUS_FAILURE } = NDIS_STATUS;
const { STATUS_DEVICE_NOT_CONNECTED } = NTSTATUS;

interface Bench {
  readonly world: World;
  readonly pf: RecordingPf;
  readonly vf: RecordingVf;
  readonly guest: AttachedGuest;
}

async function newBench(vf = new RecordingVf()): Promise<Bench> {
  const pf = new RecordingPf();
  const world = await createWorld({ pf: pf.factory });
  const guest = await world.attachGuest(vf.factory, { retry: true });
  world.events.length = 0;
  return { world, pf, vf, guest };
}

/** What holds of every channel that was lost, wherever the requests were. */
async function expectOver({ world, guest }: Bench): Promise<void> {
  await turn();
  const irps = world.eventsOf('ioCallDriver').length;
  const completed = world
    .eventsOf('ioCompleteRequest')
    .filter(({ name }) => name !== 'IOCTL_VPCI_INVALIDATE_BLOCK');
  expect(completed).toHaveLength(irps);
  expect(guest.phases.at(-1)).toBe('g1/0 gone');
}

/** Runs `then` when a hop is reported for the first time. */
function at(world: World, hop: HopName, then: () => void): void {
  let fired = false;
  world.trace.listen((event) => {
    if (fired || event.hop !== hop) return;
    fired = true;
    then();
  });
}

describe('a channel that is lost while a request is under way', () => {
  const READ_HOPS: readonly HopName[] = [
    'ndisMReadConfigBlock',
    'ioCallDriver',
    'guestPacketSent',
    'guestPacketReceived',
    'oidRequest',
    'pfMiniportOidRequest',
    'pfMiniportOidRequestComplete',
    'oidRequestComplete',
    'hostCompletionSent',
  ];

  test.each(READ_HOPS)(
    'at %s: the read fails once, with STATUS_DEVICE_NOT_CONNECTED in the IRP [pended.channel-lost] [ioctl.device-removed]',
    async (hop) => {
      const bench = await newBench();
      const returned: unknown[] = [];
      at(bench.world, hop, () => bench.guest.link.guest.cut());
      void bench.vf.current.read(5, 16).then((answer) => returned.push(answer));
      await turn();
      expect(returned).toEqual([NDIS_STATUS_FAILURE]);
      const ends = bench.world
        .eventsOf('ioCompleteRequest')
        .filter(({ name }) => name === 'IOCTL_VPCI_READ_BLOCK');
      expect(ends).toMatchObject([{ status: STATUS_DEVICE_NOT_CONNECTED, length: 0 }]);
      expect(bench.vf.current.halts).toEqual(['NdisHaltDeviceSurpriseRemoved']);
      expect(bench.world.host.vfs).toEqual([]);
    },
  );

  test.each(['hostCompletionReceived', 'ioCompleteRequest'] as const)(
    'at %s, when the answer is there: the read succeeds once',
    async (hop) => {
      const bench = await newBench();
      at(bench.world, hop, () => bench.guest.link.guest.cut());
      expect(await bench.vf.current.read(5, 1)).toEqual(Uint8Array.of(5));
      await turn();
      expect(bench.world.host.vfs).toEqual([]);
    },
  );

  test('by the host at each of its hops: the same', async () => {
    for (const hop of READ_HOPS.slice(3)) {
      const bench = await newBench();
      at(bench.world, hop, () => bench.guest.link.host.cut());
      expect(await bench.vf.current.read(5, 16), hop).toBe(NDIS_STATUS_FAILURE);
      await turn();
      expect(bench.world.host.vfs, hop).toEqual([]);
    }
  });

  test('with 200 reads and writes outstanding: each fails exactly once', async () => {
    const bench = await newBench();
    bench.pf.leavePending(OID.OID_SRIOV_READ_VF_CONFIG_BLOCK);
    const returned: number[] = [];
    for (let block = 0; block < 200; block++) {
      const call: Promise<unknown> =
        block % 2 === 0
          ? bench.vf.current.read(block, 1)
          : bench.vf.current.write(block, new Uint8Array(1));
      void call.then((answer) => {
        expect(answer).toBe(NDIS_STATUS_FAILURE);
        returned.push(block);
      });
    }
    await turn();
    bench.guest.link.guest.cut();
    await turn();
    expect(returned).toHaveLength(200);
    expect(new Set(returned).size).toBe(200);
    await expectOver(bench);
  });

  test('and whose PF answers later: the answer goes nowhere, and the VF is freed after it', async () => {
    const bench = await newBench();
    bench.pf.leavePending(OID.OID_SRIOV_READ_VF_CONFIG_BLOCK);
    const read = bench.vf.current.read(5, 1);
    await turn();
    bench.guest.link.guest.cut();
    expect(await read).toBe(NDIS_STATUS_FAILURE);
    expect(bench.world.host.vfs).toMatchObject([{ state: 'releasing' }]);
    bench.pf.intercept = () => undefined;
    bench.pf.finish(bench.pf.last(OID.OID_SRIOV_READ_VF_CONFIG_BLOCK));
    await turn();
    expect(bench.world.host.vfs).toEqual([]);
    expect(bench.world.hops('hostCompletionSent')).toEqual([]);
  });
});

describe('a channel that is lost while an invalidation is under way', () => {
  const HOPS_ON_THE_WAY: readonly HopName[] = [
    'ndisMInvalidateConfigBlock',
    'invalidateSignal',
    'blockMaskCached',
    'hostPacketSent',
    'hostPacketReceived',
    'ioCompleteRequest',
    'ioCallDriver',
  ];

  test.each(HOPS_ON_THE_WAY)(
    'at %s: the VF is removed, and the next instance has no old mask',
    async (hop) => {
      const bench = await newBench();
      at(bench.world, hop, () => bench.guest.link.guest.cut());
      bench.pf.invalidate(0, 1n);
      await turn();
      const [first] = bench.vf.instances;
      expect(first?.halts).toEqual(['NdisHaltDeviceSurpriseRemoved']);
      await bench.world.clock.advance(1_000);
      expect(bench.vf.instances).toHaveLength(2);
      expect(bench.vf.current.masks).toEqual([]);
      expect(bench.world.host.vfs).toMatchObject([{ pendingMask: 0n, state: 'running' }]);
    },
  );

  test('while the VF miniport handles the OID and reads: the read fails, and it is halted after it', async () => {
    const read: (Uint8Array | NdisStatus)[] = [];
    const vf = new RecordingVf({
      invalidated: async (each) => {
        read.push(await each.read(0, 1));
        expect(each.halts).toEqual([]);
      },
    });
    const bench = await newBench(vf);
    bench.pf.leavePending(OID.OID_SRIOV_READ_VF_CONFIG_BLOCK);
    bench.pf.invalidate(0, 1n);
    await turn();
    bench.guest.link.guest.cut();
    await turn();
    expect(read).toEqual([NDIS_STATUS_FAILURE]);
    expect(vf.instances[0]?.halts).toEqual(['NdisHaltDeviceSurpriseRemoved']);
  });

  test('no OID reaches the VF miniport after its halt [pended.no-oid-after-halt]', async () => {
    const bench = await newBench();
    bench.guest.link.host.hold();
    bench.pf.invalidate(0, 1n);
    await turn();
    bench.guest.link.guest.cut();
    bench.guest.link.host.release();
    await turn();
    const hops = bench.world.hops();
    expect(hops.slice(hops.indexOf('vfMiniportHaltEx'))).not.toContain('vfMiniportOidRequest');
    expect(bench.vf.instances[0]?.masks).toEqual([]);
  });
});

describe('a channel that is lost at a step of the bring-up', () => {
  const STEPS: readonly (readonly [HopName, string])[] = [
    ['guestPacketSent', 'QUERY_PROTOCOL_VERSION'],
    ['guestPacketReceived', 'QUERY_PROTOCOL_VERSION'],
    ['hostCompletionSent', 'QUERY_PROTOCOL_VERSION'],
    ['hostCompletionReceived', 'QUERY_PROTOCOL_VERSION'],
    ['guestPacketSent', 'FDO_D0_ENTRY'],
    ['guestPacketReceived', 'FDO_D0_ENTRY'],
    ['hostPacketSent', 'BUS_RELATIONS2'],
    ['hostPacketReceived', 'BUS_RELATIONS2'],
    ['hostCompletionSent', 'FDO_D0_ENTRY'],
    ['hostCompletionReceived', 'FDO_D0_ENTRY'],
    ['guestPacketSent', 'DEVICE_POWER_STATE_CHANGE'],
    ['pfMiniportOidRequest', 'OID_SRIOV_SET_VF_POWER_STATE'],
    ['hostCompletionReceived', 'DEVICE_POWER_STATE_CHANGE'],
    ['vfMiniportInitializeEx', 'MiniportInitializeEx'],
    ['ndisMReadConfigBlock', 'NdisMReadConfigBlock'],
    ['pfMiniportOidRequest', 'OID_SRIOV_READ_VF_CONFIG_BLOCK'],
    ['vfMiniportInitializeExReturn', 'MiniportInitializeEx'],
    ['ioCallDriver', 'IOCTL_VPCI_INVALIDATE_BLOCK'],
  ];

  test.each(STEPS)(
    '%s %s: the VF is freed, and the next try brings up another',
    async (hop, name) => {
      const pf = new RecordingPf();
      const vf = new RecordingVf({
        initialize: async (each) =>
          (await each.read(0, 1)) instanceof Uint8Array
            ? NDIS_STATUS.NDIS_STATUS_SUCCESS
            : NDIS_STATUS_FAILURE,
      });
      const world = await createWorld({ pf: pf.factory });
      const links: Link[] = [];
      let cut = false;
      world.trace.listen((event) => {
        if (cut || event.hop !== hop || event.name !== name) return;
        cut = true;
        links[0]?.guest.cut();
      });
      const guest = await world.attachGuest(vf.factory, {
        retry: true,
        onLink: (link) => links.push(link),
      });
      expect(cut).toBe(true);
      expect(world.host.vfs).toEqual([]);
      await world.clock.advance(1_000);
      expect(guest.phases.at(-1)).toBe('g1/0 running');
      expect(world.host.vfs).toMatchObject([{ vfId: 0, generation: 2, state: 'running' }]);
      await world.end();
      expect(world.clock.timers).toBe(0);
    },
  );
});

describe('a guest that reconnects', () => {
  test('gets a fresh VF instance of a new generation, which reads everything again [pended.reconnect]', async () => {
    let reads = 0;
    const vf = new RecordingVf({
      initialize: async (each) => {
        reads++;
        await each.read(0, 1);
        return NDIS_STATUS.NDIS_STATUS_SUCCESS;
      },
    });
    const bench = await newBench(vf);
    expect(bench.world.host.vfs).toMatchObject([{ generation: 1 }]);
    bench.guest.link.guest.cut();
    await bench.world.clock.advance(1_000);
    expect(bench.world.host.vfs).toMatchObject([{ vfId: 0, generation: 2, state: 'running' }]);
    expect(reads).toBe(2);
    expect(vf.instances).toHaveLength(2);
    bench.world.events.length = 0;
    await vf.current.read(0, 1);
    for (const event of bench.world.events) expect(event.generation).toBe(2);
  });

  test('the old instance reaches nothing any more', async () => {
    const bench = await newBench();
    bench.world.expectBreaches('halt.no-call');
    const old = bench.vf.current;
    bench.guest.link.guest.cut();
    await bench.world.clock.advance(1_000);
    bench.pf.oids.length = 0;
    expect(await old.read(0, 1)).toBe(NDIS_STATUS_FAILURE);
    expect(bench.pf.oids).toEqual([]);
    bench.pf.invalidate(0, 1n);
    await turn();
    expect(old.masks).toEqual([]);
    expect(bench.vf.current.masks).toEqual([1n]);
  });

  test('200 times leaves nothing behind', async () => {
    const bench = await newBench();
    for (let each = 0; each < 200; each++) {
      bench.guest.link.guest.cut();
      await bench.world.clock.advance(10_000);
    }
    expect(bench.guest.phases.at(-1)).toBe('g1/0 running');
    expect(bench.world.host.vfs).toMatchObject([{ vfId: 0, generation: 201 }]);
    expect(bench.world.clock.timers).toBe(0);
    for (const vf of bench.vf.instances.slice(0, -1)) expect(vf.halts).toHaveLength(1);
  });
});
