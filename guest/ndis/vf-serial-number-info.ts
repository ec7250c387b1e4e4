import { hasObjectHeader, viewOf, writeObjectHeader } from '#shared/ndis/object-header.ts';

/** NDIS_SRIOV_VF_SERIAL_NUMBER_INFO: Header at 0, SerialNumber at 4. Source: ntddndis.h. */
export const SIZEOF_VF_SERIAL_NUMBER_INFO = 8;

export function newVfSerialNumberInfo(serialNumber: number): Uint8Array {
  const bytes = new Uint8Array(SIZEOF_VF_SERIAL_NUMBER_INFO);
  const view = viewOf(bytes);
  writeObjectHeader(view, SIZEOF_VF_SERIAL_NUMBER_INFO);
  view.setUint32(4, serialNumber, true);
  return bytes;
}

/** The serial number in the structure; undefined when the buffer holds none. */
export function parseVfSerialNumberInfo(bytes: Uint8Array): number | undefined {
  if (!hasObjectHeader(bytes, SIZEOF_VF_SERIAL_NUMBER_INFO)) return undefined;
  return viewOf(bytes).getUint32(4, true);
}
