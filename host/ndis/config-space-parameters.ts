import {
  hasObjectHeader,
  objectHeader,
  readUlong,
  writeUlong,
} from '#shared/ndis/object-header.ts';

/**
 * NDIS_SIZEOF_SRIOV_READ_VF_CONFIG_SPACE_PARAMETERS_REVISION_1, and that of the identical WRITE
 * structure, whose page names the constants of the block structures instead. Layout: Header at 0 (4
 * bytes), VFId at 4 (2, then 2 of padding), Offset at 8 (4), Length at 12 (4), BufferOffset at 16 (4).
 * Source: ntddndis.h.
 */
export const SIZEOF_CONFIG_SPACE_PARAMETERS = 20;

/** NDIS_SRIOV_READ_VF_CONFIG_SPACE_PARAMETERS, or NDIS_SRIOV_WRITE_VF_CONFIG_SPACE_PARAMETERS. */
export interface ConfigSpaceParameters {
  readonly vfId: number;
  /** Where in configuration space, in bytes. */
  readonly offset: number;
  /** Bytes of configuration space. */
  readonly length: number;
  /** Where the data is, counted from the start of the structure. */
  readonly bufferOffset: number;
}

/** An information buffer with the parameters and, behind them, room for `length` bytes of data. */
export function newConfigSpaceBuffer(vfId: number, offset: number, length: number): Uint8Array {
  const bytes = new Uint8Array(SIZEOF_CONFIG_SPACE_PARAMETERS + length);
  writeUlong(bytes, 0, objectHeader(SIZEOF_CONFIG_SPACE_PARAMETERS));
  writeUlong(bytes, 4, vfId);
  writeUlong(bytes, 8, offset);
  writeUlong(bytes, 12, length);
  writeUlong(bytes, 16, SIZEOF_CONFIG_SPACE_PARAMETERS);
  return bytes;
}

/** The parameters in an information buffer; undefined when it holds no such structure. */
export function parseConfigSpaceParameters(bytes: Uint8Array): ConfigSpaceParameters | undefined {
  if (!hasObjectHeader(bytes, SIZEOF_CONFIG_SPACE_PARAMETERS)) return undefined;
  return {
    vfId: readUlong(bytes, 4) & 0xffff,
    offset: readUlong(bytes, 8),
    length: readUlong(bytes, 12),
    bufferOffset: readUlong(bytes, 16),
  };
}
