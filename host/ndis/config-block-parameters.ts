import {
  hasObjectHeader,
  objectHeader,
  readUlong,
  writeUlong,
} from '#shared/ndis/object-header.ts';
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
  writeUlong(bytes, 0, objectHeader(SIZEOF_CONFIG_BLOCK_PARAMETERS));
  writeUlong(bytes, 4, vfId);
  writeUlong(bytes, 8, blockId);
  writeUlong(bytes, 12, length);
  writeUlong(bytes, 16, SIZEOF_CONFIG_BLOCK_PARAMETERS);
  return bytes;
}

/** The parameters in an information buffer; undefined when it holds no such structure. */
export function parseConfigBlockParameters(bytes: Uint8Array): ConfigBlockParameters | undefined {
  if (!hasObjectHeader(bytes, SIZEOF_CONFIG_BLOCK_PARAMETERS)) return undefined;
  return {
    vfId: readUlong(bytes, 4) & 0xffff,
    blockId: readUlong(bytes, 8),
    length: readUlong(bytes, 12),
    bufferOffset: readUlong(bytes, 16),
  };
}
