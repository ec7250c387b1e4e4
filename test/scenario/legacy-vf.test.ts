import { describe, expect, test } from 'vitest';
import { IRQL } from '#shared/nt/irql.ts';
import { NTSTATUS } from '#shared/nt/ntstatus.ts';
import { drop, type Fault, type FaultRule, replyWith } from '#test/kit/faults/fault.ts';
import { createWorld, type World } from '#test/kit/world/world.ts';
import type { AttachedGuest } from '#test/kit/world/world-guest.ts';
import { LegacyVf } from '#test/support/legacy-vf.ts';
import { recordingLog } from '#test/support/recording-log.ts';
import { RecordingPf } from '#test/support/recording-pf.ts';

const { STATUS_PENDING, STATUS_INVALID_DEVICE_REQUEST, STATUS_DEVICE_NOT_CONNECTED } = NTSTATUS;
const { STATUS_CANCELLED, STATUS_INSUFFICIENT_RESOURCES: NO_RESOURCES } = NTSTATUS;

const NDIS_6_20 = { majorNdisVersion: 6, minorNdisVersion: 20 };
const NDIS_6_30 = { majorNdisVersion: 6, minorNdisVersion: 30 };

interface Bench {
  readonly world: World;
  readonly pf: RecordingPf;
  readonly vf: LegacyVf;
  readonly guest: AttachedGuest;
  readonly messages: readonly string[];
}

async function newBench(
  vf = new LegacyVf(NDIS_6_20),
  faults: readonly FaultRule[] = [],
  breaks: readonly string[] = [],
): Promise<Bench> {
  const pf = new RecordingPf();
  const world = await createWorld({ pf: pf.factory, faults, breaks });
  const { log, messages } = recordingLog();
  const guest = await world.attachGuest(vf.factory, { log });
  return { world, pf, vf, guest, messages };
}

/** What the VF was told to have done wrong. */
function breachesOf(world: World): readonly (string | undefined)[] {
  return world.eventsOf('vfContractViolated').map(({ note }) => note);
}

