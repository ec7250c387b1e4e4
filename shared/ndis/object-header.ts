/** NDIS_OBJECT_HEADER: Type at 0 (1 byte), Revision at 1 (1), Size at 2 (2). Source: ntddndis.h. */
export const NDIS_OBJECT_TYPE_DEFAULT = 0x80;

/** Every SR-IOV structure of this channel is at its revision 1. */
export const REVISION_1 = 1;

/** A little-endian view of a structure's bytes. */
export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** The little-endian ULONG at `offset`; without a view, since it is read at every hop. */
export function readUlong(bytes: Uint8Array, offset: number): number {
  const low = (bytes[offset] ?? 0) | ((bytes[offset + 1] ?? 0) << 8);
  const high = (bytes[offset + 2] ?? 0) | ((bytes[offset + 3] ?? 0) << 8);
  return (low | (high << 16)) >>> 0;
}

/** Writes a little-endian ULONG at `offset`. */
export function writeUlong(bytes: Uint8Array, offset: number, value: number): void {
  bytes[offset] = value;
  bytes[offset + 1] = value >>> 8;
  bytes[offset + 2] = value >>> 16;
  bytes[offset + 3] = value >>> 24;
}

/** Writes the header of a structure of revision 1; `size` is its NDIS_SIZEOF_… value. */
export function writeObjectHeader(view: DataView, size: number): void {
  view.setUint32(0, objectHeader(size), true);
}

/** The four bytes of the header of a structure of revision 1, as one little-endian ULONG. */
export function objectHeader(size: number): number {
  return (NDIS_OBJECT_TYPE_DEFAULT | (REVISION_1 << 8) | (size << 16)) >>> 0;
}

/**
 * Whether the bytes hold a structure of at least `size` bytes whose header says so. Documents
 * disagree on who fills the header of a request that the miniport only receives; the issuer does
 * here, and the receiver checks it.
 */
export function hasObjectHeader(bytes: Uint8Array, size: number): boolean {
  if (bytes.byteLength < size) return false;
  const header = readUlong(bytes, 0);
  return (
    (header & 0xff) === NDIS_OBJECT_TYPE_DEFAULT &&
    ((header >>> 8) & 0xff) >= REVISION_1 &&
    header >>> 16 >= size
  );
}
