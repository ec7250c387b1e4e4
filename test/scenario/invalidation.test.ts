import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { NDIS_STATUS } from '#shared/ndis/ndis-status.ts';
import { OID } from '#shared/ndis/oid.ts';
import { turn } from '#test/kit/world/turn.ts';
import { createWorld, type World } from '#test/kit/world/world.ts';
import type { AttachedGuest } from '#test/kit/world/world-guest.ts';
import type { WorldOptions } from '#test/kit/world/world-options.ts';
import { RecordingPf } from '#test/support/recording-pf.ts';
import { RecordingVf } from '#test/support/recording-vf.ts';

const ALL = (1n << 64n) - 1n;

interface Bench {
  readonly world: World;
  readonly pf: RecordingPf;
  readonly vf: RecordingVf;
  readonly guest: AttachedGuest;
}

async function newBench(
  vf = new RecordingVf(),
  options: Partial<WorldOptions> = {},
): Promise<Bench> {
  const pf = new RecordingPf();
  const world = await createWorld({ pf: pf.factory, ...options });
  const guest = await world.attachGuest(vf.factory);
  world.events.length = 0;
  return { world, pf, vf, guest };
}

/** A VF miniport that holds each OID until a test lets it go. */
function slowVf() {
  const waiting: (() => void)[] = [];
  const vf = new RecordingVf({
    invalidated: () => new Promise<void>((resolve) => waiting.push(resolve)),
  });
  return { vf, release: () => waiting.shift()?.() };
}

function union(masks: readonly bigint[]): bigint {
  return masks.reduce((all, mask) => all | mask, 0n);
}

describe('an invalidation that says nothing', () => {
  test('a mask of 0 reaches nobody, and is traced [invalidate.mask-0-of-the-pf]', async () => {
    const { world, pf, vf, guest } = await newBench();
    pf.invalidate(0, 0n);
    await turn();
    expect(vf.current.masks).toEqual([]);
    expect(guest.link.host.frames.some(({ message }) => message.type === 'INVALIDATE_BLOCK')).toBe(
      false,
    );
    expect(world.hops()).toEqual(['ndisMInvalidateConfigBlock']);
  });

  test.each([0xffff, 1, 63])(
    'VFId %i, which is not allocated, reaches nobody, and is traced [invalidate.unallocated-vf] [contradiction.vfid-0xffff]',
    async (vfId) => {
      const { world, pf, vf } = await newBench();
      pf.invalidate(vfId, 1n);
      await turn();
      expect(vf.current.masks).toEqual([]);
      expect(world.hops().at(-1)).toBe('blockMaskDropped');
    },
  );
});

