import { hasObjectHeader, viewOf, writeObjectHeader } from '#shared/ndis/object-header.ts';
import { type BlockMask, blockMask } from '#shared/vpci/config-block.ts';

/**
 * NDIS_SRIOV_VF_INVALIDATE_CONFIG_BLOCK_INFO: Header at 0 (4 bytes, then 4 of padding), BlockMask at
 * 8 (8). The structure's page names sizes that its header does not have; 16 is what the header says.
 * Source: ntddndis.h.
 */
export const SIZEOF_VF_INVALIDATE_CONFIG_BLOCK_INFO = 16;

/** The information buffer of OID_SRIOV_VF_INVALIDATE_CONFIG_BLOCK. */
export function newInvalidateInfo(mask: BlockMask): Uint8Array {
  const bytes = new Uint8Array(SIZEOF_VF_INVALIDATE_CONFIG_BLOCK_INFO);
  const view = viewOf(bytes);
  writeObjectHeader(view, SIZEOF_VF_INVALIDATE_CONFIG_BLOCK_INFO);
  view.setBigUint64(8, blockMask(mask), true);
  return bytes;
}

/** The BlockMask in the information buffer; undefined when it holds no such structure. */
export function parseInvalidateInfo(bytes: Uint8Array): BlockMask | undefined {
  if (!hasObjectHeader(bytes, SIZEOF_VF_INVALIDATE_CONFIG_BLOCK_INFO)) return undefined;
  return viewOf(bytes).getBigUint64(8, true);
}