describe('a VF miniport that registers with a version before NDIS 6.30', () => {
  test('that cannot be does not start', async () => {
    const { guest } = await newBench(new LegacyVf({ majorNdisVersion: 5, minorNdisVersion: 1 }));
    expect(guest.ends).toMatchObject([
      { how: 'failed', reason: expect.stringContaining('NDIS_STATUS_BAD_VERSION') },
    ]);
  });

  test('issues IOCTL_VPCI_INVALIDATE_BLOCK itself, and NDIS does not [actors.vf-before-ndis-6-30]', async () => {
    const { world, vf } = await newBench();
    expect(vf.returned).toEqual([STATUS_PENDING]);
    expect(world.eventsOf('vfIoCallDriver')).toMatchObject([
      { name: 'IOCTL_VPCI_INVALIDATE_BLOCK' },
    ]);
    expect(world.eventsOf('ioCallDriver')).toEqual([]);
    expect(breachesOf(world)).toEqual([]);
  });

  test('gets each mask in its completion routine, at DISPATCH_LEVEL, and no OID [actors.vf-before-ndis-6-30]', async () => {
    const { world, pf, vf } = await newBench();
    for (const mask of [0x1n, 0x20n, 1n << 63n]) {
      pf.invalidate(0, mask);
      await world.settled();
    }
    expect(vf.masks).toEqual([0x1n, 0x20n, 1n << 63n]);
    expect(vf.levels).toEqual([IRQL.DISPATCH_LEVEL, IRQL.DISPATCH_LEVEL, IRQL.DISPATCH_LEVEL]);
    expect(vf.oids).toEqual([]);
    expect(breachesOf(world)).toEqual([]);
  });

  test('that cancels it when it is halted has left nothing behind', async () => {
    const { world, vf, guest } = await newBench();
    await guest.os.stop();
    expect(vf.statuses).toEqual([STATUS_CANCELLED]);
    expect(breachesOf(world)).toEqual([]);
  });

  test('that does not cancel it when it is halted is reported, and is called no more [state.freed.completion-routines]', async () => {
    const { world, vf, guest, messages } = await newBench();
    world.expectBreaches('irp.pending-at-halt');
    vf.leavesItPended = true;
    await guest.os.stop();
    expect(vf.statuses).toEqual([]);
    expect(breachesOf(world)).toEqual([expect.stringContaining('1 pending')]);
    expect(messages).toContainEqual(expect.stringContaining('1 pending'));
  });

  test('has it failed when it is removed by surprise', async () => {
    const { vf, guest } = await newBench();
    guest.link.guest.cut();
    await guest.os.stop();
    expect(vf.statuses).toEqual([STATUS_DEVICE_NOT_CONNECTED]);
  });

  test.each<[string, Fault, number, readonly number[]]>([
    ['fails', replyWith({ status: NO_RESOURCES }), NO_RESOURCES, [NO_RESOURCES]],
    ['gets lost', drop(), STATUS_PENDING, []],
  ])(
    'whose IRP %s on its way to the VPCI driver has what comes of it',
    async (_how, fault, returned, statuses) => {
      const faults = [{ when: { hop: 'vfIoCallDriver' as const }, do: fault }];
      const { world, vf } = await newBench(undefined, faults);
      expect(vf.returned).toEqual([returned]);
      expect(vf.statuses).toEqual(statuses);
      expect(world.unfired).toEqual([]);
    },
  );

  test('reaches its own VF alone', async () => {
    const { world, pf, vf } = await newBench();
    const other = new LegacyVf(NDIS_6_20);
    await world.attachGuest(other.factory, { name: 'g2' });
    pf.invalidate(1, 0x8n);
    await world.settled();
    expect(vf.masks).toEqual([]);
    expect(other.masks).toEqual([0x8n]);
  });
});

describe('a VF miniport of NDIS 6.30 or later that issues IOCTL_VPCI_INVALIDATE_BLOCK', () => {
  test("is reported, and refused while NDIS's is pended, which stays [actors.guest-ndis-owns-the-invalidate-ioctl] [ioctl.invalidate.second-while-pended]", async () => {
    const vf = new LegacyVf(NDIS_6_30);
    vf.armsAtStart = false;
    const { world, pf } = await newBench(vf);
    world.expectBreaches('ndis.invalidate-ioctl');
    vf.arm();
    expect(vf.returned).toEqual([STATUS_INVALID_DEVICE_REQUEST]);
    expect(vf.statuses).toEqual([STATUS_INVALID_DEVICE_REQUEST]);
    expect(breachesOf(world)).toEqual([
      'IOCTL_VPCI_INVALIDATE_BLOCK: from NDIS 6.30 on the VF miniport does not issue IOCTL_VPCI_INVALIDATE_BLOCK',
    ]);
    pf.invalidate(0, 0x1n);
    await world.settled();
    expect(vf.masks).toEqual([]);
    expect(vf.oids).toEqual(['OID_SRIOV_VF_INVALIDATE_CONFIG_BLOCK']);
  });

  test('before NDIS has issued one takes its place: it alone learns of invalidations', async () => {
    const vf = new LegacyVf(undefined);
    const { world, pf } = await newBench(vf, [], ['ndis.invalidate-ioctl']);
    expect(world.eventsOf('ioCompleteRequest')).toMatchObject([
      { status: STATUS_INVALID_DEVICE_REQUEST },
    ]);
    pf.invalidate(0, 0x1n);
    await world.settled();
    expect(vf.masks).toEqual([0x1n]);
    expect(vf.oids).toEqual([]);
    expect(breachesOf(world)[0]).toContain('IOCTL_VPCI_INVALIDATE_BLOCK: from NDIS 6.30 on');
  });
});
