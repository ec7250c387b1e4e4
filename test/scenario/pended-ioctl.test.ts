import { describe, expect, test } from 'vitest';
import { IOCTL } from '#guest/io/ioctl.ts';
import { writeInvalidateBlockOutput } from '#guest/io/vpci-structures.ts';
import { NDIS_STATUS } from '#shared/ndis/ndis-status.ts';
import { OID } from '#shared/ndis/oid.ts';
import { NTSTATUS } from '#shared/nt/ntstatus.ts';
import type { HopName } from '#shared/trace/hops.ts';
import { replyWith } from '#test/kit/faults/fault.ts';
import { turn } from '#test/kit/world/turn.ts';
import type { LegacyVf } from '#test/support/legacy-vf.ts';
import { RawHostBench } from '#test/support/raw-host-bench.ts';
import { RecordingVf } from '#test/support/recording-vf.ts';
import {
  NOT_CONNECTED,
  newPfBench,
  refused,
  runningLegacyVf,
  runningVf,
  type VfBench,
} from '#test/support/vf-bench.ts';

const { STATUS_SUCCESS, STATUS_PENDING, STATUS_CANCELLED } = NTSTATUS;
const { STATUS_DEVICE_NOT_CONNECTED, STATUS_INSUFFICIENT_RESOURCES } = NTSTATUS;
const { OID_SRIOV_READ_VF_CONFIG_BLOCK } = OID;

const SUCCEEDED = { status: STATUS_SUCCESS, information: 0 };
const CANCELLED = { status: STATUS_CANCELLED, information: 0 };

/** What NDIS does with the IOCTL and after it, hop by hop. */
const NDIS_HOPS: readonly HopName[] = [
  'ioCallDriver',
  'ioCancelIrp',
  'ioCompleteRequest',
  'vfMiniportOidRequest',
  'vfMiniportHaltEx',
];

describe('an invalidation', () => {
  test("completes the driver's IOCTL with STATUS_SUCCESS, Information 0 and the mask [invalidate.ioctl-completion] [contradiction.information-0]", async () => {
    const { pf, vf } = await runningLegacyVf();
    pf.invalidate(0, 0x21n);
    await turn();
    expect(vf.ends).toEqual([SUCCEEDED]);
    expect(vf.masks).toEqual([0x21n]);
    expect(vf.returned).toEqual([STATUS_PENDING, STATUS_PENDING]);
  });

  test('completes that of NDIS, which issues it again and tells the VF miniport [invalidate.ioctl-again] [invalidate.oid-to-the-vf]', async () => {
    const { world, pf, vf } = await runningVf();
    pf.invalidate(0, 0x21n);
    await turn();
    expect(world.eventsOf('ioCompleteRequest')).toMatchObject([{ status: 0, length: 0 }]);
    expect(world.hops(...NDIS_HOPS)).toEqual([
      'ioCompleteRequest',
      'ioCallDriver',
      'vfMiniportOidRequest',
    ]);
    expect(vf.current.masks).toEqual([0x21n]);
  });
});

describe('IoCancelIrp', () => {
  test('by the driver that sent it: STATUS_CANCELLED, Information 0, and the next one pends [pended.is-cancellable] [ioctl.invalidate.cancelled]', async () => {
    const { pf, vf } = await runningLegacyVf();
    expect(vf.cancel()).toBe(true);
    expect(vf.ends).toEqual([CANCELLED]);
    vf.arm();
    pf.invalidate(0, 0x1n);
    await turn();
    expect(vf.ends).toEqual([CANCELLED, SUCCEEDED]);
    expect(vf.masks).toEqual([0x1n]);
  });

  test('by another driver: it stays pended, and the breach is reported [pended.only-its-creator-cancels]', async () => {
    const { world, pf, vf } = await runningLegacyVf();
    const other = await runningLegacyVf();
    other.world.expectBreaches('irp.not-the-drivers-own');
    expect(other.vf.cancel(vf.irp)).toBe(false);
    expect(other.world.eventsOf('vfContractViolated')).toHaveLength(1);
    pf.invalidate(0, 0x1n);
    await turn();
    expect(vf.ends).toEqual([SUCCEEDED]);
    expect(world.eventsOf('vfContractViolated')).toEqual([]);
  });
});

