import { describe, expect, test } from 'vitest';
import { readVfConfigBlock, writeVfConfigBlock } from '#host/virtualization-stack/vf-oids.ts';
import { NDIS_STATUS } from '#shared/ndis/ndis-status.ts';
import { OID } from '#shared/ndis/oid.ts';
import { NTSTATUS } from '#shared/nt/ntstatus.ts';
import type { RawGuest } from '#test/kit/world/raw-guest.ts';
import { turn } from '#test/kit/world/turn.ts';
import { ORIGIN, PfNdisBench } from '#test/support/pf-ndis-bench.ts';
import {
  allocatedVf,
  completed,
  NOT_CONNECTED,
  newLegacyVf,
  newPfBench,
  refused,
  runningLegacyVf,
} from '#test/support/vf-bench.ts';
import { TEARDOWN } from '#test/support/vf-oids-in-order.ts';

const { STATUS_SUCCESS, STATUS_PENDING, STATUS_CANCELLED } = NTSTATUS;
const { STATUS_DEVICE_NOT_CONNECTED } = NTSTATUS;
const { OID_SRIOV_READ_VF_CONFIG_BLOCK } = OID;

const ONE = Uint8Array.of(1);
const READ = completed(STATUS_SUCCESS, 1, Uint8Array.of(5));
const WRITTEN = completed(STATUS_SUCCESS, 1);
const BLOCK_OIDS = ['OID_SRIOV_READ_VF_CONFIG_BLOCK', 'OID_SRIOV_WRITE_VF_CONFIG_BLOCK'];

/** Has a guest read and write outside of D0, at a host that refuses both. */
async function expectRefusals(raw: RawGuest): Promise<void> {
  const ids = [raw.read(5, 1), raw.write(5, ONE)];
  await turn();
  for (const id of ids) {
    expect(raw.completionsOf(id)).toEqual([{ status: STATUS_DEVICE_NOT_CONNECTED }]);
  }
}

describe('not allocated, or freed', () => {
  test('read, write: a driver that is left over has no device, and an OID for the VF fails [state.freed.blocks] [state.freed.completion-routines] [pf-oid.invalid-parameter]', async () => {
    const { world, pf, vf, guest } = await runningLegacyVf();
    world.expectBreaches('halt.no-call');
    await guest.os.stop();
    pf.oids.length = 0;
    const sent = [vf.read(5, 1), vf.write(5, ONE)];
    await turn();
    const returned = STATUS_DEVICE_NOT_CONNECTED;
    expect(sent).toMatchObject([
      { returned, ends: [], data: new Uint8Array(1) },
      { returned, ends: [] },
    ]);
    expect(await world.host.readBlock(0, 5, 1)).toBeUndefined();
    expect(pf.oids).toEqual([]);
    const host = await PfNdisBench.withVfs(1);
    for (const forged of [
      readVfConfigBlock(1, 5, 1, ORIGIN, 0),
      writeVfConfigBlock(1, 5, ONE, ORIGIN, 0),
    ]) {
      expect(await host.issue(forged)).toMatchObject({
        status: NDIS_STATUS.NDIS_STATUS_INVALID_PARAMETER,
        request: { bytesRead: 0, bytesWritten: 0 },
      });
    }
  });

  test('NdisMInvalidateConfigBlock: is traced, and reaches nobody [invalidate.unallocated-vf]', async () => {
    const { world, pf, vf, guest } = await runningLegacyVf();
    await guest.os.stop();
    pf.invalidate(0, 0x1n);
    pf.invalidate(7, 0x20n);
    expect(world.eventsOf('blockMaskDropped').map(({ vfId, mask }) => [vfId, mask])).toEqual([
      [0, '0x0000000000000001'],
      [7, '0x0000000000000020'],
    ]);
    expect(vf.masks).toEqual([]);
  });
});

describe('allocated, not exposed', () => {
  test('read, write: are not looked at, and too early once the channel is offered [state.allocated.blocks]', async () => {
    const { world, pf, guest, expose } = await allocatedVf();
    expect(world.host.vfs).toMatchObject([{ state: 'allocated' }]);
    guest.read(5, 1);
    guest.write(5, ONE);
    await turn();
    expect(guest.closed).toBeUndefined();
    await expose();
    expect(guest.received).toEqual([]);
    expect(guest.closed).toMatchObject({ code: 1002 });
    expect(pf.oids.filter((oid) => BLOCK_OIDS.includes(oid))).toEqual([]);
  });

  test('NdisMInvalidateConfigBlock: is ORed into the cache [state.allocated.invalidate]', async () => {
    const { world, pf, guest, expose } = await allocatedVf();
    pf.invalidate(0, 0x1n);
    pf.invalidate(0, 0x20n);
    expect(world.host.vfs).toMatchObject([{ state: 'allocated', pendingMask: 0x21n }]);
    await expose();
    await guest.enterD0();
    expect(guest.masks).toEqual([0x21n]);
  });
});

