import { describe, expect, test } from 'vitest';
import type { VfAdapter, VfMiniport, VfMiniportFactory } from '#guest/ndis/vf-miniport.ts';
import { parseVfSerialNumberInfo } from '#guest/ndis/vf-serial-number-info.ts';
import hvVhcaVf from '#guest/vf-miniport/hv-vhca/index.ts';
import nullVf from '#guest/vf-miniport/null.ts';
import referenceVf from '#guest/vf-miniport/reference/index.ts';
import nullPf from '#host/pf-miniport/null.ts';
import referencePf from '#host/pf-miniport/reference/index.ts';
import {
  NDIS_OBJECT_TYPE_MINIPORT_ADAPTER_GENERAL_ATTRIBUTES,
  NDIS_OBJECT_TYPE_MINIPORT_ADAPTER_HARDWARE_ASSIST_ATTRIBUTES,
} from '#shared/ndis/miniport-attributes.ts';
import { NDIS_STATUS } from '#shared/ndis/ndis-status.ts';
import { OID } from '#shared/ndis/oid.ts';
import {
  methodRequest,
  type OidRequestParameters,
  queryRequest,
  setRequest,
} from '#shared/ndis/oid-request.ts';
import { newSriovCapabilities } from '#shared/ndis/sriov-capabilities.ts';
import { createWorld, type World } from '#test/kit/world/world.ts';
import type { AttachedGuest } from '#test/kit/world/world-guest.ts';
import { hex } from '#test/support/hex.ts';
import { RecordingPf } from '#test/support/recording-pf.ts';
import { RecordingVf } from '#test/support/recording-vf.ts';

const { NDIS_STATUS_SUCCESS, NDIS_STATUS_INVALID_LENGTH, NDIS_STATUS_NOT_SUPPORTED } = NDIS_STATUS;

const serialNumber = (size: number): OidRequestParameters =>
  queryRequest(OID.OID_SRIOV_VF_SERIAL_NUMBER, new Uint8Array(size));

/** A guest with one VF of this miniport, on a host of its own. */
async function attached(
  vf: VfMiniportFactory,
  pf = new RecordingPf().factory,
  breaks: readonly string[] = [],
): Promise<{ world: World; guest: AttachedGuest }> {
  const world = await createWorld({ pf, breaks });
  return { world, guest: await world.attachGuest(vf) };
}

/** A VF miniport that does this in MiniportInitializeEx, and the OIDs that it is handed. */
function vfThat(initialize: (adapter: VfAdapter) => number): {
  factory: VfMiniportFactory;
  oids: number[];
  halts: string[];
} {
  const oids: number[] = [];
  const halts: string[] = [];
  const miniport: VfMiniport = {
    miniportInitializeEx: initialize,
    miniportOidRequest: ({ oid }) => {
      oids.push(oid);
      return NDIS_STATUS_SUCCESS;
    },
    miniportHaltEx: (action) => void halts.push(action),
  };
  return { factory: () => miniport, oids, halts };
}

describe('OID_SRIOV_VF_SERIAL_NUMBER', () => {
  test('with 7 bytes: NDIS_STATUS_INVALID_LENGTH, and BytesNeeded 8 [oids.ndis-answers-length]', async () => {
    const { world, guest } = await attached(nullVf);
    expect(await guest.os.oidRequest(0, serialNumber(7))).toMatchObject({
      status: NDIS_STATUS_INVALID_LENGTH,
      request: { bytesNeeded: 8, bytesWritten: 0 },
    });
    await world.end();
  });

  test('is the serial number on the bus, which differs from VF to VF, and the VF miniport is not asked [oids.vf-serial-number] [layout.vf-serial-number-info]', async () => {
    const vf = vfThat(() => NDIS_STATUS_SUCCESS);
    const world = await createWorld({ pf: new RecordingPf().factory });
    const guest = await world.attachGuest(vf.factory, { vfs: 2 });
    for (const { vfId, generation } of world.host.vfs) {
      const answer = await guest.os.oidRequest(vfId, serialNumber(8));
      expect(answer).toMatchObject({ status: NDIS_STATUS_SUCCESS, request: { bytesWritten: 8 } });
      const bytes = answer?.request.informationBuffer ?? new Uint8Array(0);
      expect(hex(bytes)).toBe(`80 01 08 00 0${generation} 00 00 00`);
      expect(parseVfSerialNumberInfo(bytes)).toBe(generation);
      expect(parseVfSerialNumberInfo(bytes.subarray(0, 7))).toBeUndefined();
    }
    expect(vf.oids).toEqual([]);
    expect(world.eventsOf('guestNdisOidAnswer')).toMatchObject([
      { name: 'OID_SRIOV_VF_SERIAL_NUMBER', device: 'g1/0', note: 'NDIS_STATUS_SUCCESS' },
      { name: 'OID_SRIOV_VF_SERIAL_NUMBER', device: 'g1/1', note: 'NDIS_STATUS_SUCCESS' },
    ]);
    await world.end();
  });

  test('of a VF that is gone has nobody to answer it, nor has one that never was', async () => {
    const { world, guest } = await attached(nullVf);
    await world.end();
    expect(await guest.os.oidRequest(0, serialNumber(8))).toBeUndefined();
    expect(await guest.os.oidRequest(9, serialNumber(8))).toBeUndefined();
  });
});

