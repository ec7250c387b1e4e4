import { describe, expect, test } from 'vitest';
import { parseNicSwitchParameters } from '#host/ndis/nic-switch-parameters.ts';
import { parseVfParameters } from '#host/ndis/vf-parameters.ts';
import { HOST_SETTINGS } from '#host/settings.ts';
import { NDIS_STATUS } from '#shared/ndis/ndis-status.ts';
import { OID } from '#shared/ndis/oid.ts';
import { turn } from '#test/kit/world/turn.ts';
import { createWorld } from '#test/kit/world/world.ts';
import { RecordingPf } from '#test/support/recording-pf.ts';
import { RecordingVf } from '#test/support/recording-vf.ts';
import { BRING_UP, TEARDOWN } from '#test/support/vf-oids-in-order.ts';

const { NDIS_STATUS_SUCCESS } = NDIS_STATUS;

describe('the switch', () => {
  test('is the first that the PF is asked for, with SwitchId 0 and NumVFs [bring-up.create-switch]', async () => {
    const pf = new RecordingPf();
    const world = await createWorld({ pf: pf.factory, numVfs: 5 });
    await world.attachRawGuest();
    const [first, ...others] = pf.asked;
    expect(first?.oid).toBe(OID.OID_NIC_SWITCH_CREATE_SWITCH);
    expect(parseNicSwitchParameters(first?.informationBuffer ?? new Uint8Array())).toMatchObject({
      switchId: 0,
      numVfs: 5,
    });
    expect(others.map(({ oid }) => oid)).not.toContain(OID.OID_NIC_SWITCH_CREATE_SWITCH);
  });
});

describe('the allocation of a VF', () => {
  test('asks the PF for no particular VF, for the guest that named itself [bring-up.allocate-vf] [bring-up.guest-names-itself] [contradiction.vm-associated-at-allocation]', async () => {
    const asked: unknown[] = [];
    const pf = new RecordingPf();
    pf.intercept = ({ oid, informationBuffer }) => {
      if (oid === OID.OID_NIC_SWITCH_ALLOCATE_VF) asked.push(parseVfParameters(informationBuffer));
      return undefined;
    };
    await (await createWorld({ pf: pf.factory })).attachRawGuest('web-1');
    expect(asked).toEqual([
      {
        switchId: 0,
        vfId: 0xffff,
        requestorId: 0xffff_ffff,
        vmName: 'web-1',
        vmFriendlyName: 'web-1',
        nicName: 'web-1--0',
        permanentMacAddress: Uint8Array.of(0x02, 0x15, 0x5d, 0, 0, 1),
        currentMacAddress: Uint8Array.of(0x02, 0x15, 0x5d, 0, 0, 1),
      },
    ]);
  });

  test('comes before the VF works, and its blocks may be asked of the PF from there on [bring-up.vf-works-from-allocation]', async () => {
    const pf = new RecordingPf();
    const world = await createWorld({ pf: pf.factory });
    const vf = new RecordingVf();
    pf.leavePending(OID.OID_NIC_SWITCH_ALLOCATE_VF);
    const guest = await world.attachGuest(vf.factory);
    expect(guest.link.host.frames).toEqual([]);
    expect(await world.host.readBlock(0, 5, 1)).toBeUndefined();
    pf.leavePending(OID.OID_SRIOV_VF_VENDOR_DEVICE_ID);
    pf.finish(pf.last(OID.OID_NIC_SWITCH_ALLOCATE_VF));
    await turn();
    const ids = pf.last(OID.OID_SRIOV_VF_VENDOR_DEVICE_ID);
    const read = world.host.readBlock(0, 5, 1);
    pf.finish(ids);
    expect(await read).toEqual({ status: NDIS_STATUS_SUCCESS, data: Uint8Array.of(5) });
    await turn();
    expect(guest.phases.at(-1)).toBe('g1/0 running');
  });

  test('is all that is said of its parameters in its life [bring-up.parameters-are-final]', async () => {
    const pf = new RecordingPf();
    const world = await createWorld({ pf: pf.factory });
    const vf = new RecordingVf();
    const guest = await world.attachGuest(vf.factory);
    await vf.current.read(5, 1);
    await vf.current.write(5, Uint8Array.of(1));
    await world.host.resetVf(0);
    await guest.os.stop();
    await world.host.stop();
    expect(pf.oids).toEqual([
      'OID_NIC_SWITCH_CREATE_SWITCH',
      ...BRING_UP,
      'OID_SRIOV_SET_VF_POWER_STATE',
      'OID_SRIOV_READ_VF_CONFIG_BLOCK',
      'OID_SRIOV_WRITE_VF_CONFIG_BLOCK',
      'OID_SRIOV_RESET_VF',
      'OID_SRIOV_SET_VF_POWER_STATE',
      ...TEARDOWN,
      'OID_NIC_SWITCH_DELETE_SWITCH',
    ]);
  });
});

describe('the time that a guest has to answer EJECT', () => {
  test('is 60 seconds unless the setting says otherwise [teardown.eject-timeout]', () => {
    expect(HOST_SETTINGS.ejectTimeout.fallback).toBe(60);
  });
});
