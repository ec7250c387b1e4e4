import { describe, expect, test } from 'vitest';
import { NDIS_STATUS, type NdisStatus } from '#shared/ndis/ndis-status.ts';
import { OID } from '#shared/ndis/oid.ts';
import { HOPS, type HopName } from '#shared/trace/hops.ts';
import { turn } from '#test/kit/world/turn.ts';
import { createWorld, type World } from '#test/kit/world/world.ts';
import type { AttachedGuest } from '#test/kit/world/world-guest.ts';
import type { WorldOptions } from '#test/kit/world/world-options.ts';
import { RecordingPf } from '#test/support/recording-pf.ts';
import { RecordingVf } from '#test/support/recording-vf.ts';

const { NDIS_STATUS_SUCCESS, NDIS_STATUS_FAILURE } = NDIS_STATUS;

interface Bench {
  readonly world: World;
  readonly pf: RecordingPf;
  readonly vf: RecordingVf;
  readonly guest: AttachedGuest;
}

async function newBench(
  options: Partial<WorldOptions> = {},
  vf = new RecordingVf(),
): Promise<Bench> {
  const pf = new RecordingPf();
  const world = await createWorld({ pf: pf.factory, ...options });
  const guest = await world.attachGuest(vf.factory);
  world.events.length = 0;
  return { world, pf, vf, guest };
}

describe('a read that fails', () => {
  test.each([0, 129])(
    'because it asks for %i bytes sends nothing [read.length-0-or-above-128]',
    async (length) => {
      const { world, vf } = await newBench();
      expect(await vf.current.read(5, length)).toBe(NDIS_STATUS_FAILURE);
      expect(world.hops('guestPacketSent')).toEqual([]);
      expect(world.eventsOf('ioCompleteRequest')).toMatchObject([{ status: 0xc000000d }]);
    },
  );

  test('at the PF keeps its cause in the trace, and collapses to NDIS_STATUS_FAILURE [read.success-or-failure]', async () => {
    const { world, pf, vf } = await newBench();
    pf.intercept = () => NDIS_STATUS.NDIS_STATUS_INVALID_LENGTH;
    expect(await vf.current.read(5, 16)).toBe(NDIS_STATUS_FAILURE);
    const statuses = world.events.flatMap(({ hop, status }) =>
      HOPS[hop].phase === 'completion' ? [status] : [],
    );
    expect(statuses).toEqual([
      0xc0010014,
      0xc0010014,
      0xc0230014,
      0xc0230014,
      0xc0230014,
      NDIS_STATUS_FAILURE,
    ]);
  });

  test('because the PF never completes it ends by the timeout, and the next one comes through', async () => {
    const breaks = ['oid.completed-in-time', 'oid.aborted-with-request-aborted'];
    const { world, pf, vf } = await newBench({ oidTimeout: 10, breaks });
    pf.leavePending(OID.OID_SRIOV_READ_VF_CONFIG_BLOCK);
    const answers: unknown[] = [];
    void vf.current.read(5, 16).then((answer) => answers.push(answer));
    await world.clock.advance(9_999);
    expect(answers).toEqual([]);
    await world.clock.advance(1);
    expect(answers).toEqual([NDIS_STATUS_FAILURE]);
    expect(pf.cancelled).toHaveLength(1);
    expect(world.eventsOf('hostCompletionReceived')).toMatchObject([{ status: 0xc023000c }]);
    const late = pf.last(OID.OID_SRIOV_READ_VF_CONFIG_BLOCK);
    pf.intercept = () => undefined;
    const next = vf.current.read(7, 1);
    pf.complete(late, NDIS_STATUS_SUCCESS);
    expect(await next).toEqual(Uint8Array.of(7));
    expect(answers).toHaveLength(1);
    const notes = world.eventsOf('pfContractViolated').map((event) => event.note);
    expect(notes).toEqual([
      expect.stringContaining('did not complete the request in time'),
      expect.stringContaining('after it was aborted'),
    ]);
  });
});

