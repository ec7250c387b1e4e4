import type { BlockId } from '#shared/vpci/config-block.ts';
import { readBlockRequest, writeBlockRequest } from '../io/config-block-request.ts';
import { Irp } from '../io/irp.ts';

type Completed = (irp: Irp) => void;

/** An IRP with IOCTL_VPCI_READ_BLOCK whose output goes to `buffer`. */
export function newReadBlockIrp(
  blockId: BlockId,
  buffer: Uint8Array,
  length: number,
  completionRoutine: Completed,
  cause: number,
): Irp {
  return new Irp(readBlockRequest(blockId, buffer, length, completionRoutine, cause));
}

/** An IRP with IOCTL_VPCI_WRITE_BLOCK; the bytes of `data` are copied into it. */
export function newWriteBlockIrp(
  blockId: BlockId,
  data: Uint8Array,
  completionRoutine: Completed,
  cause: number,
): Irp {
  return new Irp(writeBlockRequest(blockId, data, completionRoutine, cause));
}
