export const CONTROL_BLOCK = 0;
/** Bytes of the control block: command at 0 and command_ack at 2, two bytes each, little-endian. */
export const CONTROL_LENGTH = 4;

/** What both sides say to each other in one block. */
export interface Control {
  readonly command: number;
  readonly ack: number;
}

export function controlBytes({ command, ack }: Control): Uint8Array {
  const bytes = Buffer.alloc(CONTROL_LENGTH);
  bytes.writeUInt16LE(command, 0);
  bytes.writeUInt16LE(ack, 2);
  return bytes;
}

export function parseControl(data: Uint8Array): Control {
  const bytes = Buffer.alloc(CONTROL_LENGTH);
  bytes.set(data.subarray(0, CONTROL_LENGTH));
  return { command: bytes.readUInt16LE(0), ack: bytes.readUInt16LE(2) };
}
