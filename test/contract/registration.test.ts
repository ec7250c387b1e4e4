import { describe, expect, test } from 'vitest';
import type { VfAdapter, VfMiniportFactory } from '#guest/ndis/vf-miniport.ts';
import { configBlockVf } from '#guest/vf-miniport/config-block-vf.ts';
import type { PfAdapter, PfMiniportFactory } from '#host/ndis/pf-miniport.ts';
import {
  NDIS_OBJECT_TYPE_MINIPORT_ADAPTER_GENERAL_ATTRIBUTES,
  NDIS_OBJECT_TYPE_MINIPORT_ADAPTER_HARDWARE_ASSIST_ATTRIBUTES,
} from '#shared/ndis/miniport-attributes.ts';
import { NDIS_STATUS } from '#shared/ndis/ndis-status.ts';
import { OID, type Oid } from '#shared/ndis/oid.ts';
import { newSriovCapabilities } from '#shared/ndis/sriov-capabilities.ts';
import { RecordingPf } from '#test/support/recording-pf.ts';
import { ContractError, pfMiniportContract, vfMiniportContract } from '#test/testing.ts';

type Adapter = Pick<PfAdapter & VfAdapter, 'ndisMSetMiniportAttributes' | 'configuration'>;

/** The rules that a contract says are broken, with how. */
async function brokenRules(contract: Promise<unknown>): Promise<Record<string, string>> {
  try {
    await contract;
    return {};
  } catch (error) {
    if (!(error instanceof ContractError)) throw error;
    return Object.fromEntries(error.report.broken.map(({ rule, why }) => [rule, why]));
  }
}

const EVERY_OID: readonly Oid[] = Object.values(OID);

function list(adapter: Adapter, supportedOidList = EVERY_OID): number {
  const type = NDIS_OBJECT_TYPE_MINIPORT_ADAPTER_GENERAL_ATTRIBUTES;
  return adapter.ndisMSetMiniportAttributes({ type, supportedOidList });
}

function sriov(adapter: Adapter, capabilities: number, isEnabled = true): number {
  const hardwareSriovCapabilities = newSriovCapabilities(capabilities);
  return adapter.ndisMSetMiniportAttributes({
    type: NDIS_OBJECT_TYPE_MINIPORT_ADAPTER_HARDWARE_ASSIST_ATTRIBUTES,
    hardwareSriovCapabilities,
    currentSriovCapabilities: isEnabled ? hardwareSriovCapabilities : null,
  });
}

const isEnabled = ({ configuration }: Adapter): boolean => configuration.get('*SRIOV') !== '0';

/** A PF miniport that does this in MiniportInitializeEx. */
function pfThat(initialize: (adapter: PfAdapter) => number): PfMiniportFactory {
  return (adapter) => ({
    ...new RecordingPf().factory(adapter),
    miniportInitializeEx: initialize,
  });
}

/** A VF miniport that does this in MiniportInitializeEx. */
function vfThat(initialize: (adapter: VfAdapter) => number): VfMiniportFactory {
  return () => ({
    ...configBlockVf({ invalidated: () => {} }),
    miniportInitializeEx: initialize,
  });
}

describe('the contract of a PF miniport, of its registration', () => {
  test.each<[string, PfMiniportFactory, RegExp, RegExp]>([
    [
      'a VF',
      pfThat((adapter) => list(adapter) || sriov(adapter, 5) & 0),
      /^what it registers is taken/,
      /NDIS_SRIOV_CAPS_VF_MINIPORT \(5\)/,
    ],
    [
      'no SR-IOV',
      pfThat(list),
      /^what it registers is taken/,
      /registered no HardwareSriovCapabilities/,
    ],
    [
      'a list without the OIDs of blocks',
      pfThat(
        (adapter) =>
          list(
            adapter,
            EVERY_OID.filter((oid) => oid !== OID.OID_SRIOV_READ_VF_CONFIG_BLOCK),
          ) || sriov(adapter, 3, isEnabled(adapter)),
      ),
      /^its SupportedOidList has every OID/,
      /^OID_SRIOV_READ_VF_CONFIG_BLOCK missing$/,
    ],
    [
      'itself in a guest, whatever NDIS answers',
      pfThat((adapter) => {
        list(adapter);
        sriov(adapter, 3, isEnabled(adapter));
        return NDIS_STATUS.NDIS_STATUS_SUCCESS;
      }),
      /^in the other partition it does not start/,
      /succeeded in NdisHypervisorPartitionMsHvChild/,
    ],
    [
      'SR-IOV as enabled though *SRIOV is 0',
      pfThat((adapter) => list(adapter) || sriov(adapter, 3)),
      /^with the keyword \*SRIOV of 0/,
      /CurrentSriovCapabilities is not NULL/,
    ],
    [
      'nothing of its hardware when *SRIOV is 0',
      pfThat((adapter) => list(adapter) || (isEnabled(adapter) ? sriov(adapter, 3) : 0)),
      /^with the keyword \*SRIOV of 0/,
      /HardwareSriovCapabilities is NULL/,
    ],
    [
      'its SR-IOV before its OIDs',
      pfThat((adapter) => sriov(adapter, 3, isEnabled(adapter)) || list(adapter)),
      /rules of what it calls/,
      /other attributes before the general ones/,
    ],
    [
      'itself outside of MiniportInitializeEx',
      (adapter) => {
        list(adapter);
        return new RecordingPf().factory(adapter);
      },
      /rules of what it calls/,
      /it is for MiniportInitializeEx alone/,
    ],
  ])('is broken by one that registers %s', async (_what, factory, rule, why) => {
    const broken = Object.entries(await brokenRules(pfMiniportContract(factory)));
    expect(broken).toContainEqual([expect.stringMatching(rule), expect.stringMatching(why)]);
  });

  test('is kept by one that registers nothing [bring-up.registers-nothing]', async () => {
    const factory = pfThat(() => NDIS_STATUS.NDIS_STATUS_SUCCESS);
    expect(await brokenRules(pfMiniportContract(factory))).toEqual({});
  });
});

describe('the contract of a VF miniport, of its registration', () => {
  test.each<[string, VfMiniportFactory, RegExp, RegExp]>([
    [
      'a PF',
      vfThat((adapter) => list(adapter) || sriov(adapter, 3) & 0),
      /^what it registers is taken/,
      /NDIS_SRIOV_CAPS_PF_MINIPORT \(3\)/,
    ],
    [
      'no OID',
      vfThat((adapter) => list(adapter, []) || sriov(adapter, 5)),
      /^its SupportedOidList has every OID/,
      /^OID_SRIOV_VF_INVALIDATE_CONFIG_BLOCK missing$/,
    ],
    [
      'itself in the host, whatever NDIS answers',
      vfThat((adapter) => list(adapter) || sriov(adapter, 5) & 0),
      /^in the other partition it does not start/,
      /succeeded in NdisHypervisorPartitionTypeMsHvParent/,
    ],
  ])('is broken by one that registers %s', async (_what, factory, rule, why) => {
    const broken = Object.entries(await brokenRules(vfMiniportContract(factory)));
    expect(broken).toContainEqual([expect.stringMatching(rule), expect.stringMatching(why)]);
  });

  test('is kept by one that registers nothing [bring-up.registers-nothing]', async () => {
    const factory = vfThat(() => NDIS_STATUS.NDIS_STATUS_SUCCESS);
    expect(await brokenRules(vfMiniportContract(factory))).toEqual({});
  });
});