describe('an invalidation', () => {
  test('passes every hop of the chain in its order: the IOCTL is issued again before the OID [invalidate.oid-to-the-vf] [invalidate.ioctl-before-oid] [state.running.invalidate]', async () => {
    const { world, pf } = await newBench();
    pf.invalidate(0, 0x21n);
    await turn();
    expect(world.events.map(({ hop, name }) => `${hop} ${name}`)).toEqual([
      'ndisMInvalidateConfigBlock NdisMInvalidateConfigBlock',
      'invalidateSignal BlockMask',
      'blockMaskCached BlockMask',
      'hostPacketSent INVALIDATE_BLOCK',
      'hostPacketReceived INVALIDATE_BLOCK',
      'ioCompleteRequest IOCTL_VPCI_INVALIDATE_BLOCK',
      'ioCallDriver IOCTL_VPCI_INVALIDATE_BLOCK',
      'vfMiniportOidRequest OID_SRIOV_VF_INVALIDATE_CONFIG_BLOCK',
      'vfMiniportOidRequestComplete OID_SRIOV_VF_INVALIDATE_CONFIG_BLOCK',
    ]);
    expect(world.eventsOf('ioCompleteRequest')).toMatchObject([{ status: 0, length: 0 }]);
    expect(world.eventsOf('vfMiniportOidRequest')).toMatchObject([{ mask: '0x0000000000000021' }]);
  });

  test.each([1n, 1n << 53n, 1n << 63n, (1n << 63n) + 1n, ALL])(
    'with mask %s arrives whole [invalidate.mask-of-64-bits]',
    async (mask) => {
      const { pf, vf } = await newBench();
      pf.invalidate(0, mask);
      await turn();
      expect(vf.current.masks).toEqual([mask]);
    },
  );

  test('lets the VF miniport read the block inside its OID [invalidate.vf-reads-again]', async () => {
    const read: unknown[] = [];
    const vf = new RecordingVf({
      invalidated: async (each) => {
        read.push(await each.read(5, 1));
      },
    });
    const { pf } = await newBench(vf);
    pf.invalidate(0, 0x20n);
    await turn();
    expect(read).toEqual([Uint8Array.of(5)]);
  });

  test('may come from inside the OID handler of the PF, which is answered first [concurrency.invalidate-inside-an-oid]', async () => {
    const { world, pf, vf } = await newBench();
    pf.intercept = ({ oid }) => {
      if (oid === OID.OID_SRIOV_WRITE_VF_CONFIG_BLOCK) pf.invalidate(0, 0x4n);
      return undefined;
    };
    expect(await vf.current.write(7, new Uint8Array(1))).toBe(NDIS_STATUS.NDIS_STATUS_SUCCESS);
    await turn();
    expect(vf.current.masks).toEqual([0x4n]);
    const sent = world.events.filter(
      ({ hop }) => hop === 'hostCompletionSent' || hop === 'hostPacketSent',
    );
    expect(sent.map(({ name }) => name)).toEqual(['WRITE_BLOCK', 'INVALIDATE_BLOCK']);
  });

  test('before the VF miniport has started is one OID with the OR, once it has [invalidate.none-pended] [invalidate.first-ioctl]', async () => {
    let finish: () => void = () => {};
    const vf = new RecordingVf({
      initialize: () =>
        new Promise((resolve) => {
          finish = () => resolve(NDIS_STATUS.NDIS_STATUS_SUCCESS);
        }),
    });
    const { world, pf } = await newBench(vf);
    pf.invalidate(0, 0x1n);
    await turn();
    pf.invalidate(0, 0x20n);
    await turn();
    expect(vf.current.masks).toEqual([]);
    expect(world.eventsOf('blockMaskLatched').map((event) => event.mask)).toEqual([
      '0x0000000000000001',
      '0x0000000000000021',
    ]);
    finish();
    await turn();
    expect(vf.current.masks).toEqual([0x21n]);
  });

  test('while the VF miniport holds an OID waits, and all of them are one OID [concurrency.one-oid-per-vf] [concurrency.masks-merge-while-held]', async () => {
    const { vf, release } = slowVf();
    const { pf } = await newBench(vf);
    for (const mask of [0x1n, 0x2n, 0x4n, 0x8n]) {
      pf.invalidate(0, mask);
      await turn();
    }
    expect(vf.current.masks).toEqual([0x1n]);
    release();
    await turn();
    expect(vf.current.masks).toEqual([0x1n, 0xen]);
    release();
    await turn();
    expect(vf.current.masks).toEqual([0x1n, 0xen]);
  });

  test('of the block that is being read for the last one is told again', async () => {
    const read: unknown[] = [];
    const vf = new RecordingVf({
      invalidated: async (each) => {
        read.push(await each.read(0, 1));
      },
    });
    const { pf } = await newBench(vf);
    let version = 0;
    pf.intercept = (request) => {
      if (request.oid !== OID.OID_SRIOV_READ_VF_CONFIG_BLOCK) return undefined;
      request.informationBuffer[20] = version;
      request.bytesWritten = 21;
      // The block changes again while its old content is on its way.
      if (version++ === 0) pf.invalidate(0, 1n);
      return NDIS_STATUS.NDIS_STATUS_SUCCESS;
    };
    pf.invalidate(0, 1n);
    await turn();
    expect(read).toEqual([Uint8Array.of(0), Uint8Array.of(1)]);
  });

  test('reaches the VF that it names and no other [invalidate.one-cache-per-vf]', async () => {
    const { world, pf, vf } = await newBench();
    const other = new RecordingVf();
    await world.attachGuest(other.factory, { name: 'g2' });
    pf.invalidate(1, 0x2n);
    pf.invalidate(0, 0x1n);
    await turn();
    expect(vf.current.masks).toEqual([0x1n]);
    expect(other.current.masks).toEqual([0x2n]);
  });

  test('is not answered to the PF, whatever the VF miniport says [vf-oid.nothing-goes-back]', async () => {
    const vf = new RecordingVf({
      invalidated: () => {
        throw new Error('broken');
      },
    });
    const { world, pf, guest } = await newBench(vf);
    world.expectBreaches('driver.no-exception');
    const sent = guest.link.guest.framesSent;
    pf.invalidate(0, 0x1n);
    await turn();
    expect(guest.link.guest.framesSent).toBe(sent);
    expect(world.hops('vfContractViolated')).toHaveLength(1);
    pf.invalidate(0, 0x2n);
    await turn();
    expect(vf.current.masks).toEqual([0x1n, 0x2n]);
  });

  test('while the channel is congested waits at the host, and is sent once', async () => {
    const { world, pf, vf, guest } = await newBench();
    guest.link.host.congest();
    for (const mask of [0x1n, 0x20n]) {
      pf.invalidate(0, mask);
      await turn();
    }
    expect(vf.current.masks).toEqual([]);
    expect(world.host.vfs).toMatchObject([{ pendingMask: 0x21n }]);
    guest.link.host.drain();
    await turn();
    expect(vf.current.masks).toEqual([0x21n]);
  });

  test('of a VF that goes is not told to the guest that has its VFId next [state.freed.mask]', async () => {
    const { world, pf, guest } = await newBench();
    guest.link.host.congest();
    pf.invalidate(0, 0x1n);
    await turn();
    await guest.os.stop();
    await turn();
    const next = new RecordingVf();
    await world.attachGuest(next.factory, { name: 'g2' });
    expect(world.host.vfs).toMatchObject([{ vfId: 0, device: 'g2/0', pendingMask: 0n }]);
    await turn();
    expect(next.current.masks).toEqual([]);
  });
});

