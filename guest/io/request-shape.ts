import { isBlockLength } from '#shared/vpci/config-block.ts';
import type { IoViolation } from './io-violation.ts';
import { IOCTL, ioctlName } from './ioctl.ts';
import { IRP_MJ_INTERNAL_DEVICE_CONTROL, type IrpParameters } from './irp.ts';
import { parseReadBlockInput, SIZEOF_VPCI_READ_BLOCK_INPUT } from './vpci-structures.ts';

/**
 * How a request of a driver differs from the one that its page describes, where the page names no
 * status for it; undefined when it does not. Such a request is sent all the same. One that the VPCI
 * driver refuses is not judged here: its status tells the driver.
 *
 * Source: Microsoft Learn: IOCTL_VPCI_READ_BLOCK, IOCTL_VPCI_WRITE_BLOCK,
 * IOCTL_VPCI_INVALIDATE_BLOCK.
 */
export function shapeBreach(request: IrpParameters): IoViolation | undefined {
  if (request.majorFunction !== IRP_MJ_INTERNAL_DEVICE_CONTROL) return undefined;
  switch (request.ioControlCode) {
    case IOCTL.IOCTL_VPCI_READ_BLOCK:
      return readBreach(request);
    case IOCTL.IOCTL_VPCI_WRITE_BLOCK:
      return outputBreach(request, request.outputBufferLength);
    case IOCTL.IOCTL_VPCI_INVALIDATE_BLOCK:
      // The page describes OutputBufferLength in the words of a read: it may be anything.
      return outputBreach(request, 0);
    default:
      return undefined;
  }
}

/** An OutputBufferLength below BytesRequested is STATUS_BUFFER_TOO_SMALL. */
function readBreach(request: IrpParameters): IoViolation | undefined {
  const { type3InputBuffer: input, ioControlCode, outputBufferLength } = request;
  if (input === undefined || input.byteLength < SIZEOF_VPCI_READ_BLOCK_INPUT) return undefined;
  const { bytesRequested } = parseReadBlockInput(input);
  if (!isBlockLength(bytesRequested) || outputBufferLength <= bytesRequested) return undefined;
  const found = `they are ${outputBufferLength} and ${bytesRequested}`;
  return { rule: 'irp.output-length', name: ioctlName(ioControlCode), found };
}

function outputBreach(
  { userBuffer, ioControlCode }: IrpParameters,
  outputBufferLength: number,
): IoViolation | undefined {
  if (userBuffer === undefined && outputBufferLength === 0) return undefined;
  const found =
    userBuffer === undefined
      ? `OutputBufferLength is ${outputBufferLength}`
      : `UserBuffer has ${userBuffer.byteLength} bytes`;
  return { rule: 'irp.no-output', name: ioctlName(ioControlCode), found };
}
