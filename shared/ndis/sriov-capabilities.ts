import { hasObjectHeader, viewOf, writeObjectHeader } from './object-header.ts';

/** What a miniport says of itself in SriovCapabilities. Source: ntddndis.h. */
export const NDIS_SRIOV_CAPS = {
  NDIS_SRIOV_CAPS_SRIOV_SUPPORTED: 1,
  NDIS_SRIOV_CAPS_PF_MINIPORT: 2,
  NDIS_SRIOV_CAPS_VF_MINIPORT: 4,
} as const;

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
