import { describe, expect, test } from 'vitest';
import type { NdisHypervisorPartitionType } from '#shared/ndis/hypervisor-info.ts';
import {
  NDIS_OBJECT_TYPE_MINIPORT_ADAPTER_GENERAL_ATTRIBUTES,
  NDIS_OBJECT_TYPE_MINIPORT_ADAPTER_HARDWARE_ASSIST_ATTRIBUTES,
  type NdisMiniportAdapterAttributes,
} from '#shared/ndis/miniport-attributes.ts';
import { MiniportRegistration } from '#shared/ndis/miniport-registration.ts';
import { NDIS_STATUS, type NdisStatus } from '#shared/ndis/ndis-status.ts';
import { OID } from '#shared/ndis/oid.ts';
import { newSriovCapabilities } from '#shared/ndis/sriov-capabilities.ts';

const {
  NDIS_STATUS_SUCCESS,
  NDIS_STATUS_FAILURE,
  NDIS_STATUS_INVALID_PARAMETER,
  NDIS_STATUS_BAD_VERSION,
} = NDIS_STATUS;

const PARENT = 'NdisHypervisorPartitionTypeMsHvParent';
const CHILD = 'NdisHypervisorPartitionMsHvChild';
const BOTH = newSriovCapabilities(7);
const PF = newSriovCapabilities(3);
const VF = newSriovCapabilities(5);

function general(supportedOidList: readonly number[]): NdisMiniportAdapterAttributes {
  return { type: NDIS_OBJECT_TYPE_MINIPORT_ADAPTER_GENERAL_ATTRIBUTES, supportedOidList };
}

function hardwareAssist(
  hardwareSriovCapabilities: Uint8Array | null,
  currentSriovCapabilities: Uint8Array | null,
): NdisMiniportAdapterAttributes {
  return {
    type: NDIS_OBJECT_TYPE_MINIPORT_ADAPTER_HARDWARE_ASSIST_ATTRIBUTES,
    hardwareSriovCapabilities,
    currentSriovCapabilities,
  };
}

/** What comes of registering these attributes in MiniportInitializeEx. */
async function registered(
  partitionType: NdisHypervisorPartitionType,
  ...attributes: readonly NdisMiniportAdapterAttributes[]
): Promise<{ registration: MiniportRegistration; statuses: NdisStatus[]; reports: string[] }> {
  const reports: string[] = [];
  const registration = new MiniportRegistration(partitionType, (why) => reports.push(why));
  const { ndisMSetMiniportAttributes } = registration.services;
  const statuses = await registration.during(async () =>
    attributes.map(ndisMSetMiniportAttributes),
  );
  return { registration, statuses, reports };
}

describe('NdisMSetMiniportAttributes refuses', () => {
  test.each<
    [string, NdisHypervisorPartitionType, NdisMiniportAdapterAttributes, NdisStatus, string]
  >([
    [
      'PF and VF together',
      PARENT,
      hardwareAssist(BOTH, BOTH),
      NDIS_STATUS_INVALID_PARAMETER,
      'NDIS_SRIOV_CAPS_PF_MINIPORT | NDIS_SRIOV_CAPS_VF_MINIPORT (7)',
    ],
    [
      'PF and VF together in a guest',
      CHILD,
      hardwareAssist(BOTH, BOTH),
      NDIS_STATUS_INVALID_PARAMETER,
      '(7)',
    ],
    [
      'a VF in the parent partition',
      PARENT,
      hardwareAssist(VF, VF),
      NDIS_STATUS_INVALID_PARAMETER,
      '(5); in NdisHypervisorPartitionTypeMsHvParent it must be NDIS_SRIOV_CAPS_SRIOV_SUPPORTED | NDIS_SRIOV_CAPS_PF_MINIPORT (3)',
    ],
    [
      'a PF in a child partition',
      CHILD,
      hardwareAssist(PF, PF),
      NDIS_STATUS_INVALID_PARAMETER,
      '(3); in NdisHypervisorPartitionMsHvChild it must be',
    ],
    [
      'a PF without SR-IOV',
      PARENT,
      hardwareAssist(newSriovCapabilities(2), null),
      NDIS_STATUS_INVALID_PARAMETER,
      'HardwareSriovCapabilities is NDIS_SRIOV_CAPS_PF_MINIPORT (2)',
    ],
    [
      'current capabilities that are not those of the hardware',
      PARENT,
      hardwareAssist(PF, VF),
      NDIS_STATUS_INVALID_PARAMETER,
      'CurrentSriovCapabilities is',
    ],
    [
      'current capabilities of hardware that has none',
      PARENT,
      hardwareAssist(null, PF),
      NDIS_STATUS_INVALID_PARAMETER,
      'HardwareSriovCapabilities is NULL',
    ],
    [
      'a structure that is too short',
      PARENT,
      hardwareAssist(PF.subarray(1), PF),
      NDIS_STATUS_BAD_VERSION,
      'HardwareSriovCapabilities is no NDIS_SRIOV_CAPABILITIES',
    ],
    [
      'what is no structure',
      PARENT,
      JSON.parse('{"type":175,"hardwareSriovCapabilities":3}'),
      NDIS_STATUS_BAD_VERSION,
      'HardwareSriovCapabilities is no NDIS_SRIOV_CAPABILITIES',
    ],
    [
      'a list that is none',
      PARENT,
      JSON.parse('{"type":159,"supportedOidList":"all"}'),
      NDIS_STATUS_INVALID_PARAMETER,
      'SupportedOidList is no list of OIDs',
    ],
    [
      'a list of names',
      PARENT,
      JSON.parse('{"type":159,"supportedOidList":["OID_SRIOV_RESET_VF"]}'),
      NDIS_STATUS_INVALID_PARAMETER,
      'SupportedOidList is no list of OIDs',
    ],
  ])(
    '%s, by name, and the adapter must not start [contradiction.vf-capabilities] [bring-up.refused-attributes]',
    async (_what, partitionType, attributes, status, why) => {
      const { registration, statuses, reports } = await registered(partitionType, attributes);
      expect(statuses).toEqual([status]);
      expect(reports).toEqual([expect.stringContaining(why)]);
      expect(registration.refusal).toBe(reports[0]);
      expect(registration.hardwareSriovCapabilities).toBeUndefined();
      expect(registration.currentSriovCapabilities).toBeUndefined();
    },
  );

  test.each(['before', 'after'] as const)(
    'a call %s MiniportInitializeEx, which changes nothing [bring-up.attributes-in-initialize]',
    async (when) => {
      const reports: string[] = [];
      const registration = new MiniportRegistration(PARENT, (why) => reports.push(why));
      if (when === 'after') await registration.during(() => Promise.resolve());
      const { ndisMSetMiniportAttributes } = registration.services;
      expect(ndisMSetMiniportAttributes(hardwareAssist(PF, PF))).toBe(NDIS_STATUS_FAILURE);
      expect(ndisMSetMiniportAttributes(general([]))).toBe(NDIS_STATUS_FAILURE);
      expect(reports[0]).toContain('it is for MiniportInitializeEx alone');
      expect(registration.refusal).toBeUndefined();
      expect(registration.sriovDisabled).toBeUndefined();
      expect(registration.supports(OID.OID_SRIOV_RESET_VF)).toBe(true);
    },
  );

  test('everything after a MiniportInitializeEx that throws', async () => {
    const registration = new MiniportRegistration(PARENT, () => {});
    await registration.during(() => Promise.reject(new Error('broken'))).catch(() => {});
    const { ndisMSetMiniportAttributes } = registration.services;
    expect(ndisMSetMiniportAttributes(hardwareAssist(PF, PF))).toBe(NDIS_STATUS_FAILURE);
  });
});

