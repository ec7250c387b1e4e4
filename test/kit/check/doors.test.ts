import { describe, expect, test } from 'vitest';
import type { GuestProfile, VfDriver } from '#guest/guest-profile.ts';
import { IOCTL } from '#guest/io/ioctl.ts';
import { newReadBlockInput } from '#guest/io/vpci-structures.ts';
import { defineLinuxVfDriver } from '#guest/linux/linux-vf-driver.ts';
import { defineVfMiniport, type VfAdapter } from '#guest/ndis/vf-miniport.ts';
import { defineVirtualBusDriver } from '#guest/ndis/virtual-bus-driver.ts';
import { NDIS_STATUS } from '#shared/ndis/ndis-status.ts';
import { NTSTATUS } from '#shared/nt/ntstatus.ts';
import { RecordingPf } from '#test/support/recording-pf.ts';
import { queryInterface } from '#test/support/vpci-query.ts';
import { replyWith } from '../faults/fault.ts';
import { type RunOptions, runScenario } from '../scenario/run-scenario.ts';
import { historyOf } from './history.ts';

const BLOCK = 1;
const LENGTH = 4;
const { NDIS_STATUS_SUCCESS } = NDIS_STATUS;

/** A VF miniport that reads the block once, takes each invalidation, and never reads again. */
function readsOnce(read: (adapter: VfAdapter, buffer: Uint8Array) => unknown): VfDriver {
  return defineVfMiniport((adapter) => ({
    async miniportInitializeEx() {
      await read(adapter, new Uint8Array(LENGTH));
      return NDIS_STATUS_SUCCESS;
    },
    miniportOidRequest: () => NDIS_STATUS_SUCCESS,
  }));
}

const throughNdis = readsOnce((adapter, buffer) =>
  adapter.ndisMReadConfigBlock(BLOCK, buffer, LENGTH),
);

const throughAnIrp = readsOnce(async ({ wdm, ndisMGetDeviceProperty }, outputBuffer) => {
  const deviceObject = ndisMGetDeviceProperty().physicalDeviceObject;
  const event = wdm.keInitializeEvent('NotificationEvent', false);
  const irp = wdm.ioBuildDeviceIoControlRequest({
    ioControlCode: IOCTL.IOCTL_VPCI_READ_BLOCK,
    deviceObject,
    inputBuffer: newReadBlockInput(BLOCK, LENGTH),
    inputBufferLength: 8,
    outputBuffer,
    outputBufferLength: LENGTH,
    internalDeviceIoControl: true,
    event,
    ioStatusBlock: { status: 0, information: 0 },
  });
  if (irp === undefined) throw new Error('there is no IRP');
  const status = wdm.ioCallDriver(deviceObject, irp);
  if (status === NTSTATUS.STATUS_PENDING) await wdm.keWaitForSingleObject(event);
});

const throughTheInterface = defineVirtualBusDriver(
  ({ wdm, physicalDeviceObject }) => {
    const found = () => queryInterface(wdm, physicalDeviceObject).queryInterface?.interface;
    return {
      async startDevice() {
        const vpci = found();
        await vpci?.readVfConfigBlock(vpci.context, BLOCK, new Uint8Array(LENGTH), LENGTH);
        return NTSTATUS.STATUS_SUCCESS;
      },
    };
  },
  () => ({ miniportOidRequest: () => NDIS_STATUS_SUCCESS }),
);

const throughHyperv = defineLinuxVfDriver(() => ({
  async probe(device) {
    device.hyperv_reg_block_invalidate(undefined, () => {});
    return (await device.hyperv_read_cfg_blk(new Uint8Array(LENGTH), LENGTH, BLOCK)).error;
  },
  remove: () => {},
}));

const DOORS: readonly (readonly [string, GuestProfile, VfDriver])[] = [
  ['NdisMReadConfigBlock', 'windows', throughNdis],
  ['NdisMReadConfigBlock on Linux', 'linux', throughNdis],
  ['IOCTL_VPCI_READ_BLOCK', 'windows', throughAnIrp],
  ['IOCTL_VPCI_READ_BLOCK on Linux', 'linux', throughAnIrp],
  ['ReadVfConfigBlock', 'windows', throughTheInterface],
  ['hyperv_read_cfg_blk', 'linux', throughHyperv],
];

/** A run with a PF whose block has a version, which `changes` or stays as it is. */
async function run(
  profile: GuestProfile,
  vf: VfDriver,
  changes: boolean,
  options: RunOptions = {},
  size = LENGTH,
): ReturnType<typeof runScenario> {
  let version = 1;
  const pf = new RecordingPf({
    readBlock: () => Buffer.alloc(size, version),
  });
  const scenario = {
    name: 'a VF that reads once',
    pf: pf.factory,
    vf,
    profile,
    versionOf: (_blockId: number, data: Uint8Array) => data[0],
    async run(world: Parameters<Parameters<typeof runScenario>[0]['run']>[0]) {
      await world.attachGuest('g1', { retry: false });
      if (changes) version++;
      await world.invalidate(0, 1n << BigInt(BLOCK));
    },
  };
  return await runScenario(scenario, options);
}

describe.each(DOORS)('what a driver reads through %s', (_name, profile, vf) => {
  test('is one request with what the PF answered, and holds every invariant', async () => {
    const { events, verdicts } = await run(profile, vf, false);
    const [request, ...others] = historyOf(events).requests;
    expect(others).toEqual([]);
    expect(request).toMatchObject({
      kind: 'read',
      call: { blockId: BLOCK, length: LENGTH },
      pfCompleted: { data: '01010101' },
      returned: [{ data: '01010101', status: 0 }],
      isOnLinux: profile === 'linux',
    });
    expect(verdicts.filter(({ holds }) => holds !== true)).toEqual([]);
  });

  test('is held against it when it was told that this is stale', async () => {
    const { verdicts } = await run(profile, vf, true);
    expect(verdicts.filter(({ holds }) => holds !== true)).toMatchObject([
      {
        id: 'I5',
        why: [expect.stringMatching(/kept version 1 .* it was told .* did not act on it/)],
      },
    ]);
  });
});

describe('what Linux takes for the end of a short block', () => {
  test('is padding, and no data that the PF has not answered', async () => {
    const { events, verdicts } = await run('linux', throughHyperv, false, {}, 2);
    expect(historyOf(events).requests).toMatchObject([
      { pfCompleted: { data: '0101' }, returned: [{ data: '01010000' }] },
    ]);
    expect(verdicts.filter(({ holds }) => holds !== true)).toEqual([]);
  });
});

describe('a request that a fault answers', () => {
  test('before the VPCI driver has it is not one that was never completed', async () => {
    const when = { hop: 'vfIoCallDriver' } as const;
    const refused = replyWith({ status: NTSTATUS.STATUS_INSUFFICIENT_RESOURCES });
    const { verdicts, unfired } = await run('windows', throughAnIrp, false, {
      faults: [{ when, do: refused }],
    });
    expect(unfired).toEqual([]);
    expect(verdicts.filter(({ holds }) => holds !== true)).toEqual([]);
  });
});
