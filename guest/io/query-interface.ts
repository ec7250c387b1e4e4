import type { NtStatus } from '#shared/nt/ntstatus.ts';
import type { BlockId } from '#shared/vpci/config-block.ts';

/** Source: vpci.h. */
export const GUID_VPCI_INTERFACE_STANDARD = '12E65E71-B651-4067-831A-1383203CB0CB';

/** Where the members of a VPCI_INTERFACE_STANDARD are on x64. Source: vpci.h. */
export const VPCI_INTERFACE_STANDARD_OFFSETS = {
  size: 0,
  version: 2,
  context: 8,
  interfaceReference: 16,
  interfaceDereference: 24,
  writeVfConfigBlock: 32,
  readVfConfigBlock: 40,
  serialNumber: 48,
} as const satisfies Record<keyof VpciInterfaceStandard, number>;

export const SIZEOF_VPCI_INTERFACE_STANDARD = 56;

/** Neither the header nor a page gives the interface a version; this is the one that there is. */
export const VPCI_INTERFACE_STANDARD_VERSION = 1;

/** The Context of an interface: opaque to who uses it. */
export type InterfaceContext = object;

/**
 * VPCI_INTERFACE_STANDARD: what the VPCI driver gives to a driver of the VF that asks for
 * GUID_VPCI_INTERFACE_STANDARD. Each routine takes the `context` of the structure it is in; after the
 * last InterfaceDereference none may be called.
 *
 * Source: Microsoft Learn: VPCI_INTERFACE_STANDARD.
 */
export interface VpciInterfaceStandard {
  readonly size: number;
  readonly version: number;
  readonly context: InterfaceContext;

  /** For a driver that passes the interface on to another, which then dereferences it. */
  interfaceReference(context: InterfaceContext): void;

  /** Ends the use of the interface, which the query counted as one. */
  interfaceDereference(context: InterfaceContext): void;

  /**
   * Writes the first `length` bytes of `buffer` to a configuration block; else as
   * {@link readVfConfigBlock}. The bytes are taken when it is called. Its page has IRQL <=
   * DISPATCH_LEVEL; its header and its sibling have APC_LEVEL, which holds.
   */
  writeVfConfigBlock(
    context: InterfaceContext,
    blockId: BlockId,
    buffer: Uint8Array,
    length: number,
  ): Promise<NtStatus>;

  /**
   * Reads the first `length` bytes, 1 to 128, of a configuration block into `buffer`. The promise
   * stands for a call that blocks. IRQL <= APC_LEVEL. Returns STATUS_SUCCESS, or the NTSTATUS with
   * which IOCTL_VPCI_READ_BLOCK would have been completed.
   */
  readVfConfigBlock(
    context: InterfaceContext,
    blockId: BlockId,
    buffer: Uint8Array,
    length: number,
  ): Promise<NtStatus>;

  /** The number that the virtualization stack gave to this VF. */
  readonly serialNumber: number;
}

/** Parameters.QueryInterface of an IRP with IRP_MN_QUERY_INTERFACE. */
export interface QueryInterface {
  /** The GUID as text; letters of either case. */
  interfaceType: string;
  /** How large a structure the requester has room for, in bytes. */
  size: number;
  version: number;
  /** The interface, once the IRP has been completed with STATUS_SUCCESS. */
  interface?: VpciInterfaceStandard | undefined;
}