describe('exposed', () => {
  test('read, write, the bus not in D0: STATUS_DEVICE_NOT_CONNECTED [state.exposed.blocks]', async () => {
    const { world, pf } = await newPfBench();
    const { guest } = await world.attachRawGuest();
    await guest.agreeOnVersion();
    await expectRefusals(guest);
    expect(world.host.vfs).toMatchObject([{ state: 'exposed' }]);
    expect(pf.oids.filter((oid) => BLOCK_OIDS.includes(oid))).toEqual([]);
  });

  test('read, write, the bus in D0 and the VF miniport not initialized: reach the PF [bring-up.vf-reads-while-it-initializes]', async () => {
    const { world } = await newPfBench();
    const vf = newLegacyVf();
    let sent: unknown;
    vf.initialize = () => {
      sent = [vf.read(5, 1), vf.write(5, ONE)];
    };
    await world.attachGuest(vf.factory);
    expect(sent).toEqual([READ, WRITTEN]);
  });

  test('NdisMInvalidateConfigBlock: is ORed, sent when D0 is reached, and waits for the first IOCTL [state.exposed.invalidate] [invalidate.none-pended]', async () => {
    const { world, pf } = await newPfBench();
    world.trace.listen(({ hop, name }) => {
      if (hop === 'guestPacketReceived' && name === 'FDO_D0_ENTRY') pf.invalidate(0, 0x1n);
      if (hop === 'vfMiniportInitializeEx') pf.invalidate(0, 0x20n);
    });
    const vf = newLegacyVf();
    vf.armsAtStart = false;
    await world.attachGuest(vf.factory);
    expect(world.eventsOf('blockMaskLatched').map(({ mask }) => mask)).toEqual([
      '0x0000000000000001',
      '0x0000000000000021',
    ]);
    vf.arm();
    expect(vf.returned).toEqual([STATUS_PENDING, STATUS_SUCCESS]);
    expect(vf.ends).toEqual([{ status: STATUS_SUCCESS, information: 0 }]);
    expect(vf.masks).toEqual([0x21n]);
  });
});

describe('running', () => {
  test('read, write: reach the PF [state.running.blocks] [ioctl.success]', async () => {
    const { vf } = await runningLegacyVf();
    const written = vf.write(5, Uint8Array.of(7, 8));
    const read = vf.read(5, 16);
    await turn();
    expect(written).toEqual(completed(STATUS_SUCCESS, 2));
    expect(read.ends).toEqual([{ status: STATUS_SUCCESS, information: 2 }]);
    expect(read.data?.subarray(0, 2)).toEqual(Uint8Array.of(7, 8));
  });

  test('NdisMInvalidateConfigBlock: is ORed, sent, and completes the IOCTL [state.running.invalidate]', async () => {
    const { world, pf, vf } = await runningLegacyVf();
    pf.invalidate(0, 0x1n);
    pf.invalidate(0, 0x20n);
    expect(world.host.vfs).toMatchObject([{ pendingMask: 0x21n }]);
    await turn();
    expect(world.host.vfs).toMatchObject([{ pendingMask: 0n }]);
    expect(vf.masks).toEqual([0x21n]);
    expect(vf.ends).toEqual([{ status: STATUS_SUCCESS, information: 0 }]);
  });
});

describe('ejecting', () => {
  test('read, write: reach the PF until the VF miniport is halted [state.ejecting.blocks]', async () => {
    const { world, vf } = await runningLegacyVf();
    let sent: unknown;
    vf.halt = async () => {
      sent = [vf.read(5, 1), vf.write(5, ONE)];
      expect(world.host.vfs).toMatchObject([{ state: 'ejecting' }]);
      await turn();
    };
    world.host.ejectVf(0);
    await turn();
    await turn();
    expect(sent).toEqual([READ, WRITTEN]);
    expect(world.host.vfs).toEqual([]);
  });

  test('NdisMInvalidateConfigBlock: is sent, and completes the IOCTL where that is still pended [state.ejecting.invalidate]', async () => {
    const { world, pf, vf } = await runningLegacyVf();
    vf.halt = async () => {
      pf.invalidate(0, 0x21n);
      await turn();
    };
    world.host.ejectVf(0);
    await turn();
    await turn();
    expect(vf.masks).toEqual([0x21n]);
    expect(vf.statuses).toEqual([STATUS_SUCCESS, STATUS_CANCELLED]);
    expect(world.host.vfs).toEqual([]);
  });
});

