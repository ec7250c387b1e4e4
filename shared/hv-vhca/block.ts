/** Every block of hv_vhca is read and written whole: exactly this many bytes. */
export const HV_VHCA_BLOCK_SIZE = 128;

/** A block of zeros, and its view; fields are little-endian. */
export function newBlock(): { readonly bytes: Uint8Array; readonly view: DataView } {
  const bytes = new Uint8Array(HV_VHCA_BLOCK_SIZE);
  return { bytes, view: viewOf(bytes) };
}

/** A view of the bytes when they are as many as a block has; else undefined. */
export function openBlock(bytes: Uint8Array): DataView | undefined {
  return bytes.byteLength === HV_VHCA_BLOCK_SIZE ? viewOf(bytes) : undefined;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
