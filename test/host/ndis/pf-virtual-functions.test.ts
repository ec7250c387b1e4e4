import { describe, expect, test } from 'vitest';
import { virtualFunctionsOf } from '#host/ndis/pf-virtual-functions.ts';
import { SriovDevice } from '#host/pci/sriov-device.ts';
import {
  allocateVf,
  createSwitch,
  deleteSwitch,
  issued,
} from '#host/virtualization-stack/vf-oids.ts';
import { NDIS_STATUS } from '#shared/ndis/ndis-status.ts';
import { hex } from '#test/support/hex.ts';
import { ORIGIN, PfNdisBench, VF } from '#test/support/pf-ndis-bench.ts';

const { NDIS_STATUS_SUCCESS, NDIS_STATUS_FAILURE, NDIS_STATUS_INVALID_PARAMETER } = NDIS_STATUS;

const NONE = new Uint8Array();

/** The functions of the PF of a device with two VFs. */
function enabled() {
  const device = new SriovDevice();
  device.enable(2);
  return { device, pf: virtualFunctionsOf(device) };
}

describe('NdisMEnableVirtualization', () => {
  test.each([
    ['disabling with a NumVFs of 1', 1, false, false, false, NDIS_STATUS_INVALID_PARAMETER],
    ['EnableVFMigration', 2, true, false, true, NDIS_STATUS_INVALID_PARAMETER],
    ['EnableMigrationInterrupt', 2, false, true, true, NDIS_STATUS_INVALID_PARAMETER],
    ['a NumVFs of 0', 0, false, false, true, NDIS_STATUS_FAILURE],
    ['a NumVFs of 65535', 0xffff, false, false, true, NDIS_STATUS_FAILURE],
  ])(
    'with %s fails and changes nothing [actors.enable-virtualization]',
    (_what, numVfs, migration, interrupt, enable, status) => {
      const device = new SriovDevice();
      const pf = virtualFunctionsOf(device);
      expect(pf.ndisMEnableVirtualization(numVfs, migration, interrupt, enable)).toBe(status);
      expect(device.numVfs).toBe(0);
      const { device: other, pf: otherPf } = enabled();
      otherPf.ndisMEnableVirtualization(numVfs, migration, interrupt, enable);
      expect(other.numVfs).toBe(2);
    },
  );

  test('fails when virtualization is enabled, until it was disabled [actors.enable-virtualization]', () => {
    const { device, pf } = enabled();
    expect(pf.ndisMEnableVirtualization(4, false, false, true)).toBe(NDIS_STATUS_FAILURE);
    expect(device.numVfs).toBe(2);
    expect(pf.ndisMEnableVirtualization(0, false, false, false)).toBe(NDIS_STATUS_SUCCESS);
    expect(device.numVfs).toBe(0);
    expect(pf.ndisMEnableVirtualization(4, false, false, true)).toBe(NDIS_STATUS_SUCCESS);
    expect(device.numVfs).toBe(4);
  });
});

describe('NdisMGetVirtualFunctionBusData and NdisMSetVirtualFunctionBusData', () => {
  test.each([
    ['a VF that is not there', 2, 0, 4],
    ['the PF', 0xffff, 0, 4],
    ['an offset at the end', 0, 256, 1],
    ['a length beyond the end', 0, 252, 8],
    ['a length beyond the buffer', 0, 0, 9],
    ['a length of 0', 0, 0, 0],
    ['a length of -1', 0, 0, -1],
    ['a length that is no number', 0, 0, Number.NaN],
    ['an offset that is no integer', 0, 0.5, 4],
  ])(
    'with %s return 0, and nothing is touched [actors.pf-functions-for-vfs]',
    (_what, vfId, offset, length) => {
      const { device, pf } = enabled();
      const buffer = new Uint8Array(8).fill(0xee);
      expect(pf.ndisMGetVirtualFunctionBusData(vfId, buffer, offset, length)).toBe(0);
      expect(pf.ndisMSetVirtualFunctionBusData(vfId, buffer, offset, length)).toBe(0);
      expect(hex(buffer)).toBe('EE EE EE EE EE EE EE EE');
      expect(hex(device.read(0, 4, 2) ?? NONE)).toBe('00 00');
    },
  );

  test('return 0 before virtualization is enabled', () => {
    const pf = virtualFunctionsOf(new SriovDevice());
    expect(pf.ndisMGetVirtualFunctionBusData(0, new Uint8Array(4), 0, 4)).toBe(0);
    expect(pf.ndisMSetVirtualFunctionBusData(0, new Uint8Array(4), 4, 4)).toBe(0);
  });

  test('return the number of bytes, of which only the first of the buffer are touched [actors.pf-functions-for-vfs]', () => {
    const { pf } = enabled();
    const buffer = new Uint8Array(4).fill(0xee);
    expect(pf.ndisMSetVirtualFunctionBusData(1, Uint8Array.of(0xff, 0xff, 0xff), 4, 2)).toBe(2);
    expect(pf.ndisMGetVirtualFunctionBusData(1, buffer, 4, 2)).toBe(2);
    expect(hex(buffer)).toBe('04 00 EE EE');
    expect(pf.ndisMGetVirtualFunctionBusData(0, buffer, 4, 4)).toBe(4);
    expect(hex(buffer)).toBe('00 00 00 00');
  });
});

