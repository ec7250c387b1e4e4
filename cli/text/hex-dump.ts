const BYTES_PER_LINE = 16;
/** `0000 0000 …`: eight groups of two bytes. */
const HEX_WIDTH = 39;

/**
 * Bytes as xxd shows them: the offset, sixteen bytes in groups of two, and the same bytes as ASCII,
 * with a dot for what is not printable.
 *
 *     00000000: 0100 0000 0100 0000 0100 0000 6869 0000  ............hi..
 */
export function hexDump(bytes: Uint8Array): string {
  let text = '';
  for (let offset = 0; offset < bytes.length; offset += BYTES_PER_LINE) {
    const line = Buffer.from(bytes.subarray(offset, offset + BYTES_PER_LINE));
    const groups = line.toString('hex').replace(/(.{4})(?=.)/g, '$1 ');
    const ascii = line.toString('latin1').replace(/[^\x20-\x7e]/g, '.');
    const address = offset.toString(16).padStart(8, '0');
    text += `${address}: ${groups.padEnd(HEX_WIDTH)}  ${ascii}\n`;
  }
  return text;
}
