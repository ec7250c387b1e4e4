import { readUlong } from '#shared/ndis/object-header.ts';
import type { BlockId } from '#shared/vpci/config-block.ts';
import { IOCTL, ioctlName } from './ioctl.ts';
import { type IoStackLocation, IRP_MJ_PNP, IRP_MN_QUERY_INTERFACE } from './irp.ts';

/** What a request is called: `IOCTL_VPCI_READ_BLOCK`, `IRP_MN_QUERY_INTERFACE`. */
export function requestName(location: IoStackLocation): string {
  const { majorFunction, minorFunction, ioControlCode } = location;
  if (majorFunction !== IRP_MJ_PNP) return ioctlName(ioControlCode);
  return minorFunction === IRP_MN_QUERY_INTERFACE ? 'IRP_MN_QUERY_INTERFACE' : 'IRP_MJ_PNP';
}

/** The block that a request reads or writes, whatever else is wrong with it. */
export function blockOf(location: IoStackLocation): BlockId | undefined {
  const { ioControlCode, type3InputBuffer } = location;
  const { IOCTL_VPCI_READ_BLOCK, IOCTL_VPCI_WRITE_BLOCK } = IOCTL;
  const isBlockRequest =
    ioControlCode === IOCTL_VPCI_READ_BLOCK || ioControlCode === IOCTL_VPCI_WRITE_BLOCK;
  return isBlockRequest && type3InputBuffer !== undefined && type3InputBuffer.byteLength >= 4
    ? readUlong(type3InputBuffer, 0)
    : undefined;
}
