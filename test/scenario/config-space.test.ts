import { describe, expect, test } from 'vitest';
import { createReferenceVf } from '#guest/vf-miniport/reference/index.ts';
import { createReferencePf } from '#host/pf-miniport/reference/index.ts';
import { NDIS_STATUS } from '#shared/ndis/ndis-status.ts';
import { OID } from '#shared/ndis/oid.ts';
import { PCI_WHICHSPACE_CONFIG } from '#shared/pci/configuration-space.ts';
import type { HopName } from '#shared/trace/hops.ts';
import { createWorld } from '#test/kit/world/world.ts';
import { hex } from '#test/support/hex.ts';
import { recordingLog } from '#test/support/recording-log.ts';
import { RecordingPf } from '#test/support/recording-pf.ts';
import { RecordingVf } from '#test/support/recording-vf.ts';

/** A guest with one VF that runs. */
async function attached() {
  const pf = new RecordingPf();
  const world = await createWorld({ pf: pf.factory });
  const vf = new RecordingVf();
  const guest = await world.attachGuest(vf.factory);
  const { adapter } = vf.current;
  const get = async (offset: number, length: number) => {
    const buffer = new Uint8Array(length);
    const count = await adapter.ndisMGetBusData(PCI_WHICHSPACE_CONFIG, offset, buffer, length);
    return hex(buffer.subarray(0, count));
  };
  const set = (offset: number, ...bytes: number[]) =>
    adapter.ndisMSetBusData(PCI_WHICHSPACE_CONFIG, offset, Uint8Array.from(bytes), bytes.length);
  return { world, pf, vf, guest, get, set };
}

describe('a VF driver', () => {
  test('reads which device it has, and all of its configuration space [config-space.bus-data] [config-space.ids]', async () => {
    const { get } = await attached();
    expect(await get(0, 4)).toBe('B3 15 16 10');
    expect(await get(2, 2)).toBe('16 10');
    const space = await get(0, 256);
    expect(space.split(' ')).toHaveLength(256);
    expect(space.slice(0, 35)).toBe('B3 15 16 10 00 00 00 00 01 00 00 02');
  });

  test('writes what can be written, in its own VF [config-space.bus-data] [actors.vf-registers]', async () => {
    const { world, get, set } = await attached();
    const other = new RecordingVf();
    await world.attachGuest(other.factory, { name: 'g2' });
    expect(await set(4, 0xff, 0xff)).toBe(2);
    expect(await get(4, 2)).toBe('04 00');
    expect(await set(0, 1, 2, 3, 4)).toBe(4);
    expect(await get(0, 4)).toBe('B3 15 16 10');
    const buffer = new Uint8Array(2);
    expect(await other.current.adapter.ndisMGetBusData(0, 4, buffer, 2)).toBe(2);
    expect(hex(buffer)).toBe('00 00');
    expect(await world.host.resetVf(0)).toBe(NDIS_STATUS.NDIS_STATUS_SUCCESS);
    expect(await get(4, 2)).toBe('00 00');
  });

  test('is told 0 where nothing was read, whatever the cause [config-space.bus-data]', async () => {
    const { pf, vf, guest, get, set } = await attached();
    expect(await vf.current.adapter.ndisMGetBusData(1, 0, new Uint8Array(4), 4)).toBe(0);
    expect(await get(256, 1)).toBe('');
    pf.intercept = ({ oid }) =>
      oid === OID.OID_SRIOV_READ_VF_CONFIG_SPACE || oid === OID.OID_SRIOV_WRITE_VF_CONFIG_SPACE
        ? NDIS_STATUS.NDIS_STATUS_FAILURE
        : undefined;
    expect(await get(8, 4)).toBe('');
    expect(await set(4, 4)).toBe(0);
    pf.intercept = () => undefined;
    guest.link.host.cut();
    expect(await get(8, 4)).toBe('');
  });

  test('may do so while it initializes', async () => {
    const seen: string[] = [];
    const world = await createWorld({ pf: new RecordingPf().factory });
    const vf = new RecordingVf({
      initialize: async ({ adapter }) => {
        const buffer = new Uint8Array(2);
        await adapter.ndisMGetBusData(PCI_WHICHSPACE_CONFIG, 0, buffer, 2);
        seen.push(hex(buffer));
        return NDIS_STATUS.NDIS_STATUS_SUCCESS;
      },
    });
    const guest = await world.attachGuest(vf.factory);
    expect(seen).toEqual(['B3 15']);
    expect(guest.phases.at(-1)).toBe('g1/0 running');
  });

  test('on Linux reaches the same configuration space', async () => {
    const world = await createWorld({ pf: new RecordingPf().factory });
    const vf = new RecordingVf();
    await world.attachGuest(vf.factory, { profile: 'linux' });
    const buffer = new Uint8Array(4);
    expect(await vf.current.adapter.ndisMGetBusData(0, 0, buffer, 4)).toBe(4);
    expect(hex(buffer)).toBe('B3 15 16 10');
  });
});

