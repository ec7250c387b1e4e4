/**
 * The configuration space of a PCI function, little-endian, with the names of wdm.h. A function has
 * 256 bytes here: nothing of this NIC is in the extended space behind them.
 */
export const PCI_CONFIGURATION_SPACE_SIZE = 256;

/** PCI_COMMON_HDR_LENGTH: the bytes that mean the same in every function. */
export const PCI_COMMON_HDR_LENGTH = 64;

/** PCI_TYPE0_ADDRESSES: how many Base Address Registers (BARs) a function has. */
export const PCI_TYPE0_ADDRESSES = 6;

/** PCI_WHICHSPACE_CONFIG: the bus data that is configuration space. */
export const PCI_WHICHSPACE_CONFIG = 0;

/** PCI_INVALID_VENDORID: what a vendor id reads where there is none. */
export const PCI_INVALID_VENDORID = 0xffff;

/** PCI_ENABLE_BUS_MASTER: the bit of Command with which a function may read and write memory. */
export const PCI_ENABLE_BUS_MASTER = 0x04;

/** Where the members of PCI_COMMON_CONFIG are, of those that mean something here. */
export const PCI_COMMON_CONFIG = {
  vendorId: 0,
  deviceId: 2,
  command: 4,
  revisionId: 8,
  progIf: 9,
  subClass: 10,
  baseClass: 11,
  subVendorId: 44,
  subSystemId: 46,
} as const;

/** Whether `length` bytes from `offset` on, and at least one, are in configuration space. */
export function isConfigurationRange(offset: number, length: number): boolean {
  return (
    Number.isInteger(offset) &&
    Number.isInteger(length) &&
    offset >= 0 &&
    length >= 1 &&
    offset + length <= PCI_CONFIGURATION_SPACE_SIZE
  );
}

/** How the trace shows where in configuration space something happens. */
export function offsetNote(offset: number): string {
  return `offset 0x${offset.toString(16)}`;
}

/** `0x15b3`: how a vendor id or a device id is shown. */
export function pciIdHex(id: number): string {
  return `0x${id.toString(16).padStart(4, '0')}`;
}