describe('a storm of 100,000 invalidations', () => {
  test('in one go is one message and one OID', async () => {
    const { pf, vf, guest } = await newBench();
    const frames = guest.link.host.framesSent;
    for (let each = 0; each < 100_000; each++) pf.invalidate(0, 1n << BigInt(each % 64));
    await turn();
    expect(guest.link.host.framesSent - frames).toBe(1);
    expect(vf.current.masks).toEqual([ALL]);
  });

  test('spread over time, with a guest that is slow, keeps one mask at each place', async () => {
    const { vf, release } = slowVf();
    const { world, pf, guest } = await newBench(vf);
    const frames = guest.link.host.framesSent;
    pf.invalidate(0, 1n);
    await turn();
    guest.link.host.congest();
    for (let each = 0; each < 100_000; each++) {
      pf.invalidate(0, 1n << BigInt(each % 64));
      if (each % 1_000 === 0) await turn();
    }
    expect(guest.link.host.framesSent - frames).toBe(1);
    expect(world.host.vfs).toMatchObject([{ pendingMask: ALL }]);
    guest.link.host.drain();
    await turn();
    release();
    await turn();
    expect(vf.current.masks).toEqual([1n, ALL]);
    expect(guest.link.host.framesSent - frames).toBe(2);
  });
});

describe('whatever happens between PF and VF', () => {
  const step = fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({ mask: fc.bigInt({ min: 0n, max: ALL }), vfId: fc.constant(0) }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ mask: fc.bigInt({ min: 0n, max: ALL }), vfId: fc.constant(1) }),
    },
    {
      weight: 6,
      arbitrary: fc.constantFrom(
        'turn',
        'release',
        'hold',
        'let-go',
        'congest',
        'drain',
        'read',
        'reset',
      ),
    },
  );

  test('the VF is told of every block after it changed, and of no other', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const { vf, release } = slowVf();
        const { world, pf, guest } = await newBench(vf);
        /** For each block, how many OIDs had been delivered when it last changed. */
        const changedAt = new Map<bigint, number>();
        let sent = 0n;
        for (const each of steps) {
          if (typeof each === 'object') {
            pf.invalidate(each.vfId, each.mask);
            if (each.vfId !== 0) continue;
            sent |= each.mask;
            for (let bit = 0n; bit < 64n; bit++) {
              if ((each.mask >> bit) & 1n) changedAt.set(bit, vf.current.masks.length);
            }
          } else if (each === 'turn') await turn();
          else if (each === 'release') release();
          else if (each === 'hold') guest.link.host.hold();
          else if (each === 'let-go') guest.link.host.release();
          else if (each === 'congest') guest.link.host.congest();
          else if (each === 'drain') guest.link.host.drain();
          else if (each === 'read') void vf.current.read(0, 1);
          else void world.host.resetVf(0);
        }
        guest.link.host.release();
        guest.link.host.drain();
        for (let each = 0; each < steps.length + 2; each++) {
          await turn();
          release();
        }
        await turn();
        expect(union(vf.current.masks)).toBe(sent);
        expect(vf.current.masks).not.toContain(0n);
        for (const [bit, delivered] of changedAt) {
          expect((union(vf.current.masks.slice(delivered)) >> bit) & 1n).toBe(1n);
        }
        expect(world.host.vfs).toMatchObject([{ pendingMask: 0n, state: 'running' }]);
      }),
      { numRuns: 150, seed: 1 },
    );
  });
});
