/** NDIS_OBJECT_HEADER: Type at 0 (1 byte), Revision at 1 (1), Size at 2 (2). Source: ntddndis.h. */
export const NDIS_OBJECT_TYPE_DEFAULT = 0x80;

/** Every SR-IOV structure of this channel is at its revision 1. */
export const REVISION_1 = 1;

/** A little-endian view of a structure's bytes. */
export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Writes the header of a structure of revision 1; `size` is its NDIS_SIZEOF_… value. */
export function writeObjectHeader(view: DataView, size: number): void {
  view.setUint8(0, NDIS_OBJECT_TYPE_DEFAULT);
  view.setUint8(1, REVISION_1);
  view.setUint16(2, size, true);
}

/**
 * Whether the bytes hold a structure of at least `size` bytes whose header says so. Documents
 * disagree on who fills the header of a request that the miniport only receives; the issuer does
 * here, and the receiver checks it.
 */
export function hasObjectHeader(bytes: Uint8Array, size: number): boolean {
  if (bytes.byteLength < size) return false;
  const view = viewOf(bytes);
  return (
    view.getUint8(0) === NDIS_OBJECT_TYPE_DEFAULT &&
    view.getUint8(1) >= REVISION_1 &&
    view.getUint16(2, true) >= size
  );
}
