import type { BlockId } from '#shared/vpci/config-block.ts';
import { IOCTL } from './ioctl.ts';
import { IRP_MJ_INTERNAL_DEVICE_CONTROL, type Irp, type IrpParameters } from './irp.ts';
import { newReadBlockInput, newWriteBlockInput } from './vpci-structures.ts';

/** An IOCTL_VPCI_READ_BLOCK whose output goes to `buffer`. */
export function readBlockRequest(
  blockId: BlockId,
  buffer: Uint8Array,
  length: number,
  completionRoutine: (irp: Irp) => void,
  cause: number,
): IrpParameters {
  const input = newReadBlockInput(blockId, length);
  return {
    majorFunction: IRP_MJ_INTERNAL_DEVICE_CONTROL,
    ioControlCode: IOCTL.IOCTL_VPCI_READ_BLOCK,
    inputBufferLength: input.byteLength,
    outputBufferLength: length,
    type3InputBuffer: input,
    userBuffer: buffer,
    completionRoutine,
    cause,
  };
}

/** An IOCTL_VPCI_WRITE_BLOCK; the bytes of `data` are copied into it. */
export function writeBlockRequest(
  blockId: BlockId,
  data: Uint8Array,
  completionRoutine: (irp: Irp) => void,
  cause: number,
): IrpParameters {
  const input = newWriteBlockInput(blockId, data);
  return {
    majorFunction: IRP_MJ_INTERNAL_DEVICE_CONTROL,
    ioControlCode: IOCTL.IOCTL_VPCI_WRITE_BLOCK,
    inputBufferLength: input.byteLength,
    outputBufferLength: 0,
    type3InputBuffer: input,
    userBuffer: undefined,
    completionRoutine,
    cause,
  };
}
