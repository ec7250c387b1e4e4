import { describe, expect, test } from 'vitest';
import { NDIS_STATUS } from '#shared/ndis/ndis-status.ts';
import { CLOSE_CODES } from '#shared/transport/close-codes.ts';
import { createWorld } from '#test/kit/world/world.ts';
import { RawHostBench } from '#test/support/raw-host-bench.ts';
import { RecordingPf } from '#test/support/recording-pf.ts';
import { RecordingVf } from '#test/support/recording-vf.ts';

/** What the kernel gives to a driver of either side. */
const KERNEL = [
  'keGetCurrentIrql',
  'keLowerIrql',
  'keRaiseIrql',
  'ndisAllocateMemoryWithTagPriority',
];

/** The names of the functions that NDIS gives to a miniport. */
function functionsOf(adapter: object): readonly string[] {
  return Object.entries(adapter)
    .filter(([, value]) => typeof value === 'function')
    .map(([name]) => name)
    .sort();
}

describe('what NDIS gives to a miniport', () => {
  test('a PF can neither read nor write blocks, and issues no OID [actors.vf-only-functions] [teardown.only-the-stack-frees]', async () => {
    const pf = new RecordingPf();
    await createWorld({ pf: pf.factory });
    expect(functionsOf(pf.adapter)).toEqual([
      ...KERNEL,
      'ndisGetHypervisorInfo',
      'ndisMEnableVirtualization',
      'ndisMGetVirtualFunctionBusData',
      'ndisMGetVirtualFunctionLocation',
      'ndisMInvalidateConfigBlock',
      'ndisMOidRequestComplete',
      'ndisMQueryProbedBars',
      'ndisMSetMiniportAttributes',
      'ndisMSetVirtualFunctionBusData',
      'ndisQueueIoWorkItem',
      'vfBarMemory',
    ]);
  });

  test('a PF has no device object to ask for the VPCI interface [contradiction.vpci-interface-is-the-guests]', async () => {
    const pf = new RecordingPf();
    await createWorld({ pf: pf.factory });
    expect(Object.keys(pf.adapter)).not.toContain('wdm');
    expect(functionsOf(pf.adapter)).not.toContain('ndisMGetDeviceProperty');
  });

  test('a VF cannot invalidate, and NDIS sends IOCTL_VPCI_INVALIDATE_BLOCK for it [actors.pf-only-functions] [actors.guest-ndis-owns-the-invalidate-ioctl]', async () => {
    const vf = new RecordingVf();
    const world = await createWorld({ pf: new RecordingPf().factory });
    await world.attachGuest(vf.factory);
    expect(functionsOf(vf.current.adapter)).toEqual([
      'busStatistics',
      ...KERNEL,
      'ndisGetHypervisorInfo',
      'ndisMGetBusData',
      'ndisMGetDeviceProperty',
      'ndisMOidRequestComplete',
      'ndisMReadConfigBlock',
      'ndisMSetBusData',
      'ndisMSetMiniportAttributes',
      'ndisMWriteConfigBlock',
      'ndisQueueIoWorkItem',
    ]);
    expect(world.eventsOf('ioCallDriver').map(({ name }) => name)).toEqual([
      'IOCTL_VPCI_INVALIDATE_BLOCK',
    ]);
  });
});

describe('the VPCI driver as the bus driver', () => {
  test('has no VF miniport started on a bus without a device [actors.vpci-is-the-bus-driver]', async () => {
    const bench = await new RawHostBench({
      onHost: (host) => {
        host.answers['FDO_D0_ENTRY'] = () => {
          host.relations([]);
          return { status: 0 };
        };
      },
    }).run();
    expect(bench.recording.instances).toEqual([]);
    expect(bench.host.closed).toMatchObject({ code: CLOSE_CODES.noSuchDevice.code });
  });
});

describe('the payload of a block', () => {
  const LOW = Uint8Array.from({ length: 128 }, (_, index) => index);
  const HIGH = Uint8Array.from({ length: 128 }, (_, index) => 128 + index);

  test('arrives byte by byte as it was sent, both ways [actors.payload-is-opaque]', async () => {
    const written: Uint8Array[] = [];
    const pf = new RecordingPf({
      readBlock: (_vfId, blockId) => (blockId === 0 ? LOW : HIGH),
      writeBlock: (_vfId, _blockId, data) => {
        written.push(data);
        return NDIS_STATUS.NDIS_STATUS_SUCCESS;
      },
    });
    const vf = new RecordingVf();
    await (await createWorld({ pf: pf.factory })).attachGuest(vf.factory);
    await vf.current.write(0, HIGH);
    await vf.current.write(0, LOW);
    expect(written).toEqual([HIGH, LOW]);
    expect(await vf.current.read(0, 128)).toEqual(LOW);
    expect(await vf.current.read(1, 128)).toEqual(HIGH);
  });

  test('is kept nowhere: each read is the answer of the PF, not what was written [actors.block-is-a-message] [contradiction.blocks-are-not-config-space]', async () => {
    let reads = 0;
    const pf = new RecordingPf({ readBlock: () => Uint8Array.of(++reads) });
    const vf = new RecordingVf();
    await (await createWorld({ pf: pf.factory })).attachGuest(vf.factory);
    pf.oids.length = 0;
    await vf.current.write(5, Uint8Array.of(0xee));
    expect(await vf.current.read(5, 1)).toEqual(Uint8Array.of(1));
    expect(await vf.current.read(5, 1)).toEqual(Uint8Array.of(2));
    expect(pf.oids).toEqual([
      'OID_SRIOV_WRITE_VF_CONFIG_BLOCK',
      'OID_SRIOV_READ_VF_CONFIG_BLOCK',
      'OID_SRIOV_READ_VF_CONFIG_BLOCK',
    ]);
  });
});