describe('the halt of the VF, when the guest stops or answers EJECT', () => {
  test.each<[string, (bench: VfBench<unknown>) => unknown]>([
    ['stops', ({ guest }) => guest.os.stop()],
    ['answers EJECT', ({ world }) => world.host.ejectVf(0)],
  ])('that %s: NDIS cancels it before MiniportHaltEx [pended.halt]', async (_how, leave) => {
    const bench = await runningVf();
    const { world, vf } = bench;
    await leave(bench);
    await turn();
    expect(world.hops(...NDIS_HOPS)).toEqual([
      'ioCancelIrp',
      'ioCompleteRequest',
      'vfMiniportHaltEx',
    ]);
    expect(world.eventsOf('ioCompleteRequest')).toMatchObject([
      { status: STATUS_CANCELLED, length: 0 },
    ]);
    expect(vf.current.halts).toEqual(['NdisHaltDeviceDisabled']);
  });

  test('one that the driver leaves pended is completed before the device goes [pended.removal-completes-it]', async () => {
    const { world, vf, guest } = await runningLegacyVf();
    world.expectBreaches('irp.pending-at-halt');
    vf.leavesItPended = true;
    await guest.os.stop();
    expect(world.eventsOf('vfIoCompleteRequest')).toMatchObject([
      { status: STATUS_DEVICE_NOT_CONNECTED, length: 0 },
    ]);
    expect(vf.ends).toEqual([]);
  });
});

describe('surprise removal', () => {
  test('fails it and all that is outstanding or comes later, with STATUS_DEVICE_NOT_CONNECTED [pended.removal-completes-it] [ioctl.device-removed]', async () => {
    const { world, pf, vf } = await runningLegacyVf({ oidTimeout: 0, ejectTimeoutMs: 60_000 });
    world.expectBreaches('oid.completed-in-time');
    pf.leavePending(OID_SRIOV_READ_VF_CONFIG_BLOCK);
    vf.halt = () => new Promise(() => {});
    const sent = [vf.read(5, 1), vf.write(5, Uint8Array.of(1))];
    world.host.ejectVf(0);
    await world.clock.advance(59_999);
    expect(vf.ends).toEqual([]);
    await world.clock.advance(1);
    expect([...sent.map(({ ends }) => ends), vf.ends]).toEqual([
      [NOT_CONNECTED],
      [NOT_CONNECTED],
      [NOT_CONNECTED],
    ]);
    expect(vf.read(5, 1)).toEqual(refused(STATUS_DEVICE_NOT_CONNECTED, new Uint8Array(1)));
    vf.arm();
    expect(vf.returned.at(-1)).toBe(STATUS_DEVICE_NOT_CONNECTED);
  });
});

describe('D0 exit and D3, while the guest sleeps', () => {
  test('leave it pended; what was ORed meanwhile completes it once D0 is back [pended.low-power]', async () => {
    const { world, pf, vf, guest } = await runningLegacyVf();
    await guest.os.suspend();
    expect(world.host.vfs).toMatchObject([{ state: 'halted', devicePowerState: 4 }]);
    for (const mask of [0x1n, 0x20n]) {
      pf.invalidate(0, mask);
      await turn();
    }
    expect(vf.ends).toEqual([]);
    await guest.os.resume();
    await turn();
    expect(vf.ends).toEqual([SUCCEEDED]);
    expect(vf.masks).toEqual([0x21n]);
  });
});

describe('OID_SRIOV_RESET_VF', () => {
  test('leaves it pended [pended.reset]', async () => {
    const { world, pf, vf } = await runningLegacyVf();
    expect(await world.host.resetVf(0)).toBe(NDIS_STATUS.NDIS_STATUS_SUCCESS);
    await turn();
    expect(vf.ends).toEqual([]);
    pf.invalidate(0, 0x1n);
    await turn();
    expect(vf.ends).toEqual([SUCCEEDED]);
    expect(vf.returned).toHaveLength(2);
  });
});

describe('a WebSocket that is lost', () => {
  test.each(['guest', 'host'] as const)(
    'on the side of the %s: fails it and all that is outstanding at once, and the VF is removed by surprise [pended.channel-lost]',
    async (side) => {
      const { world, pf, vf, guest } = await runningLegacyVf();
      pf.leavePending(OID_SRIOV_READ_VF_CONFIG_BLOCK);
      const sent = [vf.read(5, 1), vf.write(5, Uint8Array.of(1))];
      await turn();
      guest.link[side].cut();
      await turn();
      expect([...sent.map(({ ends }) => ends), vf.ends]).toEqual([
        [NOT_CONNECTED],
        [NOT_CONNECTED],
        [NOT_CONNECTED],
      ]);
      expect(vf.halts).toEqual(['NdisHaltDeviceSurpriseRemoved']);
      expect(world.host.vfs).toMatchObject([{ state: 'releasing' }]);
    },
  );

  test('and another that is opened: another VF instance pends another IOCTL [pended.reconnect]', async () => {
    const { world, pf, vf, guest } = await runningVf();
    guest.link.guest.cut();
    await world.advance(1_000);
    expect(world.hops(...NDIS_HOPS)).toEqual([
      'ioCompleteRequest',
      'vfMiniportHaltEx',
      'ioCallDriver',
    ]);
    pf.invalidate(0, 0x1n);
    await turn();
    expect(vf.instances.map(({ masks }) => masks)).toEqual([[], [0x1n]]);
    expect(world.host.vfs).toMatchObject([{ generation: 2 }]);
  });
});