describe('the door of an overlying driver in a guest', () => {
  test.each<[string, OidRequestParameters]>([
    [
      'a set of OID_SRIOV_VF_SERIAL_NUMBER',
      setRequest(OID.OID_SRIOV_VF_SERIAL_NUMBER, new Uint8Array(8)),
    ],
    ['OID_SRIOV_PF_LUID', queryRequest(OID.OID_SRIOV_PF_LUID, new Uint8Array(12))],
    ['OID_NIC_SWITCH_ENUM_VFS', methodRequest(OID.OID_NIC_SWITCH_ENUM_VFS, new Uint8Array(24))],
  ])(
    '%s: NDIS_STATUS_NOT_SUPPORTED, and the VF miniport is not asked [oids.ndis-answers-request-type]',
    async (_what, parameters) => {
      const vf = vfThat(() => NDIS_STATUS_SUCCESS);
      const { world, guest } = await attached(vf.factory);
      const answer = await guest.os.oidRequest(0, parameters);
      expect(answer?.status).toBe(NDIS_STATUS_NOT_SUPPORTED);
      expect(vf.oids).toEqual([]);
      await world.end();
    },
  );

  test('leads to the VF miniport with what NDIS does not answer', async () => {
    const vf = vfThat(() => NDIS_STATUS_SUCCESS);
    const { world, guest } = await attached(vf.factory);
    const answer = await guest.os.oidRequest(0, setRequest(0x0001_0261, new Uint8Array(12)));
    expect(answer?.status).toBe(NDIS_STATUS_SUCCESS);
    expect(vf.oids).toEqual([0x0001_0261]);
    await world.end();
  });
});

describe.each([
  ['reference', referenceVf, referencePf],
  ['hv-vhca', hvVhcaVf, nullPf],
  ['null', nullVf, nullPf],
] as const)('the %s VF', (_name, vf, pf) => {
  test('registers itself as a VF, with the one OID that it serves [bring-up.vf-registers] [oids.hardware-capabilities] [oids.current-capabilities]', async () => {
    const { world, guest } = await attached(vf, pf);
    expect(guest.phases.at(-1)).toBe('g1/0 running');
    for (const oid of [OID.OID_SRIOV_HARDWARE_CAPABILITIES, OID.OID_SRIOV_CURRENT_CAPABILITIES]) {
      const answer = await guest.os.oidRequest(0, queryRequest(oid, new Uint8Array(12)));
      expect(answer?.status).toBe(NDIS_STATUS_SUCCESS);
      expect(hex(answer?.request.informationBuffer ?? new Uint8Array(0))).toBe(
        '80 01 0C 00 00 00 00 00 05 00 00 00',
      );
    }
    const unlisted = setRequest(0x0001_0261, new Uint8Array(12));
    expect((await guest.os.oidRequest(0, unlisted))?.status).toBe(NDIS_STATUS_NOT_SUPPORTED);
    await world.end();
  });
});

describe('what a VF miniport registers', () => {
  test('as a PF in its guest is refused by name, and the VF does not start [bring-up.refused-attributes] [contradiction.vf-capabilities]', async () => {
    const pf = newSriovCapabilities(3);
    const vf = vfThat((adapter) => {
      adapter.ndisMSetMiniportAttributes({
        type: NDIS_OBJECT_TYPE_MINIPORT_ADAPTER_HARDWARE_ASSIST_ATTRIBUTES,
        hardwareSriovCapabilities: pf,
        currentSriovCapabilities: pf,
      });
      return NDIS_STATUS_SUCCESS;
    });
    const breaks = ['attributes.accepted'];
    const { world, guest } = await attached(vf.factory, new RecordingPf().factory, breaks);
    expect(guest.ends).toEqual([
      {
        how: 'failed',
        reason: expect.stringMatching(
          /NDIS_SRIOV_CAPS_PF_MINIPORT \(3\); in \w+MsHvChild it must be .* \(initializeFailed\)/,
        ),
      },
    ]);
    expect(vf.halts).toEqual(['NdisHaltDeviceInitializationFailed']);
    expect(world.eventsOf('vfContractViolated')).toMatchObject([
      { name: 'NdisMSetMiniportAttributes', device: 'g1/0' },
    ]);
    await world.end();
  });

  test('without OID_SRIOV_VF_INVALIDATE_CONFIG_BLOCK keeps NDIS from issuing it, and the IOCTL pended [oids.supported-oid-list]', async () => {
    const vf = vfThat((adapter) =>
      adapter.ndisMSetMiniportAttributes({
        type: NDIS_OBJECT_TYPE_MINIPORT_ADAPTER_GENERAL_ATTRIBUTES,
        supportedOidList: [],
      }),
    );
    const { world } = await attached(vf.factory);
    for (const mask of [1n, 2n]) {
      world.host.invalidate(0, mask);
      await world.settled();
    }
    expect(vf.oids).toEqual([]);
    const pended = world.eventsOf('ioCallDriver').map(({ name }) => name);
    expect(pended).toEqual(new Array(3).fill('IOCTL_VPCI_INVALIDATE_BLOCK'));
    await world.end();
  });

  test('nothing at all, and it is driven all the same [bring-up.registers-nothing]', async () => {
    const vf = vfThat(() => NDIS_STATUS_SUCCESS);
    const { world } = await attached(vf.factory);
    world.host.invalidate(0, 1n);
    await world.settled();
    expect(vf.oids).toEqual([OID.OID_SRIOV_VF_INVALIDATE_CONFIG_BLOCK]);
    await world.end();
  });

  test('finds itself in the child partition, as the PF does in the parent [bring-up.vf-registers] [bring-up.pf-registers]', async () => {
    const pf = new RecordingPf();
    const vf = new RecordingVf();
    const { world } = await attached(vf.factory, pf.factory);
    expect(vf.current.adapter.ndisGetHypervisorInfo()).toEqual({
      flags: 1,
      partitionType: 'NdisHypervisorPartitionMsHvChild',
    });
    expect(pf.adapter.ndisGetHypervisorInfo()).toEqual({
      flags: 1,
      partitionType: 'NdisHypervisorPartitionTypeMsHvParent',
    });
    await world.end();
  });
});
