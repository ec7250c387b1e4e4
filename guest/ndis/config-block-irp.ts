import type { BlockId } from '#shared/vpci/config-block.ts';
import { IOCTL } from '../io/ioctl.ts';
import { IRP_MJ_INTERNAL_DEVICE_CONTROL, Irp } from '../io/irp.ts';
import { newReadBlockInput, newWriteBlockInput } from '../io/vpci-structures.ts';

type Completed = (irp: Irp) => void;

/** An IRP with IOCTL_VPCI_READ_BLOCK whose output goes to `buffer`. */
export function newReadBlockIrp(
  blockId: BlockId,
  buffer: Uint8Array,
  length: number,
  completionRoutine: Completed,
  cause: number,
): Irp {
  const input = newReadBlockInput(blockId, length);
  return new Irp({
    majorFunction: IRP_MJ_INTERNAL_DEVICE_CONTROL,
    ioControlCode: IOCTL.IOCTL_VPCI_READ_BLOCK,
    inputBufferLength: input.byteLength,
    outputBufferLength: length,
    type3InputBuffer: input,
    userBuffer: buffer,
    completionRoutine,
    cause,
  });
}

/** An IRP with IOCTL_VPCI_WRITE_BLOCK; the bytes of `data` are copied into it. */
export function newWriteBlockIrp(
  blockId: BlockId,
  data: Uint8Array,
  completionRoutine: Completed,
  cause: number,
): Irp {
  const input = newWriteBlockInput(blockId, data);
  return new Irp({
    majorFunction: IRP_MJ_INTERNAL_DEVICE_CONTROL,
    ioControlCode: IOCTL.IOCTL_VPCI_WRITE_BLOCK,
    inputBufferLength: input.byteLength,
    outputBufferLength: 0,
    type3InputBuffer: input,
    userBuffer: undefined,
    completionRoutine,
    cause,
  });
}