describe('NdisMQueryProbedBars', () => {
  test('fails without room for six values, and fills in none', () => {
    const values = new Uint32Array(5);
    expect(enabled().pf.ndisMQueryProbedBars(values)).toBe(NDIS_STATUS_FAILURE);
    expect([...values]).toEqual([0, 0, 0, 0, 0]);
  });

  test('fills in what the BARs of a VF read once probed [actors.pf-functions-for-vfs] [actors.probed-bars-are-the-vfs]', () => {
    const values = new Uint32Array(6);
    expect(enabled().pf.ndisMQueryProbedBars(values)).toBe(NDIS_STATUS_SUCCESS);
    expect([...values]).toEqual([0xffff_c00c, 0xffff_ffff, 0xffff_f00c, 0xffff_ffff, 0, 0]);
  });
});

describe('a PF miniport', () => {
  test('creates no switch and has no VF where it cannot enable virtualization [actors.enable-virtualization]', async () => {
    const bench = new PfNdisBench();
    bench.device.enable(1);
    expect((await bench.issue(createSwitch(3))).status).toBe(NDIS_STATUS_FAILURE);
    expect((await bench.issue(allocateVf(VF, ORIGIN))).status).not.toBe(NDIS_STATUS_SUCCESS);
    bench.device.disable();
    expect((await bench.issue(createSwitch(3))).status).toBe(NDIS_STATUS_SUCCESS);
    expect((await bench.issue(allocateVf(VF, ORIGIN))).status).toBe(NDIS_STATUS_SUCCESS);
  });

  test('may enable its VFs in MiniportInitializeEx, before there is a switch [actors.enable-virtualization]', async () => {
    const { ndis, device } = new PfNdisBench(undefined, (miniport, adapter) => ({
      ...miniport,
      miniportInitializeEx: () => adapter.ndisMEnableVirtualization(4, false, false, true),
    }));
    expect(await ndis.initialize()).toBeUndefined();
    expect(device.numVfs).toBe(4);
  });

  test('has these functions of NDIS, and its calls of them are traced [actors.pf-functions-for-vfs] [actors.enable-virtualization]', async () => {
    const { ndis, pf, device, events } = new PfNdisBench();
    await issued(ndis, createSwitch(3));
    expect(device.numVfs).toBe(3);
    expect(pf.adapter.ndisMGetVirtualFunctionLocation(2)).toEqual({
      segmentNumber: 1,
      busNumber: 0,
      functionNumber: 3,
    });
    expect(pf.adapter.ndisMGetVirtualFunctionBusData(2, new Uint8Array(8), 16, 8)).toBe(8);
    await issued(ndis, deleteSwitch());
    expect(device.numVfs).toBe(0);
    const calls = events.filter(({ hop }) => hop === 'pfVirtualFunctionCall');
    expect(calls).toMatchObject([
      { name: 'NdisMEnableVirtualization', status: 0, note: 'NumVFs 3' },
      { name: 'NdisMGetVirtualFunctionLocation', vfId: 2 },
      { name: 'NdisMGetVirtualFunctionBusData', vfId: 2, length: 8, note: 'offset 0x10' },
      { name: 'NdisMEnableVirtualization', status: 0, note: 'NumVFs 0' },
    ]);
  });
});
