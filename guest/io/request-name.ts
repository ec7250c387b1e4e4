import { ioctlName } from './ioctl.ts';
import { type IoStackLocation, IRP_MJ_PNP, IRP_MN_QUERY_INTERFACE } from './irp.ts';

/** What a request is called: `IOCTL_VPCI_READ_BLOCK`, `IRP_MN_QUERY_INTERFACE`. */
export function requestName(location: IoStackLocation): string {
  const { majorFunction, minorFunction, ioControlCode } = location;
  if (majorFunction !== IRP_MJ_PNP) return ioctlName(ioControlCode);
  return minorFunction === IRP_MN_QUERY_INTERFACE ? 'IRP_MN_QUERY_INTERFACE' : 'IRP_MJ_PNP';
}
