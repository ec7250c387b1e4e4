import type { NdisHypervisorPartitionType } from './hypervisor-info.ts';
import { hasObjectHeader, viewOf, writeObjectHeader } from './object-header.ts';

/** What a miniport says of itself in SriovCapabilities. Source: ntddndis.h. */
export const NDIS_SRIOV_CAPS = {
  NDIS_SRIOV_CAPS_SRIOV_SUPPORTED: 1,
  NDIS_SRIOV_CAPS_PF_MINIPORT: 2,
  NDIS_SRIOV_CAPS_VF_MINIPORT: 4,
} as const;

const {
  NDIS_SRIOV_CAPS_SRIOV_SUPPORTED,
  NDIS_SRIOV_CAPS_PF_MINIPORT,
  NDIS_SRIOV_CAPS_VF_MINIPORT,
} = NDIS_SRIOV_CAPS;

/**
 * SriovCapabilities of the miniport in a partition: 3 of a PF's, 5 of a VF's. One page has a VF set
 * the flag of the PF, and another keeps NDIS_SRIOV_CAPS_SRIOV_SUPPORTED for the PF; two notes agree
 * on 5, and they are followed.
 *
 * Source: Microsoft Learn: Determining SR-IOV Capabilities, Initializing a VF Miniport Driver.
 */
export function capabilitiesOf(partitionType: NdisHypervisorPartitionType): number {
  const isParent = partitionType === 'NdisHypervisorPartitionTypeMsHvParent';
  return (
    NDIS_SRIOV_CAPS_SRIOV_SUPPORTED |
    (isParent ? NDIS_SRIOV_CAPS_PF_MINIPORT : NDIS_SRIOV_CAPS_VF_MINIPORT)
  );
}

/** The flags by name, as `NDIS_SRIOV_CAPS_SRIOV_SUPPORTED | NDIS_SRIOV_CAPS_PF_MINIPORT (3)`. */
export function sriovCapsNames(sriovCapabilities: number): string {
  const names = Object.entries(NDIS_SRIOV_CAPS)
    .filter(([, flag]) => (sriovCapabilities & flag) !== 0)
    .map(([name]) => name);
  return `${names.length === 0 ? 'none' : names.join(' | ')} (${sriovCapabilities})`;
}

/** NDIS_SRIOV_CAPABILITIES: Header at 0, Flags at 4, SriovCapabilities at 8. Source: ntddndis.h. */
export const SIZEOF_SRIOV_CAPABILITIES = 12;

export function newSriovCapabilities(sriovCapabilities: number): Uint8Array {
  const bytes = new Uint8Array(SIZEOF_SRIOV_CAPABILITIES);
  const view = viewOf(bytes);
  writeObjectHeader(view, SIZEOF_SRIOV_CAPABILITIES);
  view.setUint32(8, sriovCapabilities, true);
  return bytes;
}

/** SriovCapabilities of the structure; undefined when the buffer holds none. */
export function parseSriovCapabilities(bytes: Uint8Array): number | undefined {
  if (!hasObjectHeader(bytes, SIZEOF_SRIOV_CAPABILITIES)) return undefined;
  return viewOf(bytes).getUint32(8, true);
}