describe('a read', () => {
  const CHAIN: readonly HopName[] = [
    'ndisMReadConfigBlock',
    'ioCallDriver',
    'guestPacketSent',
    'guestPacketReceived',
    'oidRequest',
    'pfMiniportOidRequest',
    'pfMiniportOidRequestComplete',
    'oidRequestComplete',
    'hostCompletionSent',
    'hostCompletionReceived',
    'ioCompleteRequest',
    'ndisMReadConfigBlockReturn',
  ];

  test('passes every hop of the chain in its order, under its documented name [contradiction.who-issues-the-block-oids] [actors.host-ndis-calls-the-pf] [state.running.blocks]', async () => {
    const { world, vf } = await newBench();
    expect(await vf.current.read(5, 16)).toEqual(new Uint8Array(16).fill(5));
    expect(world.hops()).toEqual(CHAIN);
    expect(world.events.map((event) => event.name)).toEqual([
      'NdisMReadConfigBlock',
      'IOCTL_VPCI_READ_BLOCK',
      'READ_BLOCK',
      'READ_BLOCK',
      'OID_SRIOV_READ_VF_CONFIG_BLOCK',
      'OID_SRIOV_READ_VF_CONFIG_BLOCK',
      'OID_SRIOV_READ_VF_CONFIG_BLOCK',
      'OID_SRIOV_READ_VF_CONFIG_BLOCK',
      'READ_BLOCK',
      'READ_BLOCK',
      'IOCTL_VPCI_READ_BLOCK',
      'NdisMReadConfigBlock',
    ]);
  });

  test('says at each hop which VF and which status, and what it follows from', async () => {
    const { world, vf } = await newBench();
    await vf.current.read(5, 16);
    for (const event of world.events)
      expect(event).toMatchObject({ device: 'g1/0', generation: 1 });
    const ids = world.events.flatMap(({ transactionId }) => transactionId ?? []);
    expect(new Set(ids).size).toBe(1);
    expect(ids).toHaveLength(4);
    for (const event of world.events) {
      if (HOPS[event.hop].phase === 'completion') expect(event.status).toBe(0);
    }
    for (const event of world.events.slice(1)) {
      // What arrives over the channel is the first that its process knows of it.
      if (event.hop !== 'guestPacketReceived') expect(event.cause).toBeGreaterThan(0);
    }
    expect(world.eventsOf('pfMiniportOidRequest')).toMatchObject([
      { vfId: 0, blockId: 5, length: 16 },
    ]);
  });

  test.each([
    [0, 1],
    [63, 127],
    [64, 128],
    [0xffff_ffff, 128],
  ])(
    'of block %i with %i bytes succeeds [contradiction.length-128] [contradiction.blocks-of-64-and-above]',
    async (blockId, length) => {
      const { vf } = await newBench();
      expect(await vf.current.read(blockId, length)).toEqual(
        new Uint8Array(length).fill(blockId & 0xff),
      );
    },
  );

  test('inside MiniportInitializeEx is answered [bring-up.vf-reads-while-it-initializes]', async () => {
    const read: unknown[] = [];
    const vf = new RecordingVf({
      initialize: async (each) => {
        read.push(await each.read(3, 2));
        return NDIS_STATUS_SUCCESS;
      },
    });
    const { guest } = await newBench({}, vf);
    expect(read).toEqual([Uint8Array.of(3, 3)]);
    expect(guest.phases.at(-1)).toBe('g1/0 running');
  });
});

describe('a write', () => {
  test.each([
    [0, 1],
    [63, 127],
    [64, 128],
    [0xffff_ffff, 128],
  ])(
    'to block %i with %i bytes is read back [contradiction.length-128]',
    async (blockId, length) => {
      const { vf } = await newBench();
      const data = Uint8Array.from({ length }, (_, index) => index);
      expect(await vf.current.write(blockId, data)).toBe(NDIS_STATUS_SUCCESS);
      expect(await vf.current.read(blockId, length)).toEqual(data);
    },
  );

  test('passes every hop of the chain in its order', async () => {
    const { world, vf } = await newBench();
    await vf.current.write(5, new Uint8Array(16));
    expect(world.hops()).toEqual([
      'ndisMWriteConfigBlock',
      'ioCallDriver',
      'guestPacketSent',
      'guestPacketReceived',
      'oidRequest',
      'pfMiniportOidRequest',
      'pfMiniportOidRequestComplete',
      'oidRequestComplete',
      'hostCompletionSent',
      'hostCompletionReceived',
      'ioCompleteRequest',
      'ndisMWriteConfigBlockReturn',
    ]);
  });

  test('to one block after another is neither merged nor reordered [write.never-merged]', async () => {
    const written: number[] = [];
    const pf = new RecordingPf({
      writeBlock: (_vfId, _blockId, data) => {
        written.push(data[0] ?? -1);
        return NDIS_STATUS_SUCCESS;
      },
    });
    const world = await createWorld({ pf: pf.factory });
    const vf = new RecordingVf();
    await world.attachGuest(vf.factory);
    const numbers = Array.from({ length: 100 }, (_, index) => index);
    await Promise.all(numbers.map((each) => vf.current.write(5, Uint8Array.of(each))));
    expect(written).toEqual(numbers);
  });
});