describe('any completion other than STATUS_SUCCESS', () => {
  /** A VF whose first IOCTL ended like this, and a mask that came then. */
  async function failedFirst(status: number) {
    const when = { hop: 'ioCallDriver', nth: 1 } as const;
    const { world, pf } = await newPfBench({ faults: [{ when, do: replyWith({ status }) }] });
    const vf = new RecordingVf();
    const guest = await world.attachGuest(vf.factory);
    pf.invalidate(0, 0x1n);
    await turn();
    expect(world.hops(...NDIS_HOPS)).toEqual(['ioCallDriver']);
    return { world, vf, guest };
  }

  test.each([STATUS_INSUFFICIENT_RESOURCES, STATUS_CANCELLED, 0xc0001234])(
    '0x%x: no OID follows; NDIS issues it again after a pause, and the VF hears of what came meanwhile [pended.other-completion]',
    async (status) => {
      const { world, vf } = await failedFirst(status);
      expect(vf.current.masks).toEqual([]);
      await world.advance(100);
      expect(vf.current.masks).toEqual([0x1n]);
    },
  );

  test('STATUS_DEVICE_NOT_CONNECTED: no OID follows, and NDIS does not issue it again [pended.other-completion]', async () => {
    const { world } = await failedFirst(STATUS_DEVICE_NOT_CONNECTED);
    await world.advance(60_000);
    expect(world.hops(...NDIS_HOPS)).toEqual(['ioCallDriver']);
  });

  test('of a VF that is halted meanwhile: NDIS does not issue it again [pended.other-completion]', async () => {
    const { world, guest } = await failedFirst(STATUS_CANCELLED);
    await guest.os.stop();
    await world.advance(60_000);
    expect(world.hops(...NDIS_HOPS)).toEqual(['ioCallDriver', 'vfMiniportHaltEx']);
  });
});

describe('a cancel and an invalidation at the same instant', () => {
  /** Cancels the IOCTL at the hop that a mask has come to. */
  async function raced(hop: HopName): Promise<LegacyVf> {
    const { world, pf, vf } = await runningLegacyVf();
    vf.armsOnce = true;
    world.trace.listen((event) => {
      if (event.hop === hop && event.name.includes('INVALIDATE_BLOCK')) vf.cancel();
    });
    pf.invalidate(0, 0x21n);
    await turn();
    return vf;
  }

  test('the cancel wins: it is completed once, and the mask waits for the next [pended.cancel-races]', async () => {
    const vf = await raced('hostPacketReceived');
    expect(vf.ends).toEqual([CANCELLED]);
    vf.arm();
    expect(vf.returned).toEqual([STATUS_PENDING, STATUS_SUCCESS]);
    expect(vf.ends).toEqual([CANCELLED, SUCCEEDED]);
    expect(vf.masks).toEqual([0x21n]);
  });

  test('the invalidation wins: it is completed once, with success [pended.cancel-races] [pended.cancel-may-lose]', async () => {
    const vf = await raced('vfIoCompleteRequest');
    expect(vf.ends).toEqual([SUCCEEDED]);
    expect(vf.masks).toEqual([0x21n]);
    expect(vf.cancel()).toBe(false);
    expect(vf.ends).toEqual([SUCCEEDED]);
  });

  test('the invalidation wins though the halt has begun: no OID follows, and no IOCTL [pended.no-oid-after-halt]', async () => {
    let issued = 0;
    const bench = await new RawHostBench({
      interpose: (device) => ({
        ioCallDriver(irp) {
          if (irp.stackLocation.ioControlCode !== IOCTL.IOCTL_VPCI_INVALIDATE_BLOCK) {
            return device.ioCallDriver(irp);
          }
          issued++;
          irp.setCancelRoutine(() => {
            writeInvalidateBlockOutput(irp.stackLocation.type3InputBuffer ?? new Uint8Array(8), 1n);
            irp.complete(STATUS_SUCCESS, 0);
          });
          return STATUS_PENDING;
        },
      }),
    }).run();
    await bench.os.stop();
    expect(issued).toBe(1);
    expect(bench.vf.masks).toEqual([]);
    expect(bench.vf.halts).toEqual(['NdisHaltDeviceDisabled']);
  });
});
