/** Whether a driver's buffer is one. A proxy of one is none: it throws where it is used. */
export function isBytes(value: unknown): value is Uint8Array {
  return ArrayBuffer.isView(value) && value instanceof Uint8Array;
}
