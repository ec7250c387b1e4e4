/** A structure that is kept for long, as {@link packedStructure} has packed it. */
export type PackedStructure = string;

/** The bytes before each run: where it begins (2), and how many there are (2). */
const RUN_HEADER = 4;

/**
 * A structure of up to 65,535 bytes without its zeros. NDIS and a PF keep structures for as long as a
 * VF lives, and most of each is what its counted strings of 516 bytes do not need: the 1,632 bytes of
 * NDIS_NIC_SWITCH_VF_PARAMETERS become about 80. The bytes come back as they were.
 *
 * The form is a string of one character a byte, because an ArrayBuffer of so few bytes costs three
 * times as much as what is in it: the length, and the runs that are not 0.
 */
export function packedStructure(bytes: Uint8Array): PackedStructure {
  const packed = word(bytes.byteLength);
  let at = 0;
  while (at < bytes.byteLength) {
    if (bytes[at] === 0) {
      at++;
      continue;
    }
    const end = endOfRun(bytes, at);
    packed.push(...word(at), ...word(end - at), ...bytes.subarray(at, end));
    at = end;
  }
  return Buffer.from(packed).toString('latin1');
}

/** A copy of the structure that was packed. */
export function unpackedStructure(packed: PackedStructure): Uint8Array {
  const source = Buffer.from(packed, 'latin1');
  const bytes = new Uint8Array(source.readUInt16LE(0));
  let at = 2;
  while (at < source.byteLength) {
    const start = source.readUInt16LE(at);
    const run = at + RUN_HEADER;
    at = run + source.readUInt16LE(at + 2);
    bytes.set(source.subarray(run, at), start);
  }
  return bytes;
}

/** A run goes on over zeros that take less than the header of another one. */
function endOfRun(bytes: Uint8Array, start: number): number {
  let end = start + 1;
  for (let at = end; at < bytes.byteLength && at - end < RUN_HEADER; at++) {
    if (bytes[at] !== 0) end = at + 1;
  }
  return end;
}

function word(value: number): number[] {
  return [value & 0xff, value >>> 8];
}
