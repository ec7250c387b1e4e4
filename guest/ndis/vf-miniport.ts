import type { Logger } from 'pino';
import type { AttributeServices } from '#shared/ndis/miniport-attributes.ts';
import type { NdisStatus } from '#shared/ndis/ndis-status.ts';
import type { OidAnswer } from '#shared/ndis/oid-queue.ts';
import type { NdisOidRequest } from '#shared/ndis/oid-request.ts';
import type { KernelServices } from '#shared/nt/kernel-services.ts';
import { markKind } from '#shared/plug-in/kind-mark.ts';
import type { Clock } from '#shared/time/clock.ts';
import type { BlockId } from '#shared/vpci/config-block.ts';
import type { Wdm } from '../io/wdm.ts';
import type { NdisVersion } from './ndis-version.ts';
import type { DeviceProperty } from './vf-driver-io.ts';

/** How much this VF has moved between the partitions. Not a Windows structure. */
export interface BusStatistics {
  readonly framesSent: number;
  readonly framesReceived: number;
  readonly bytesSent: number;
  readonly bytesReceived: number;
}

/**
 * What NDIS of the guest OS gives to a VF miniport: the functions that only a VF may call, and the
 * services that stand for the rest of the kernel.
 */
export interface VfAdapter extends KernelServices, AttributeServices {
  /** Which VF of which guest, for logs: `g1/0`. */
  readonly name: string;
  /** The adapter's settings by keyword, as NdisReadConfiguration would give them. */
  readonly configuration: ReadonlyMap<string, string>;
  /**
   * Time, whose timers fire at DISPATCH_LEVEL, as NDIS_TIMER_FUNCTION says. Blocks cannot be read or
   * written there; a timer that wants to queues a work item:
   *
   *     adapter.clock.setTimer(1000, () => adapter.ndisQueueIoWorkItem(() => report()));
   *
   * A miniport that uses no other time can be run under a test's clock.
   */
  readonly clock: Clock;
  readonly log: Logger;

  /**
   * Reads the first `length` bytes of a configuration block into `buffer`. The promise stands for a
   * call that blocks: it returns after the PF miniport has completed the read. IRQL <= APC_LEVEL.
   * Several reads and writes may be under way at once.
   *
   * Source: Microsoft Learn: NdisMReadConfigBlock.
   *
   * @param blockId any unsigned 32-bit number
   * @param buffer at least `length` bytes; it is written only on success
   * @param length 1 to 128
   * @returns NDIS_STATUS_SUCCESS, or NDIS_STATUS_FAILURE whatever the cause
   */
  ndisMReadConfigBlock(blockId: BlockId, buffer: Uint8Array, length: number): Promise<NdisStatus>;

  /**
   * Writes the first `length` bytes of `buffer` to a configuration block; else as
   * {@link ndisMReadConfigBlock}. The bytes are taken when it is called.
   *
   * Source: Microsoft Learn: NdisMWriteConfigBlock.
   */
  ndisMWriteConfigBlock(blockId: BlockId, buffer: Uint8Array, length: number): Promise<NdisStatus>;

  /**
   * Reads `length` bytes of the VF's configuration space, from `offset` on, into `buffer`: this is how
   * a driver sees which device it has. The PF miniport is asked for them. Any IRQL on Windows; the
   * promise stands for a call that blocks.
   *
   * Source: Microsoft Learn: NdisMGetBusData.
   *
   * @param whichSpace PCI_WHICHSPACE_CONFIG; of any other there is nothing to read
   * @param offset 0 to 255
   * @returns the number of bytes read; 0 when nothing was. Documents do not say when it is fewer than
   *   asked for: it is when the host failed one of the accesses, and those before it count
   */
  ndisMGetBusData(
    whichSpace: number,
    offset: number,
    buffer: Uint8Array,
    length: number,
  ): Promise<number>;

  /**
   * Writes the first `length` bytes of `buffer`; else as {@link ndisMGetBusData}. What cannot be
   * written keeps its value, and counts as written. The bytes are taken when it is called.
   *
   * Source: Microsoft Learn: NdisMSetBusData.
   */
  ndisMSetBusData(
    whichSpace: number,
    offset: number,
    buffer: Uint8Array,
    length: number,
  ): Promise<number>;

  /**
   * Completes an OID request whose handler returned NDIS_STATUS_PENDING; once, and never with
   * NDIS_STATUS_PENDING. IRQL <= DISPATCH_LEVEL. Source: Microsoft Learn: NdisMOidRequestComplete.
   */
  ndisMOidRequestComplete(request: NdisOidRequest, status: NdisStatus): void;

