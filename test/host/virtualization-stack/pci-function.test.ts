import { describe, expect, test } from 'vitest';
import { NDIS_STATUS } from '#shared/ndis/ndis-status.ts';
import { OID } from '#shared/ndis/oid.ts';
import { createWorld } from '#test/kit/world/world.ts';
import { RecordingPf } from '#test/support/recording-pf.ts';

const { NDIS_STATUS_SUCCESS, NDIS_STATUS_FAILURE, NDIS_STATUS_NOT_SUPPORTED } = NDIS_STATUS;

const UNKNOWN = [
  OID.OID_SRIOV_VF_VENDOR_DEVICE_ID,
  OID.OID_SRIOV_PROBED_BARS,
  OID.OID_SRIOV_READ_VF_CONFIG_SPACE,
  OID.OID_SRIOV_BAR_RESOURCES,
] as const;

/** A PF, and a guest of it that has entered D0. */
async function attached(intercept?: RecordingPf['intercept']) {
  const pf = new RecordingPf();
  if (intercept !== undefined) pf.intercept = intercept;
  const breaks = ['oid.bytes-in-the-buffer'];
  const world = await createWorld({ pf: pf.factory, breaks });
  const { guest } = await world.attachRawGuest();
  await guest.enterD0();
  const relations = guest.received.find(({ message }) => message.type === 'BUS_RELATIONS2');
  const devices = relations?.message['devices'];
  const requirements = await guest.ask('CURRENT_RESOURCE_REQUIREMENTS', { slot: 0 });
  const [device] = Array.isArray(devices) ? devices : [];
  return { pf, world, guest, device, requirements };
}

const NO_BARS = [0, 0, 0, 0, 0, 0];

describe('the function as which a VF appears', () => {
  test('has the ids, the header and the BARs that the PF answers [bring-up.bars-and-config-space] [config-space.header] [messages.current-resource-requirements] [config-space.ids]', async () => {
    const { device, requirements, world } = await attached();
    expect(device).toEqual({
      vendorId: 0x15b3,
      deviceId: 0x1016,
      revisionId: 1,
      progIf: 0,
      subClass: 0,
      baseClass: 2,
      subVendorId: 0xfffe,
      subSystemId: 1,
      slot: 0,
      serialNumber: 1,
      flags: 0,
      numaNode: 0,
    });
    const probedBars = [0xffff_c00c, 0xffff_ffff, 0xffff_f00c, 0xffff_ffff, 0, 0];
    expect(requirements).toEqual({ status: 0, probedBars });
    expect(world.host.vf(0)?.pciFunction?.memory[1]).toEqual({
      index: 2,
      start: 0x102_0000_0000n,
      length: 0x1000,
    });
  });

  test('is what another header says, of a PF that serves one of its own [config-space.header]', async () => {
    const { device } = await attached((request) => {
      if (request.oid !== OID.OID_SRIOV_READ_VF_CONFIG_SPACE) return undefined;
      const { informationBuffer } = request;
      informationBuffer.set([0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0, 7, 0x30, 0x80, 0x02], 20);
      informationBuffer.set([0xb3, 0x15, 0x01, 0x02], 20 + 44);
      request.bytesWritten = 84;
      return NDIS_STATUS_SUCCESS;
    });
    expect(device).toMatchObject({
      vendorId: 0x15b3,
      deviceId: 0x1016,
      revisionId: 7,
      progIf: 0x30,
      subClass: 0x80,
      baseClass: 2,
      subVendorId: 0x15b3,
      subSystemId: 0x0201,
    });
  });

  test.each([NDIS_STATUS_NOT_SUPPORTED, NDIS_STATUS_FAILURE])(
    'is an Ethernet controller without ids and BARs when the PF answers 0x%x to all that [config-space.unknown-to-the-pf]',
    async (status) => {
      const known: readonly number[] = UNKNOWN;
      const { device, requirements, world, pf } = await attached(({ oid }) =>
        known.includes(oid) ? status : undefined,
      );
      expect(device).toMatchObject({
        vendorId: 0xffff,
        deviceId: 0xffff,
        revisionId: 0,
        baseClass: 2,
        subClass: 0,
        subVendorId: 0,
      });
      expect(requirements).toEqual({ status: 0, probedBars: NO_BARS });
      expect(world.host.vfs).toMatchObject([{ state: 'running' }]);
      expect(pf.oids).not.toContain('OID_SRIOV_BAR_RESOURCES');
    },
  );

  test.each([
    ['says that it wrote nothing', 0],
    ['says that it wrote beyond its buffer', 85],
    ['answers half of the header', 52],
  ])('takes nothing from a header of which the PF %s', async (_what, bytesWritten) => {
    const { device } = await attached((request) => {
      if (request.oid !== OID.OID_SRIOV_READ_VF_CONFIG_SPACE) return undefined;
      request.informationBuffer.fill(0xee, 20);
      request.bytesWritten = bytesWritten;
      return NDIS_STATUS_SUCCESS;
    });
    expect(device).toMatchObject({ vendorId: 0x15b3, revisionId: 0, baseClass: 2, subVendorId: 0 });
  });

  test('has no BARs of a PF that leads outside its buffer to them', async () => {
    const { requirements } = await attached((request) => {
      if (request.oid !== OID.OID_SRIOV_PROBED_BARS) return undefined;
      request.informationBuffer.fill(0xff, 4);
      return NDIS_STATUS_SUCCESS;
    });
    expect(requirements).toEqual({ status: 0, probedBars: NO_BARS });
  });
});

describe('CURRENT_RESOURCE_REQUIREMENTS', () => {
  test('in another slot is STATUS_NO_SUCH_DEVICE', async () => {
    const { guest } = await attached();
    expect(await guest.ask('CURRENT_RESOURCE_REQUIREMENTS', { slot: 1 })).toEqual({
      status: 0xc000000e,
    });
  });

  test('may come before D0, as from Linux guests, but not before a version is agreed on', async () => {
    const world = await createWorld({ pf: new RecordingPf().factory });
    const { guest } = await world.attachRawGuest();
    await guest.agreeOnVersion();
    const asked = await guest.ask('CURRENT_RESOURCE_REQUIREMENTS', { slot: 0 });
    expect(asked).toMatchObject({ status: 0 });
    const { guest: early } = await world.attachRawGuest('early');
    expect(await early.ask('CURRENT_RESOURCE_REQUIREMENTS', { slot: 0 })).toBeUndefined();
    expect(early.closed).toMatchObject({ code: 1002 });
  });
});
