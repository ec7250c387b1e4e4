import type { Logger } from 'pino';
import { NDIS_STATUS, type NdisStatus, ndisStatusName } from '#shared/ndis/ndis-status.ts';
import { OID, type Oid, oidName } from '#shared/ndis/oid.ts';
import type { NdisOidRequest } from '#shared/ndis/oid-request.ts';
import { RecurringLog } from '#shared/recurring-log.ts';
import { CLOSE_CODES, closeCodeName } from '#shared/transport/close-codes.ts';
import type { CloseDetails, Transport } from '#shared/transport/transport.ts';
import { type BlockMask, maskHex } from '#shared/vpci/config-block.ts';
import { NDIS_INVALID_VF_FUNCTION_ID } from '../ndis/function-id.ts';
import type { PfNdis } from '../ndis/ndis.ts';
import { parseVfParameters, type VfParameters } from '../ndis/vf-parameters.ts';
import { Vf, type VfView } from './vf.ts';
import { bringUp, refusalOf } from './vf-bring-up.ts';
import { allocateVf, createSwitch, deleteSwitch, issued } from './vf-oids.ts';
import type { VfState } from './vf-state.ts';
import type { VfSurroundings } from './vf-surroundings.ts';
import { teardownOf } from './vf-teardown.ts';

/** Who asks for a VF. The guest names itself; it never names a VFId. */
export interface VfOffer {
  readonly vmName: string;
  /** The number of the VF in its guest, from 0. */
  readonly index: number;
  /** The PF of which it wants a VF; the first one of the host when it names none. */
  readonly pf?: string | undefined;
}

export interface VirtualizationStackOptions
  extends Omit<VfSurroundings, 'log' | 'onGone' | 'onState'> {
  /** The next number of a VF instance, from 1. */
  readonly nextGeneration: () => number;
  /** NumVFs: how many VFs may be allocated at once. */
  readonly numVfs: number;
  readonly log: Logger;
  readonly onState: (vf: VfView, state: VfState) => void;
}

/**
 * The virtualization stack of the management OS: allocates a VF of the PF for each channel that a
 * guest opens, exposes it, carries invalidations to it, and frees it when the channel is gone.
 */
export class VirtualizationStack {
  readonly #options: VirtualizationStackOptions;
  readonly #ndis: PfNdis;
  readonly #log: RecurringLog;
  readonly #vfs = new Map<number, Vf>();
  readonly #surroundings: VfSurroundings;
  #allocating = 0;
  #stopping = false;
  #whenEmpty: (() => void)[] = [];

