import { describe, expect, test } from 'vitest';
import type { PfMiniportFactory } from '#host/ndis/pf-miniport.ts';
import { NDIS_STATUS } from '#shared/ndis/ndis-status.ts';
import { OID } from '#shared/ndis/oid.ts';
import type { OidAnswer } from '#shared/ndis/oid-queue.ts';
import type { NdisOidRequest } from '#shared/ndis/oid-request.ts';
import { RecordingPf } from '#test/support/recording-pf.ts';
import { ContractError } from './contract.ts';
import { pfMiniportContract } from './pf-miniport-contract.ts';

const { NDIS_STATUS_SUCCESS, NDIS_STATUS_NOT_SUPPORTED } = NDIS_STATUS;

/** An ordinary PF miniport, but for what it does with some requests. */
function pfThat(
  answer: (request: NdisOidRequest, ordinary: () => OidAnswer) => OidAnswer,
): PfMiniportFactory {
  return (adapter) => {
    const miniport = new RecordingPf().factory(adapter);
    return {
      ...miniport,
      miniportOidRequest: (request) => answer(request, () => miniport.miniportOidRequest(request)),
    };
  };
}

/** The rules that a PF miniport breaks, in one text. */
async function brokenBy(factory: PfMiniportFactory): Promise<string> {
  try {
    await pfMiniportContract(factory);
    return '';
  } catch (error) {
    if (!(error instanceof ContractError)) throw error;
    return error.message;
  }
}

describe('the contract of the VPorts of a PF miniport', () => {
  test('is kept by a PF miniport that has them', async () => {
    expect(await brokenBy(pfThat((_request, ordinary) => ordinary()))).toBe('');
  });

  test.each<[string, PfMiniportFactory, readonly RegExp[]]>([
    [
      'has no VPorts',
      pfThat(({ oid }, ordinary) =>
        oid === OID.OID_NIC_SWITCH_CREATE_VPORT ? NDIS_STATUS_NOT_SUPPORTED : ordinary(),
      ),
      [/attached to a VF/, /freed only when/, /moves to the VPort/, /deleted once/],
    ],
    [
      'attaches a VPort to any VF',
      pfThat(({ oid }, ordinary) =>
        oid === OID.OID_NIC_SWITCH_CREATE_VPORT ? NDIS_STATUS_SUCCESS : ordinary(),
      ),
      [/attached to a VF/],
    ],
    [
      'frees a VF that has a VPort',
      pfThat(({ oid }, ordinary) =>
        oid === OID.OID_NIC_SWITCH_CREATE_VPORT || oid === OID.OID_NIC_SWITCH_DELETE_VPORT
          ? NDIS_STATUS_SUCCESS
          : ordinary(),
      ),
      [/freed only when/],
    ],
    [
      'moves no filter',
      pfThat(({ oid }, ordinary) =>
        oid === OID.OID_RECEIVE_FILTER_MOVE_FILTER ? NDIS_STATUS_NOT_SUPPORTED : ordinary(),
      ),
      [/moves to the VPort/],
    ],
    [
      'deletes what is not there',
      pfThat(({ oid }, ordinary) => {
        const status = ordinary();
        return oid === OID.OID_NIC_SWITCH_DELETE_VPORT ? NDIS_STATUS_SUCCESS : status;
      }),
      [/deleted once/],
    ],
  ])('is broken by one that %s', async (_what, factory, rules) => {
    const broken = await brokenBy(factory);
    for (const rule of rules) expect(broken).toMatch(rule);
  });
});
