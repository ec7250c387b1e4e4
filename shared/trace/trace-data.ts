/** Block data as an event carries it: two hexadecimal digits a byte. */
export function hexOf(data: Uint8Array | undefined): string | undefined {
  if (data === undefined) return undefined;
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('hex');
}