  constructor(options: VirtualizationStackOptions) {
    this.#options = options;
    this.#ndis = options.ndis;
    this.#log = new RecurringLog(options.log, options.clock);
    this.#surroundings = {
      ...options,
      log: this.#log,
      onGone: (vf, details) => this.#release(vf, details),
      onState: (vf, state) => options.onState(vf.view, state),
    };
    this.#ndis.onInvalidate((vfId, mask, cause) => this.#invalidate(vfId, mask, cause));
  }

  /**
   * Creates the NIC switch, once. Returns the PF miniport's status. A PF whose SR-IOV is not enabled
   * has no switch, as on Windows, where VMs then go without VFs; here every guest is refused one.
   */
  async start(): Promise<NdisStatus> {
    if (this.#ndis.sriovDisabled !== undefined) return NDIS_STATUS.NDIS_STATUS_SUCCESS;
    const { status } = await issued(this.#ndis, createSwitch(this.#options.numVfs));
    return status;
  }

  /** Ejects every VF, waits until all are freed, and deletes the NIC switch. */
  async stop(): Promise<void> {
    this.#stopping = true;
    for (const vf of this.#vfs.values()) vf.eject(CLOSE_CODES.goingAway);
    if (this.#vfs.size + this.#allocating > 0) {
      await new Promise<void>((resolve) => this.#whenEmpty.push(resolve));
    }
    if (this.#ndis.sriovDisabled !== undefined) return;
    const { status } = await issued(this.#ndis, deleteSwitch());
    this.#report(OID.OID_NIC_SWITCH_DELETE_SWITCH, status);
  }

  /** Cuts the channel of every VF that has not been freed yet. */
  abandon(): void {
    for (const vf of this.#vfs.values()) vf.close(CLOSE_CODES.goingAway);
  }

  get vfs(): readonly Vf[] {
    return [...this.#vfs.values()].sort((left, right) => left.vfId - right.vfId);
  }

  vf(vfId: number): Vf | undefined {
    return this.#vfs.get(vfId);
  }

  /** Allocates a VF for a channel and exposes it; a refusal closes the channel with its reason. */
  async attach(transport: Transport, offer: VfOffer): Promise<void> {
    const refusal = this.#refusal();
    if (refusal !== undefined) {
      this.#refuse(transport, offer, refusal);
      return;
    }
    this.#allocating++;
    const generation = this.#options.nextGeneration();
    const origin = { device: `${offer.vmName}/${offer.index}`, generation };
    const vf = await this.#allocate(transport, offer, origin);
    if (vf !== undefined) await this.#bringUp(vf);
  }

  #refusal(): CloseDetails | undefined {
    if (this.#stopping) {
      return { code: CLOSE_CODES.goingAway.code, reason: 'the host is shutting down' };
    }
    const { sriovDisabled } = this.#ndis;
    if (sriovDisabled !== undefined) {
      const reason = `SR-IOV is not enabled on the PF: ${sriovDisabled}`;
      return { code: CLOSE_CODES.sriovDisabled.code, reason };
    }
    const { numVfs } = this.#options;
    if (this.#vfs.size + this.#allocating < numVfs) return undefined;
    const reason = `NumVFs exhausted: ${numVfs} of ${numVfs} VFs are allocated`;
    return { code: CLOSE_CODES.noVfLeft.code, reason };
  }

  #refuse(transport: Transport, offer: VfOffer, details: CloseDetails): void {
    const { vmName, index } = offer;
    const device = `${vmName}/${index}`;
    this.#log.warn(`refused ${details.code}`, { device }, `VF refused: ${details.reason}`);
    transport.close(details);
  }

  /**
   * Asks the PF for a VF; undefined when there is none. The VF exists from the very completion of
   * OID_NIC_SWITCH_ALLOCATE_VF on, because the PF may invalidate its blocks right after it.
   */
  #allocate(transport: Transport, offer: VfOffer, origin: Vf['origin']): Promise<Vf | undefined> {
    return new Promise((resolve) => {
      this.#ndis.oidRequest(allocateVf(parametersOf(offer, origin), origin), (status, request) => {
        this.#allocating--;
        const vfId = this.#vfIdOf(status, request);
        if (typeof vfId === 'number') {
          const instance = { vfId, origin: { ...origin, vfId } };
          const vf = new Vf(this.#surroundings, instance, transport);
          this.#vfs.set(vfId, vf);
          this.#options.onState(vf.view, 'allocated');
          resolve(vf);
        } else {
          const { code } = CLOSE_CODES.allocationFailed;
          this.#refuse(transport, offer, { code, reason: vfId });
          this.#checkEmpty();
          resolve(undefined);
        }
      });
    });
  }

  /** The VFId that the PF gave out, or why there is none. */
  #vfIdOf(status: NdisStatus, request: NdisOidRequest): number | string {
    if (status !== NDIS_STATUS.NDIS_STATUS_SUCCESS) {
      return refusalOf(request.oid, status);
    }
    const vfId = parseVfParameters(request.informationBuffer)?.vfId ?? NDIS_INVALID_VF_FUNCTION_ID;
    return vfId === NDIS_INVALID_VF_FUNCTION_ID || this.#vfs.has(vfId)
      ? `the PF miniport gave out VFId ${vfId}, which is invalid or allocated`
      : vfId;
  }

  /**
   * From the allocation of a VF to the offer of its channel. A VF that is refused on the way, or that
   * loses its channel, is torn down as far as it had come.
   */
  async #bringUp(vf: Vf): Promise<void> {
    if (this.#stopping) vf.eject(CLOSE_CODES.goingAway);
    const { resources } = vf;
    const outcome = await bringUp(this.#ndis, resources, () => vf.state !== 'releasing');
    resources.isBroughtUp = true;
    if (vf.state === 'releasing') this.#tearDown(vf);
    else if (typeof outcome === 'string') this.#refuseVf(vf, outcome);
    else if (outcome !== undefined) vf.expose(outcome);
  }

  #refuseVf(vf: Vf, reason: string): void {
    const { vfId, origin } = vf;
    this.#log.warn('refused', { vfId, device: origin.device }, `VF refused: ${reason}`);
    vf.close({ code: CLOSE_CODES.allocationFailed.code, meaning: reason });
  }

  #invalidate(vfId: number, mask: BlockMask, cause: number): void {
    const vf = this.#vfs.get(vfId);
    if (vf !== undefined && vf.state !== 'releasing') {
      vf.invalidate(mask, cause);
      return;
    }
    const { trace } = this.#options;
    if (!trace.enabled) return;
    const note = 'the VF is not allocated; the function has no status to say so';
    const name = 'BlockMask';
    trace.record({ hop: 'blockMaskDropped', name, vfId, mask: maskHex(mask), cause, note });
  }

  /** The channel is gone. A bring-up that is under way sees to the teardown when it ends. */
  #release(vf: Vf, details: CloseDetails): void {
    const { log } = this.#options;
    const { vfId, origin } = vf;
    log.debug({ vfId, device: origin.device, code: closeCodeName(details.code) }, details.reason);
    if (vf.resources.isBroughtUp) this.#tearDown(vf);
  }

  /**
   * Takes back what a VF has been given. What it still has outstanding at the PF comes before, since
   * the PF's requests are first in, first out. The VFId is given up in the very completion of
   * OID_NIC_SWITCH_FREE_VF, because the next allocation may bring it back.
   */
  #tearDown(vf: Vf): void {
    for (const parameters of teardownOf(vf.resources)) {
      this.#ndis.oidRequest(parameters, (status, { oid }) => {
        this.#report(oid, status, vf.vfId);
        if (oid === OID.OID_NIC_SWITCH_FREE_VF) this.#freed(vf);
      });
    }
  }

  #freed(vf: Vf): void {
    this.#vfs.delete(vf.vfId);
    vf.freed();
    this.#checkEmpty();
  }

  /** Nothing can be done about a request of the teardown that fails, but it must not pass unseen. */
  #report(oid: Oid, status: NdisStatus, vfId?: number): void {
    if (status === NDIS_STATUS.NDIS_STATUS_SUCCESS) return;
    const what = { vfId, status: ndisStatusName(status) };
    this.#log.error(`failed ${oid}`, what, `${oidName(oid)} failed`);
  }

  #checkEmpty(): void {
    if (this.#vfs.size + this.#allocating > 0) return;
    for (const resolve of this.#whenEmpty.splice(0)) resolve();
  }
}

function parametersOf({ vmName, index }: VfOffer, { generation }: Vf['origin']): VfParameters {
  const macAddress = macAddressOf(generation);
  return {
    vmName,
    vmFriendlyName: vmName,
    nicName: `${vmName}--${index}`,
    permanentMacAddress: macAddress,
    currentMacAddress: macAddress,
  };
}

/** A locally administered address; the low three bytes count the VF instances. */
function macAddressOf(generation: number): Uint8Array {
  return Uint8Array.of(0x02, 0x15, 0x5d, generation >> 16, generation >> 8, generation);
}
