import type { DeviceObject } from '#guest/io/device-object.ts';
import { type IoStatusBlock, IRP_MJ_PNP, IRP_MN_QUERY_INTERFACE } from '#guest/io/irp.ts';
import {
  GUID_VPCI_INTERFACE_STANDARD,
  type QueryInterface,
  SIZEOF_VPCI_INTERFACE_STANDARD,
  VPCI_INTERFACE_STANDARD_VERSION,
} from '#guest/io/query-interface.ts';
import type { Wdm } from '#guest/io/wdm.ts';
import { NTSTATUS, type NtStatus } from '#shared/nt/ntstatus.ts';

/** How an IRP with IRP_MN_QUERY_INTERFACE ended. */
export interface Queried {
  readonly returned: NtStatus;
  readonly ioStatus: IoStatusBlock;
  readonly queryInterface: QueryInterface | undefined;
}

export interface Query extends Partial<QueryInterface> {
  readonly minorFunction?: number;
  /** IoStatus.Status before it is sent. */
  readonly status?: NtStatus;
  /** Parameters.QueryInterface is left NULL. */
  readonly isEmpty?: boolean;
}

/** Asks for GUID_VPCI_INTERFACE_STANDARD, but for what `query` says. */
export function queryInterface(wdm: Wdm, device: DeviceObject, query: Query = {}): Queried {
  const { minorFunction, status, isEmpty, ...parameters } = query;
  const irp = wdm.ioAllocateIrp(device.stackSize);
  if (irp === undefined) throw new Error('IoAllocateIrp gave none');
  irp.ioStatus.status = status ?? NTSTATUS.STATUS_NOT_SUPPORTED;
  const location = wdm.ioGetNextIrpStackLocation(irp);
  location.majorFunction = IRP_MJ_PNP;
  location.minorFunction = minorFunction ?? IRP_MN_QUERY_INTERFACE;
  location.queryInterface = {
    interfaceType: GUID_VPCI_INTERFACE_STANDARD,
    size: SIZEOF_VPCI_INTERFACE_STANDARD,
    version: VPCI_INTERFACE_STANDARD_VERSION,
    ...parameters,
  };
  if (isEmpty === true) location.queryInterface = undefined;
  wdm.ioSetCompletionRoutine(irp, () => NTSTATUS.STATUS_MORE_PROCESSING_REQUIRED);
  const returned = wdm.ioCallDriver(device, irp);
  const { ioStatus } = irp;
  wdm.ioFreeIrp(irp);
  return { returned, ioStatus, queryInterface: location.queryInterface };
}
