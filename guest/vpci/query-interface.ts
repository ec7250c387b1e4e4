import { NTSTATUS, type NtStatus } from '#shared/nt/ntstatus.ts';
import { IRP_MN_QUERY_INTERFACE, type Irp } from '../io/irp.ts';
import {
  GUID_VPCI_INTERFACE_STANDARD,
  type QueryInterface,
  SIZEOF_VPCI_INTERFACE_STANDARD,
  VPCI_INTERFACE_STANDARD_VERSION,
} from '../io/query-interface.ts';
import { newVpciInterface, type VpciInterfaceOptions } from './vpci-interface.ts';

/**
 * Serves an IRP with IRP_MJ_PNP; returns the status to complete it with. One that the VPCI driver does
 * not handle keeps the status that it came with, as bus drivers are to leave it.
 *
 * Documents name no status for a structure that has too little room; it is the one of the IOCTLs. They
 * name no version either: the one there is is 1, and a requester that knows only older ones, of which
 * there are none, gets nothing. Each query hands out an interface with a count of its own, so that one
 * that is used after its last dereference is found out though another is still in use.
 *
 * Source: Microsoft Learn: IRP_MN_QUERY_INTERFACE.
 */
export function servePnp(irp: Irp, options: VpciInterfaceOptions): NtStatus {
  const { minorFunction, queryInterface } = irp.stackLocation;
  const { status } = irp.ioStatus;
  if (minorFunction !== IRP_MN_QUERY_INTERFACE) return status;
  if (queryInterface === undefined) return NTSTATUS.STATUS_INVALID_PARAMETER;
  if (!isOurs(queryInterface)) return status;
  if (queryInterface.size < SIZEOF_VPCI_INTERFACE_STANDARD) return NTSTATUS.STATUS_BUFFER_TOO_SMALL;
  queryInterface.interface = newVpciInterface(options);
  return NTSTATUS.STATUS_SUCCESS;
}

function isOurs({ interfaceType, version }: QueryInterface): boolean {
  return (
    interfaceType.toUpperCase() === GUID_VPCI_INTERFACE_STANDARD &&
    version >= VPCI_INTERFACE_STANDARD_VERSION
  );
}
