/** A block of `size` bytes from its hexadecimal pairs; what they do not reach is zero. */
export function block(hex: string, size = 128): Uint8Array {
  const bytes = new Uint8Array(size);
  bytes.set(Buffer.from(hex.replaceAll(/\s/g, ''), 'hex'));
  return bytes;
}

/** A copy with other bytes from `offset` on. */
export function patched(bytes: Uint8Array, offset: number, hex: string): Uint8Array {
  const copy = bytes.slice();
  copy.set(Buffer.from(hex.replaceAll(/\s/g, ''), 'hex'), offset);
  return copy;
}

/** What every decoder must refuse of a block that is valid but for its frame. */
export function malformed(valid: Uint8Array): readonly [string, Uint8Array][] {
  return [
    ['no bytes', new Uint8Array()],
    ['one byte too few', valid.slice(0, -1)],
    ['one byte too many', new Uint8Array([...valid, 0])],
    ['layout version 0', patched(valid, 0, '00 00')],
    ['layout version 2', patched(valid, 0, '02 00')],
    ['a layout version in the other byte order', patched(valid, 0, '00 01')],
  ];
}
