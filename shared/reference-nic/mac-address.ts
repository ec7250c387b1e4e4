/** An Ethernet address as text: six pairs of lower-case hexadecimal digits with colons between. */
export type MacAddress = string;

/** The bytes of an Ethernet address. */
export const MAC_ADDRESS_SIZE = 6;

/** How people may write an address: six pairs of hexadecimal digits, with colons or hyphens. */
export const MAC_ADDRESS_SPELLING = /^[0-9a-fA-F]{2}([:-])[0-9a-fA-F]{2}(?:\1[0-9a-fA-F]{2}){4}$/;

/** The address that the text spells; undefined when it spells none. */
export function parseMacAddress(text: string): MacAddress | undefined {
  return MAC_ADDRESS_SPELLING.test(text) ? text.toLowerCase().replaceAll('-', ':') : undefined;
}

/** The address of six bytes from `offset`. */
export function readMacAddress(view: DataView, offset: number): MacAddress {
  const pairs = Array.from({ length: MAC_ADDRESS_SIZE }, (_, index) =>
    view
      .getUint8(offset + index)
      .toString(16)
      .padStart(2, '0'),
  );
  return pairs.join(':');
}

/** Writes the six bytes of an address from `offset`. */
export function writeMacAddress(view: DataView, offset: number, address: MacAddress): void {
  for (const [index, pair] of address.split(':').entries()) {
    view.setUint8(offset + index, Number.parseInt(pair, 16));
  }
}

/** Whether the address has the group bit: the broadcast address has it too. */
export function isMulticastAddress(address: MacAddress): boolean {
  return (firstByte(address) & 0x01) !== 0;
}

/** Whether the address can be that of one station: neither a group nor all zeros. */
export function isUnicastAddress(address: MacAddress): boolean {
  return !isMulticastAddress(address) && address !== '00:00:00:00:00:00';
}

/** Whether the address was given out on the spot rather than by a manufacturer. */
export function isLocallyAdministered(address: MacAddress): boolean {
  return (firstByte(address) & 0x02) !== 0;
}

function firstByte(address: MacAddress): number {
  return Number.parseInt(address.slice(0, 2), 16);
}
