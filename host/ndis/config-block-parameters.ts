import { hasObjectHeader, viewOf, writeObjectHeader } from '#shared/ndis/object-header.ts';
import type { BlockId } from '#shared/vpci/config-block.ts';

/**
 * NDIS_SIZEOF_SRIOV_READ_VF_CONFIG_BLOCK_PARAMETERS_REVISION_1, and that of the identical WRITE
 * structure. Layout: Header at 0 (4 bytes), VFId at 4 (2, then 2 of padding), BlockId at 8 (4),
 * Length at 12 (4), BufferOffset at 16 (4). Source: ntddndis.h.
 */
export const SIZEOF_CONFIG_BLOCK_PARAMETERS = 20;

/** NDIS_SRIOV_READ_VF_CONFIG_BLOCK_PARAMETERS, or NDIS_SRIOV_WRITE_VF_CONFIG_BLOCK_PARAMETERS. */
export interface ConfigBlockParameters {
  readonly vfId: number;
  readonly blockId: BlockId;
  /** Bytes of block data. */
  readonly length: number;
  /** Where the block data is, counted from the start of the structure. */
  readonly bufferOffset: number;
}

/** An information buffer with the parameters and, behind them, room for `length` bytes of data. */
export function newConfigBlockBuffer(vfId: number, blockId: BlockId, length: number): Uint8Array {
  const bytes = new Uint8Array(SIZEOF_CONFIG_BLOCK_PARAMETERS + length);
  const view = viewOf(bytes);
  writeObjectHeader(view, SIZEOF_CONFIG_BLOCK_PARAMETERS);
  view.setUint16(4, vfId, true);
  view.setUint32(8, blockId, true);
  view.setUint32(12, length, true);
  view.setUint32(16, SIZEOF_CONFIG_BLOCK_PARAMETERS, true);
  return bytes;
}

/** The parameters in an information buffer; undefined when it holds no such structure. */
export function parseConfigBlockParameters(bytes: Uint8Array): ConfigBlockParameters | undefined {
  if (!hasObjectHeader(bytes, SIZEOF_CONFIG_BLOCK_PARAMETERS)) return undefined;
  const view = viewOf(bytes);
  return {
    vfId: view.getUint16(4, true),
    blockId: view.getUint32(8, true),
    length: view.getUint32(12, true),
    bufferOffset: view.getUint32(16, true),
  };
}
