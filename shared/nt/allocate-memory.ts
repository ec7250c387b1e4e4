const UINT_MAX = 0xffff_ffff;

/**
 * What an allocator of either kernel gives to a driver: memory that is cleared, and that nobody has to
 * free. Undefined stands for NULL: there is not that much, or the length is no unsigned 32-bit number.
 *
 * @param asked told of the call first, with a length that is one
 */
export function allocateMemory(
  length: number,
  asked: (length: number | undefined) => void,
): Uint8Array | undefined {
  const isUint = Number.isInteger(length) && length >= 0 && length <= UINT_MAX;
  asked(isUint ? length : undefined);
  if (!isUint) return undefined;
  try {
    return new Uint8Array(length);
  } catch {
    return undefined;
  }
}