  /**
   * The device objects to which the miniport sends IRPs of its own, with {@link wdm}; only this VF is
   * behind them. PASSIVE_LEVEL. Source: Microsoft Learn: NdisMGetDeviceProperty.
   */
  ndisMGetDeviceProperty(): DeviceProperty;

  /** IRPs and events: what a miniport needs that talks to the VPCI driver past NDIS. */
  readonly wdm: Wdm;

  /** The channel's own counters: what a VF reports on a machine that shows no interface counters. */
  busStatistics(): BusStatistics;
}

/** NDIS_HALT_ACTION: why a miniport is halted. Source: Microsoft Learn: MINIPORT_HALT. */
export type NdisHaltAction =
  | 'NdisHaltDeviceDisabled'
  | 'NdisHaltDevicePoweredDown'
  | 'NdisHaltDeviceSurpriseRemoved'
  | 'NdisHaltDeviceFailed'
  | 'NdisHaltDeviceInitializationFailed';

/**
 * The contract of a VF miniport: the driver of a virtual function, in a guest OS.
 *
 * 1. NDIS calls `miniportInitializeEx` once, after the bus has entered D0; it may read and write
 *    blocks there. Anything but NDIS_STATUS_SUCCESS ends this VF.
 * 2. OID requests follow, one at a time. The one that matters here is
 *    OID_SRIOV_VF_INVALIDATE_CONFIG_BLOCK; masks that arrive while the miniport holds a request are
 *    ORed into one that waits.
 * 3. When the guest sleeps, OID_PNP_SET_POWER with NdisDeviceStateD3 comes before the device leaves
 *    D0, and with NdisDeviceStateD0 once it is there again; it must succeed. In between blocks can be
 *    neither read nor written, and masks wait.
 * 4. NDIS calls `miniportHaltEx` when no request is outstanding, and nothing after it. With
 *    NdisHaltDeviceDisabled blocks can be read and written until it returns; with any other action
 *    the device does not answer.
 *
 * IOCTL_VPCI_INVALIDATE_BLOCK is issued by NDIS, and must not be by the miniport, unless that registers
 * with a version before NDIS 6.30: it issues the IOCTL itself then, and gets no OID from it.
 */
export interface VfMiniport {
  /** The version that the driver registers with, from 6.0 on; the one of this NDIS without it. */
  readonly ndisVersion?: NdisVersion | undefined;

  /** Set by `defineVirtualBusDriver`: NDIS reads and writes no blocks for this miniport. */
  readonly isAboveVirtualBusDriver?: boolean;

  /**
   * Called once, at PASSIVE_LEVEL, before any OID. This is where the miniport registers what it is,
   * with `ndisMSetMiniportAttributes`: NDIS_SRIOV_CAPS_SRIOV_SUPPORTED and NDIS_SRIOV_CAPS_VF_MINIPORT,
   * as hardware and as current capabilities.
   * Source: Microsoft Learn: MINIPORT_INITIALIZE, Initializing a VF Miniport Driver.
   *
   * @param adapter the one that the factory was given
   */
  miniportInitializeEx?(adapter: VfAdapter): NdisStatus | Promise<NdisStatus>;

  /**
   * Serves one OID request, at PASSIVE_LEVEL. Returns its status; or NDIS_STATUS_PENDING, and calls
   * `ndisMOidRequestComplete` later; or a promise of either, for a call that blocks, as one that
   * reads blocks does. An OID that it does not know is NDIS_STATUS_NOT_SUPPORTED.
   * Source: Microsoft Learn: MINIPORT_OID_REQUEST.
   */
  miniportOidRequest(request: NdisOidRequest): OidAnswer;

  /**
   * Asks for the completion, with NDIS_STATUS_REQUEST_ABORTED, of a request that took longer than
   * its timeout. IRQL <= DISPATCH_LEVEL. Source: Microsoft Learn: MINIPORT_CANCEL_OID_REQUEST.
   */
  miniportCancelOidRequest?(requestId: number): void;

  /**
   * Called once, at PASSIVE_LEVEL, with no request outstanding; the miniport stops its timers here.
   * The device answers blocks after NdisHaltDeviceDisabled alone. Source: MINIPORT_HALT.
   */
  miniportHaltEx?(action: NdisHaltAction): void | Promise<void>;
}

export type VfMiniportFactory = (adapter: VfAdapter) => VfMiniport;

/** Gives a factory its types; what a plug-in file exports as its default. */
export function defineVfMiniport(factory: VfMiniportFactory): VfMiniportFactory {
  return markKind(factory, 'VF miniport');
}