describe('a registration', () => {
  test('of a PF with SR-IOV enabled', async () => {
    const attributes = [general([OID.OID_SRIOV_RESET_VF]), hardwareAssist(PF, PF)];
    const { registration, statuses, reports } = await registered(PARENT, ...attributes);
    expect(statuses).toEqual([NDIS_STATUS_SUCCESS, NDIS_STATUS_SUCCESS]);
    expect(reports).toEqual([]);
    expect(registration.refusal).toBeUndefined();
    expect(registration.sriovDisabled).toBeUndefined();
    expect(registration.hardwareSriovCapabilities).toEqual(PF);
    expect(registration.currentSriovCapabilities).toEqual(PF);
    expect(registration.supports(OID.OID_SRIOV_RESET_VF)).toBe(true);
    expect(registration.supports(OID.OID_NIC_SWITCH_FREE_VF)).toBe(false);
  });

  test('of hardware whose SR-IOV is disabled [contradiction.current-capabilities-null]', async () => {
    const { registration, statuses } = await registered(PARENT, hardwareAssist(PF, null));
    expect(statuses).toEqual([NDIS_STATUS_SUCCESS]);
    expect(registration.hardwareSriovCapabilities).toEqual(PF);
    expect(registration.sriovDisabled).toContain('NULL as CurrentSriovCapabilities');
  });

  test('of an adapter without SR-IOV', async () => {
    const { registration } = await registered(PARENT, general([]), hardwareAssist(null, null));
    expect(registration.sriovDisabled).toContain('no HardwareSriovCapabilities');
  });

  test('of general attributes alone is that of an adapter without SR-IOV', async () => {
    const { registration } = await registered(PARENT, general([]));
    expect(registration.sriovDisabled).toContain('no HardwareSriovCapabilities');
  });

  test('that never was leaves SR-IOV enabled and every OID to the miniport [bring-up.registers-nothing]', async () => {
    const { registration } = await registered(PARENT);
    expect(registration.sriovDisabled).toBeUndefined();
    expect(registration.supports(OID.OID_SRIOV_RESET_VF)).toBe(true);
    expect(registration.currentSriovCapabilities).toBeUndefined();
  });

  test('is not changed by what the miniport does to its structures afterwards', async () => {
    const mine = newSriovCapabilities(3);
    const list = [OID.OID_SRIOV_RESET_VF as number];
    const { registration } = await registered(PARENT, general(list), hardwareAssist(mine, mine));
    mine.fill(0xff);
    list.push(OID.OID_NIC_SWITCH_FREE_VF);
    expect(registration.currentSriovCapabilities).toEqual(PF);
    expect(registration.supports(OID.OID_NIC_SWITCH_FREE_VF)).toBe(false);
  });

  test('of a longer structure keeps what this revision has of it', async () => {
    const longer = new Uint8Array(20);
    longer.set(PF);
    longer[2] = 20;
    const { registration } = await registered(PARENT, hardwareAssist(longer, longer));
    expect(registration.hardwareSriovCapabilities).toEqual(PF);
    expect(registration.currentSriovCapabilities).toEqual(PF);
  });

  test('takes attributes of types that mean nothing here', async () => {
    const { registration, statuses } = await registered(PARENT, JSON.parse('{"type":158}'));
    expect(statuses).toEqual([NDIS_STATUS_SUCCESS]);
    expect(registration.refusal).toBeUndefined();
  });
});

describe('NdisGetHypervisorInfo', () => {
  test.each([PARENT, CHILD] as const)(
    'in %s says so, and that a hypervisor is present',
    (partitionType) => {
      const { services } = new MiniportRegistration(partitionType, () => {});
      expect(services.ndisGetHypervisorInfo()).toEqual({ flags: 1, partitionType });
    },
  );
});
