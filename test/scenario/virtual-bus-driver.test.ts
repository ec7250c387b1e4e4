import { describe, expect, test } from 'vitest';
import type { VpciInterfaceStandard } from '#guest/io/query-interface.ts';
import type { VfAdapter } from '#guest/ndis/vf-miniport.ts';
import { defineVirtualBusDriver } from '#guest/ndis/virtual-bus-driver.ts';
import { configBlockVf } from '#guest/vf-miniport/config-block-vf.ts';
import { NDIS_STATUS } from '#shared/ndis/ndis-status.ts';
import { NTSTATUS, type NtStatus } from '#shared/nt/ntstatus.ts';
import { createWorld, type World } from '#test/kit/world/world.ts';
import { RecordingPf } from '#test/support/recording-pf.ts';
import { queryInterface } from '#test/support/vpci-query.ts';

/** A world with one VF, whose miniport is above a virtual bus driver. */
async function newStack() {
  const pf = new RecordingPf();
  const world: World = await createWorld({ pf: pf.factory });
  const read: Uint8Array[] = [];
  let vpci: VpciInterfaceStandard | undefined;
  let adapter: VfAdapter | undefined;
  const factory = defineVirtualBusDriver(
    ({ wdm, physicalDeviceObject }) => ({
      startDevice() {
        const queried = queryInterface(wdm, physicalDeviceObject);
        vpci = queried.queryInterface?.interface;
        return queried.returned;
      },
      removeDevice: () => vpci?.interfaceDereference(vpci.context),
      async readBlock(blockId: number, buffer: Uint8Array): Promise<NtStatus> {
        const status = await vpci?.readVfConfigBlock(vpci.context, blockId, buffer, buffer.length);
        return status ?? NTSTATUS.STATUS_UNSUCCESSFUL;
      },
    }),
    (given, busDriver) => {
      adapter = given;
      return configBlockVf({
        async invalidated(blocks) {
          for (const blockId of blocks) {
            const buffer = new Uint8Array(2);
            await busDriver.readBlock(blockId, buffer);
            read.push(buffer);
          }
        },
      });
    },
  );
  const guest = await world.attachGuest(factory);
  if (adapter === undefined || vpci === undefined) throw new Error('the stack did not start');
  return { pf, world, guest, read, adapter, vpci };
}

describe('a VF miniport above a virtual bus driver', () => {
  test('that calls NdisMReadConfigBlock or NdisMWriteConfigBlock fails, is told so, and sends nothing [actors.miniport-above-a-vbd]', async () => {
    const { world, adapter } = await newStack();
    world.expectBreaches('ndis.above-a-vbd');
    world.events.length = 0;
    const buffer = new Uint8Array(4);
    const { NDIS_STATUS_FAILURE } = NDIS_STATUS;
    expect(await adapter.ndisMReadConfigBlock(5, buffer, 4)).toBe(NDIS_STATUS_FAILURE);
    expect(await adapter.ndisMWriteConfigBlock(5, buffer, 4)).toBe(NDIS_STATUS_FAILURE);
    expect(world.hops('guestPacketSent')).toEqual([]);
    expect(world.eventsOf('vfContractViolated').map(({ name }) => name)).toEqual([
      'NdisMReadConfigBlock',
      'NdisMWriteConfigBlock',
    ]);
  });

  test('learns of invalidations from NDIS, and has its bus driver read the blocks through the interface [actors.vbd-uses-the-interface] [actors.miniport-above-a-vbd]', async () => {
    const { world, pf, read } = await newStack();
    world.events.length = 0;
    pf.invalidate(0, 0x22n);
    await world.settled();
    expect(read).toEqual([Uint8Array.of(1, 1), Uint8Array.of(5, 5)]);
    expect(world.eventsOf('readVfConfigBlockReturn')).toMatchObject([
      { blockId: 1, length: 2, status: 0 },
      { blockId: 5, length: 2, status: 0 },
    ]);
    expect(world.hops('ndisMReadConfigBlock', 'vfContractViolated')).toEqual([]);
  });

  test('is on a VF whose serial number the interface tells', async () => {
    const { world, vpci } = await newStack();
    expect(vpci.serialNumber).toBe(world.host.vfs[0]?.generation);
  });

  test('has an interface that fails once the VF is gone [vpci-interface.removed]', async () => {
    const { guest, vpci } = await newStack();
    vpci.interfaceReference(vpci.context);
    await guest.os.stop();
    const status = await vpci.readVfConfigBlock(vpci.context, 1, new Uint8Array(2), 2);
    expect(status).toBe(NTSTATUS.STATUS_DEVICE_NOT_CONNECTED);
  });
});