describe('a PF miniport that returns NDIS_STATUS_PENDING', () => {
  test('keeps the VF waiting until it completes, and every other VF behind it [read.returns-after-the-pf] [read.pf-may-pend] [concurrency.slow-vf-delays-all]', async () => {
    const { world, pf, vf } = await newBench();
    const other = new RecordingVf();
    await world.attachGuest(other.factory, { name: 'g2' });
    pf.oids.length = 0;
    pf.leavePending(OID.OID_SRIOV_READ_VF_CONFIG_BLOCK);
    const returned: string[] = [];
    void vf.current.read(1, 1).then(() => returned.push('g1'));
    void other.current.write(2, new Uint8Array(1)).then(() => returned.push('g2'));
    await turn();
    expect(returned).toEqual([]);
    expect(pf.oids).toEqual(['OID_SRIOV_READ_VF_CONFIG_BLOCK']);
    pf.intercept = () => undefined;
    pf.finish(pf.last(OID.OID_SRIOV_READ_VF_CONFIG_BLOCK));
    await turn();
    expect(returned.toSorted()).toEqual(['g1', 'g2']);
    expect(pf.oids).toEqual(['OID_SRIOV_READ_VF_CONFIG_BLOCK', 'OID_SRIOV_WRITE_VF_CONFIG_BLOCK']);
  });

  test.each<[string, (pf: RecordingPf) => NdisStatus | Promise<NdisStatus>]>([
    [
      'throws',
      () => {
        throw new Error('broken');
      },
    ],
    ['rejects', () => Promise.reject(new Error('broken'))],
    ['answers nonsense', () => 'yes' as unknown as NdisStatus],
  ])('and later %s fails that request alone', async (_how, answer) => {
    const breaks = ['driver.no-exception', 'oid.completed-with-a-status'];
    const { pf, vf } = await newBench({ breaks });
    pf.intercept = () => answer(pf);
    expect(await vf.current.read(1, 1)).toBe(NDIS_STATUS_FAILURE);
    pf.intercept = () => undefined;
    expect(await vf.current.read(1, 1)).toEqual(Uint8Array.of(1));
  });

  test('for a write, and waits for the read that its invalidation causes, is named and ended by the timeout [concurrency.pf-waits-for-its-own-vf]', async () => {
    const read: unknown[] = [];
    const vf = new RecordingVf({
      invalidated: async (each) => {
        read.push(await each.read(0, 1));
      },
    });
    const breaks = ['concurrency.deadlock'];
    const { world, pf } = await newBench({ oidTimeout: 10, breaks }, vf);
    pf.intercept = ({ oid }) => {
      if (oid !== OID.OID_SRIOV_WRITE_VF_CONFIG_BLOCK) return undefined;
      pf.invalidate(0, 1n);
      return NDIS_STATUS.NDIS_STATUS_PENDING;
    };
    const written = vf.current.write(5, new Uint8Array(1));
    await turn();
    expect(read).toEqual([]);
    await world.clock.advance(10_000);
    expect(await written).toBe(NDIS_STATUS_FAILURE);
    expect(read).toEqual([Uint8Array.of(0)]);
    const note = 'the miniport did not complete the request in time; 1 more were waiting behind it';
    const name = 'OID_SRIOV_WRITE_VF_CONFIG_BLOCK';
    expect(world.eventsOf('pfContractViolated')).toContainEqual(
      expect.objectContaining({ name, note }),
    );
  });
});

describe('more requests than a channel may have outstanding', () => {
  test('wait in the guest, and all are answered in order [concurrency.guest-keeps-to-64]', async () => {
    const { world, pf, vf } = await newBench();
    pf.leavePending(OID.OID_SRIOV_READ_VF_CONFIG_BLOCK);
    const order: number[] = [];
    const reads = Array.from({ length: 200 }, (_, block) =>
      vf.current.read(block, 1).then((data) => {
        expect(data).toEqual(Uint8Array.of(block));
        order.push(block);
      }),
    );
    await turn();
    expect(world.host.vfs).toMatchObject([{ outstanding: 64 }]);
    pf.intercept = () => undefined;
    pf.finish(pf.last(OID.OID_SRIOV_READ_VF_CONFIG_BLOCK));
    await Promise.all(reads);
    expect(order).toEqual(Array.from({ length: 200 }, (_, block) => block));
    expect(world.eventsOf('hostCompletionSent').every((event) => event.status === 0)).toBe(true);
  });
});