describe('halted, the bus out of D0', () => {
  test('read, write: STATUS_DEVICE_NOT_CONNECTED, of the VPCI driver as of the host [state.halted.blocks]', async () => {
    const { world, pf, vf, guest } = await runningLegacyVf();
    await guest.os.suspend();
    pf.oids.length = 0;
    expect(vf.read(5, 1)).toEqual(refused(STATUS_DEVICE_NOT_CONNECTED, new Uint8Array(1)));
    expect(vf.write(5, ONE)).toEqual(refused(STATUS_DEVICE_NOT_CONNECTED));
    const { guest: raw } = await world.attachRawGuest();
    await raw.enterD0();
    await raw.ask('FDO_D0_EXIT');
    await expectRefusals(raw);
    expect(world.host.vfs).toMatchObject([{ state: 'halted' }, { state: 'halted' }]);
    expect(pf.oids.filter((oid) => BLOCK_OIDS.includes(oid))).toEqual([]);
  });

  test('NdisMInvalidateConfigBlock: is ORed into the cache, and sent when D0 is entered again [state.halted.invalidate]', async () => {
    const { world, pf, vf, guest } = await runningLegacyVf();
    await guest.os.suspend();
    world.events.length = 0;
    for (const mask of [0x1n, 0x20n]) {
      pf.invalidate(0, mask);
      await turn();
    }
    expect(world.host.vfs).toMatchObject([{ state: 'halted', pendingMask: 0x21n }]);
    expect(world.hops('hostPacketSent')).toEqual([]);
    await guest.os.resume();
    await turn();
    expect(vf.masks).toEqual([0x21n]);
    expect(world.host.vfs).toMatchObject([{ pendingMask: 0n }]);
  });
});

describe('OID_SRIOV_RESET_VF', () => {
  test('read, write: what is outstanding finishes, and nothing starts anew [state.reset.outstanding]', async () => {
    const { world, pf, vf, guest } = await runningLegacyVf();
    pf.leavePending(OID_SRIOV_READ_VF_CONFIG_BLOCK);
    const sent = [vf.read(5, 1), vf.write(5, ONE)];
    await turn();
    const reset = world.host.resetVf(0);
    pf.intercept = () => undefined;
    pf.finish(pf.last(OID_SRIOV_READ_VF_CONFIG_BLOCK));
    expect(await reset).toBe(NDIS_STATUS.NDIS_STATUS_SUCCESS);
    await turn();
    expect(sent).toEqual([READ, WRITTEN]);
    expect(world.host.vfs).toMatchObject([{ state: 'running', generation: 1 }]);
    expect([vf.halts, guest.dials]).toEqual([[], 1]);
  });

  test.each([
    ['keep', [0x21n]],
    ['drop', []],
  ] as const)(
    'NdisMInvalidateConfigBlock: the mask that waits, with the setting to %s it [state.reset.mask]',
    async (maskOnReset, masks) => {
      const { world, pf, vf, guest } = await runningLegacyVf({ maskOnReset });
      guest.link.host.congest();
      pf.invalidate(0, 0x21n);
      await turn();
      expect(await world.host.resetVf(0)).toBe(NDIS_STATUS.NDIS_STATUS_SUCCESS);
      guest.link.host.drain();
      await turn();
      expect(vf.masks).toEqual(masks);
    },
  );
});

describe('OID_NIC_SWITCH_FREE_VF', () => {
  test('read, write: the channel is rescinded before, and what is outstanding fails then [state.freed.channel-first]', async () => {
    const { world, pf, vf } = await runningLegacyVf({ oidTimeout: 0, ejectTimeoutMs: 60_000 });
    world.expectBreaches('oid.completed-in-time');
    pf.leavePending(OID_SRIOV_READ_VF_CONFIG_BLOCK);
    vf.halt = () => new Promise(() => {});
    const sent = [vf.read(5, 1), vf.write(5, ONE)];
    world.host.ejectVf(0);
    await world.clock.advance(60_000);
    expect(sent.map(({ ends }) => ends)).toEqual([[NOT_CONNECTED], [NOT_CONNECTED]]);
    expect(world.host.vfs).toMatchObject([{ state: 'releasing' }]);
    pf.oids.length = 0;
    pf.finish(pf.last(OID_SRIOV_READ_VF_CONFIG_BLOCK));
    await turn();
    expect(pf.oids).toEqual(['OID_SRIOV_WRITE_VF_CONFIG_BLOCK', ...TEARDOWN]);
    expect(world.host.vfs).toEqual([]);
  });

  test('NdisMInvalidateConfigBlock: the mask goes with the VF, and the next owner of the VFId starts clean [state.freed.mask]', async () => {
    const { world, pf, guest } = await runningLegacyVf();
    guest.link.host.congest();
    pf.invalidate(0, 0x21n);
    await turn();
    await guest.os.stop();
    const next = newLegacyVf();
    await world.attachGuest(next.factory, { name: 'g2' });
    expect(world.host.vfs).toMatchObject([{ vfId: 0, device: 'g2/0', pendingMask: 0n }]);
    expect(next.masks).toEqual([]);
  });
});
