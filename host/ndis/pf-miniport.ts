import type { Logger } from 'pino';
import type { AttributeServices } from '#shared/ndis/miniport-attributes.ts';
import type { NdisStatus } from '#shared/ndis/ndis-status.ts';
import type { OidAnswer } from '#shared/ndis/oid-queue.ts';
import type { NdisOidRequest } from '#shared/ndis/oid-request.ts';
import type { KernelServices } from '#shared/nt/kernel-services.ts';
import { markKind } from '#shared/plug-in/kind-mark.ts';
import type { Clock } from '#shared/time/clock.ts';
import type { BlockMask } from '#shared/vpci/config-block.ts';
import type { PfVirtualFunctions } from './pf-virtual-functions.ts';

/**
 * What NDIS of the management OS gives to a PF miniport: the functions that only a PF may call, and
 * the services that stand for the rest of the kernel.
 */
export interface PfAdapter extends KernelServices, AttributeServices, PfVirtualFunctions {
  /** The adapter's name, for logs. */
  readonly name: string;
  /** The adapter's settings by keyword, as NdisReadConfiguration would give them. */
  readonly configuration: ReadonlyMap<string, string>;
  /**
   * Time, whose timers fire at DISPATCH_LEVEL, as NDIS_TIMER_FUNCTION says; what may not run there goes
   * to a work item. A miniport that uses no other can be run under a test's clock.
   */
  readonly clock: Clock;
  readonly log: Logger;

  /**
   * Tells NDIS that configuration blocks of a VF have changed. Returns at once and says nothing of
   * what becomes of it; legal from inside `miniportOidRequest`. IRQL <= DISPATCH_LEVEL.
   *
   * A mask of 0 does nothing. A VFId that is not allocated, and 0xFFFF, are traced and ignored:
   * documents are silent, and the function returns no status that could say so.
   *
   * Source: Microsoft Learn: NdisMInvalidateConfigBlock.
   *
   * @param vfId the NDIS_SRIOV_FUNCTION_ID that the PF gave out in OID_NIC_SWITCH_ALLOCATE_VF
   * @param blockMask bit n for block n, of blocks 0 to 63
   */
  ndisMInvalidateConfigBlock(vfId: number, blockMask: BlockMask): void;

  /**
   * Completes an OID request whose handler returned NDIS_STATUS_PENDING; once, and never with
   * NDIS_STATUS_PENDING. IRQL <= DISPATCH_LEVEL. Source: Microsoft Learn: NdisMOidRequestComplete.
   */
  ndisMOidRequestComplete(request: NdisOidRequest, status: NdisStatus): void;
}

/** What an operator may see of a VF inside the PF miniport. Not a Windows structure. */
export interface PfVfReport {
  /** The blocks that the PF knows for this VF. */
  readonly blocks: readonly { readonly blockId: number; readonly name: string }[];
  /** Whatever else the PF knows of the VF, as JSON. */
  readonly details: Readonly<Record<string, unknown>>;
}

/**
 * The contract of a PF miniport: the driver of the physical function, in the management OS.
 *
 * 1. NDIS calls `miniportInitializeEx` once. Anything but NDIS_STATUS_SUCCESS ends the start.
 * 2. OID requests follow, one at a time: OID_NIC_SWITCH_CREATE_SWITCH first, then for each VF
 *    OID_NIC_SWITCH_ALLOCATE_VF, OID_NIC_SWITCH_CREATE_VPORT, OID_RECEIVE_FILTER_MOVE_FILTER to that
 *    VPort, OID_SRIOV_SET_VF_POWER_STATE, reads and writes of its blocks,
 *    OID_RECEIVE_FILTER_MOVE_FILTER back, OID_NIC_SWITCH_DELETE_VPORT, OID_SRIOV_RESET_VF and
 *    OID_NIC_SWITCH_FREE_VF; OID_NIC_SWITCH_DELETE_SWITCH last.
 * 3. NDIS calls `miniportHaltEx` when no request is outstanding, and nothing after it.
 *
 * NDIS validates the contents of almost no OID: the miniport must. What it throws is contained,
 * reported, and completes the request with NDIS_STATUS_FAILURE.
 */
export interface PfMiniport {
  /**
   * Called once, at PASSIVE_LEVEL, before any OID. This is where the miniport registers what it is,
   * with `ndisMSetMiniportAttributes`: NDIS_SRIOV_CAPS_SRIOV_SUPPORTED and NDIS_SRIOV_CAPS_PF_MINIPORT,
   * and NULL for the current capabilities when the keyword `*SRIOV` is 0.
   * Source: Microsoft Learn: MINIPORT_INITIALIZE, MiniportInitializeEx Guidelines for PF Miniport
   * Drivers.
   *
   * @param adapter the one that the factory was given
   */
  miniportInitializeEx?(adapter: PfAdapter): NdisStatus | Promise<NdisStatus>;

  /**
   * Serves one OID request, at PASSIVE_LEVEL. Returns its status; or NDIS_STATUS_PENDING, and calls
   * `ndisMOidRequestComplete` later; or a promise of either, for a call that blocks.
   * An OID that it does not know is NDIS_STATUS_NOT_SUPPORTED.
   * Source: Microsoft Learn: MINIPORT_OID_REQUEST.
   */
  miniportOidRequest(request: NdisOidRequest): OidAnswer;

  /**
   * Asks for the completion, with NDIS_STATUS_REQUEST_ABORTED, of a request that took longer than
   * its timeout. IRQL <= DISPATCH_LEVEL. Source: Microsoft Learn: MINIPORT_CANCEL_OID_REQUEST.
   */
  miniportCancelOidRequest?(requestId: number): void;

  /** Called once, at PASSIVE_LEVEL, with no request outstanding. Source: MINIPORT_HALT. */
  miniportHaltEx?(): void | Promise<void>;

  /** What an operator is shown of a VF. Optional, and not part of the Windows contract. */
  reportVf?(vfId: number): PfVfReport;
}

export type PfMiniportFactory = (adapter: PfAdapter) => PfMiniport;

/** Gives a factory its types; what a plug-in file exports as its default. */
export function definePfMiniport(factory: PfMiniportFactory): PfMiniportFactory {
  return markKind(factory, 'PF miniport');
}
