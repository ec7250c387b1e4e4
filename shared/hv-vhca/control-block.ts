import { newBlock, openBlock } from './block.ts';

/** What PF and VF say in block 0. */
export interface ControlBlock {
  /** The agents that the VF has, as bits of 32; see `capabilityBit`. */
  readonly capabilities: number;
  /** The agents that the PF commands, as bits of 32. */
  readonly control: number;
  /** What it commands them, 0 to 65535; the agent gives it its meaning. */
  readonly command: number;
  /** The last command that the VF has acted on. */
  readonly commandAck: number;
  /** The version of what the commanded agent reports; 1 for the statistics. */
  readonly version: number;
  /** How many rings the statistics tell of, 0 to 65535. */
  readonly rings: number;
}

/** Block 0 when nobody has said anything, and as a VF without agents writes it. */
export const EMPTY_CONTROL_BLOCK: ControlBlock = {
  capabilities: 0,
  control: 0,
  command: 0,
  commandAck: 0,
  version: 0,
  rings: 0,
};

/**
 * Block 0, control, in both directions: 128 bytes.
 *
 * | offset | bytes | field |
 * | --- | --- | --- |
 * | 0 | 4 | capabilities |
 * | 4 | 4 | control |
 * | 8 | 2 | command |
 * | 10 | 2 | command_ack |
 * | 12 | 2 | version |
 * | 14 | 2 | rings |
 * | 16 | 112 | reserved: 0 when written, ignored when read |
 */
export function encodeControlBlock(block: ControlBlock): Uint8Array {
  const { bytes, view } = newBlock();
  view.setUint32(0, block.capabilities, true);
  view.setUint32(4, block.control, true);
  view.setUint16(8, block.command, true);
  view.setUint16(10, block.commandAck, true);
  view.setUint16(12, block.version, true);
  view.setUint16(14, block.rings, true);
  return bytes;
}

/** What block 0 says; undefined when the bytes are not 128. It has no mark by which to know it. */
export function decodeControlBlock(bytes: Uint8Array): ControlBlock | undefined {
  const view = openBlock(bytes);
  if (view === undefined) return undefined;
  return {
    capabilities: view.getUint32(0, true),
    control: view.getUint32(4, true),
    command: view.getUint16(8, true),
    commandAck: view.getUint16(10, true),
    version: view.getUint16(12, true),
    rings: view.getUint16(14, true),
  };
}
