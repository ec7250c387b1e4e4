import { NDIS_STATUS, type NdisStatus } from '#shared/ndis/ndis-status.ts';
import type { Oid } from '#shared/ndis/oid.ts';
import { registerSriov } from '#shared/ndis/register-sriov.ts';
import type { PfAdapter } from '../ndis/pf-miniport.ts';

/**
 * The keyword that enables SR-IOV, with 1, or disables it; 1 when it is missing.
 * Source: Microsoft Learn: Standardized INF Keywords for SR-IOV.
 */
const SRIOV_KEYWORD = '*SRIOV';

/** Whether the keyword leaves SR-IOV enabled. */
export function isSriovEnabled({ configuration }: Pick<PfAdapter, 'configuration'>): boolean {
  return configuration.get(SRIOV_KEYWORD) !== '0';
}

/**
 * Registers the adapter of a PF that serves these OIDs. Returns the status with which
 * MiniportInitializeEx goes on or fails.
 */
export function registerPf(adapter: PfAdapter, supportedOidList: readonly Oid[]): NdisStatus {
  const found = adapter.configuration.get(SRIOV_KEYWORD) ?? '1';
  if (found !== '0' && found !== '1') {
    const problem = { keyword: SRIOV_KEYWORD, found, expected: '0 or 1' };
    adapter.log.error(problem, 'keyword is not valid');
    return NDIS_STATUS.NDIS_STATUS_FAILURE;
  }
  return registerSriov(adapter, {
    partitionType: 'NdisHypervisorPartitionTypeMsHvParent',
    supportedOidList,
    isEnabled: isSriovEnabled(adapter),
  });
}