describe('a read of configuration space', () => {
  test('goes from the VF driver to the PF miniport and back, each hop by the one before [config-space.bus-data]', async () => {
    const { world, get } = await attached();
    world.events.length = 0;
    await get(8, 4);
    const hops: readonly HopName[] = [
      'ndisMGetBusData',
      'busInterfaceCall',
      'guestPacketSent',
      'guestPacketReceived',
      'oidRequest',
      'pfMiniportOidRequest',
      'pfVirtualFunctionCall',
      'pfMiniportOidRequestComplete',
      'oidRequestComplete',
      'hostCompletionSent',
      'hostCompletionReceived',
      'busInterfaceReturn',
      'ndisMGetBusDataReturn',
    ];
    expect(world.hops()).toEqual(hops);
    expect(world.eventsOf('ndisMGetBusDataReturn')).toMatchObject([
      { name: 'NdisMGetBusData', device: 'g1/0', generation: 1, length: 4 },
    ]);
    const seqOf = (hop: HopName) => world.eventsOf(hop)[0]?.seq;
    expect(world.eventsOf('busInterfaceCall')[0]?.cause).toBe(seqOf('ndisMGetBusData'));
    expect(world.eventsOf('guestPacketSent')[0]?.cause).toBe(seqOf('busInterfaceCall'));
    expect(world.eventsOf('busInterfaceReturn')[0]?.cause).toBe(seqOf('hostCompletionReceived'));
    expect(world.eventsOf('ndisMGetBusDataReturn')[0]?.cause).toBe(seqOf('busInterfaceReturn'));
  });
});

describe('the devices of two PFs', () => {
  test('share no requestor id, no memory and no register', async () => {
    const pfs = [new RecordingPf(), new RecordingPf()];
    const world = await createWorld({
      pf: new RecordingPf().factory,
      pfs: pfs.map(({ factory }, index) => ({ name: `pf${index}`, pfMiniport: factory })),
    });
    const vf = new RecordingVf();
    await world.attachGuest(vf.factory, { vfs: 2, pfs: ['pf0', 'pf1'] });
    const found = pfs.map(({ adapter }) => {
      const { segmentNumber } = adapter.ndisMGetVirtualFunctionLocation(0);
      return [segmentNumber, adapter.vfBarMemory(0, 0)?.start];
    });
    expect(found).toEqual([
      [1, 0x100_0000_0000n],
      [2, 0x200_0000_0000n],
    ]);
    const [first, second] = vf.instances;
    await first?.adapter.ndisMSetBusData(PCI_WHICHSPACE_CONFIG, 4, Uint8Array.of(4), 1);
    const buffer = new Uint8Array(1);
    await second?.adapter.ndisMGetBusData(PCI_WHICHSPACE_CONFIG, 4, buffer, 1);
    expect(hex(buffer)).toBe('00');
  });
});

describe('the reference pair', () => {
  test('tells the VF driver the ids of the PF driver', async () => {
    const log = recordingLog();
    const world = await createWorld({ pf: createReferencePf() });
    const readCounters = async () => undefined;
    await world.attachGuest(createReferenceVf({ readCounters }), { log: log.log });
    await world.settled();
    expect(log.messages).toContain('device identified');
  });
});
