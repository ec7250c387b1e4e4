/** The bytes that hexadecimal pairs spell: `80 01 14 00`. */
export function bytes(hex: string): Uint8Array {
  return Uint8Array.from(hex.trim().split(/\s+/), (pair) => Number.parseInt(pair, 16));
}

/** `80 01 14 00` for those bytes. */
export function hex(data: Uint8Array): string {
  return [...data].map((byte) => byte.toString(16).toUpperCase().padStart(2, '0')).join(' ');
}
