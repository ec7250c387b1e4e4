import type { NdisDevicePowerState } from '#shared/ndis/device-power-state.ts';
import type { NdisStatus } from '#shared/ndis/ndis-status.ts';
import type { OidOrigin } from '#shared/ndis/oid-request.ts';
import { canEnter } from '#shared/state-table.ts';
import type { Timer } from '#shared/time/clock.ts';
import { CLOSE_CODES } from '#shared/transport/close-codes.ts';
import type { CloseDetails, Transport } from '#shared/transport/transport.ts';
import { Channel } from '#shared/vmbus/channel.ts';
import { ChannelTracer } from '#shared/vmbus/channel-tracer.ts';
import { type BlockMask, maskHex } from '#shared/vpci/config-block.ts';
import { BlockRequests } from './block-requests.ts';
import { ConfigWindow } from './config-window.ts';
import { DeviceRequests } from './device-requests.ts';
import { InvalidationCache } from './invalidation-cache.ts';
import type { PciFunction } from './pci-function.ts';
import { resetVf } from './vf-oids.ts';
import { VfResources } from './vf-resources.ts';
import { VF_STATES, type VfState } from './vf-state.ts';
import type { VfInstance, VfSurroundings } from './vf-surroundings.ts';
import { VpciVsp, type VspEvents } from './vpci-vsp.ts';

/** How long a guest may take from its channel to D0. */
const HANDSHAKE_TIMEOUT_MS = 30_000;

/** What an operator sees of a VF. */
export interface VfView {
  readonly vfId: number;
  /** The VPort of the NIC switch that is attached to the VF; undefined while there is none. */
  readonly vportId: number | undefined;
  /** As what the guest sees the VF on its bus; undefined before it does. */
  readonly pciFunction: PciFunction | undefined;
  /** Which VF of which guest: `g1/0`. */
  readonly device: string;
  readonly state: VfState;
  readonly generation: number;
  /** The VPCI protocol version agreed on; undefined before. */
  readonly protocolVersion: number | undefined;
  /** The power state that the guest last gave its device; unspecified when it never said. */
  readonly devicePowerState: NdisDevicePowerState;
  /** The BlockMask that waits to be sent to the guest. */
  readonly pendingMask: BlockMask;
  /** Requests of the guest that have not been answered. */
  readonly outstanding: number;
  readonly framesSent: number;
  readonly framesReceived: number;
  readonly bytesSent: number;
  readonly bytesReceived: number;
  /** When the VF was allocated, in milliseconds since the Unix epoch. */
  readonly allocatedAt: number;
}

/** One allocated VF: its state, its channel, and the mask that waits for it. */
export class Vf implements VspEvents {
  readonly vfId: number;
  readonly origin: OidOrigin;
  readonly resources: VfResources;
  readonly #surroundings: VfSurroundings;
  readonly #cache = new InvalidationCache();
  readonly #channel: Channel;
  readonly #deviceRequests: DeviceRequests;
  readonly #vsp: VpciVsp;
  readonly #allocatedAt: number;
  #pciFunction: PciFunction | undefined;
  #state: VfState = 'allocated';
  #deadline: Timer | undefined;
  #closeCode: { readonly code: number; readonly meaning: string } = CLOSE_CODES.ejected;

  constructor(surroundings: VfSurroundings, { vfId, origin }: VfInstance, transport: Transport) {
    const { device, generation } = origin;
    const { ndis, versions, trace, clock } = surroundings;
    this.#surroundings = surroundings;
    this.vfId = vfId;
    this.origin = origin;
    this.resources = new VfResources(vfId, origin);
    this.#allocatedAt = clock.now();
    this.#channel = new Channel({
      transport,
      tracer: new ChannelTracer(trace, 'host-to-guest', { device, vfId, generation }),
      onClose: this.#gone.bind(this),
      onDrain: this.#drained.bind(this),
    });
    this.#deviceRequests = new DeviceRequests(ndis, this);
    this.#vsp = new VpciVsp({
      versions,
      channel: this.#channel,
      cache: this.#cache,
      blockRequests: new BlockRequests(surroundings, this),
      deviceRequests: this.#deviceRequests,
      events: this,
    });
  }

  get state(): VfState {
    return this.#state;
  }

  get view(): VfView {
    return {
      vfId: this.vfId,
      vportId: this.resources.vportId,
      pciFunction: this.#pciFunction,
      device: this.origin.device,
      state: this.#state,
      generation: this.origin.generation,
      protocolVersion: this.#vsp.version,
      devicePowerState: this.#deviceRequests.powerState,
      pendingMask: this.#cache.mask,
      outstanding: this.#channel.serving,
      ...this.#channel.counters,
      allocatedAt: this.#allocatedAt,
    };
  }

  /**
   * Offers the channel to the guest, on whose bus the VF appears as `pciFunction`; unless the VF was
   * taken away again before it came to that.
   */
  expose(pciFunction: PciFunction): void {
    if (this.#state === 'releasing') return;
    this.#enter('exposed');
    this.#setDeadline(HANDSHAKE_TIMEOUT_MS, CLOSE_CODES.handshakeTimeout);
    this.#pciFunction = pciFunction;
    this.#vsp.open(pciFunction, new ConfigWindow(this.#surroundings, this, pciFunction));
  }

  /** ORs the mask into the cache; it is sent as soon as the bus is in D0 and the channel takes it. */
  invalidate(mask: BlockMask, cause: number): void {
    const { trace } = this.#surroundings;
    this.#cache.or(mask, cause);
    if (trace.enabled) {
      const { vfId, origin } = this;
      const cached = maskHex(this.#cache.mask);
      trace.record({
        hop: 'blockMaskCached',
        name: 'BlockMask',
        vfId,
        ...origin,
        mask: cached,
        cause,
      });
    }
    this.#vsp.scheduleInvalidate();
  }

  /**
   * OID_SRIOV_RESET_VF; `complete` is called once, with the status of the PF miniport. Documents tie
   * nothing of the backchannel to it.
   */
  reset(cause: number, complete: (status: NdisStatus, cause: number) => void): void {
    const { ndis, maskOnReset } = this.#surroundings;
    ndis.oidRequest(resetVf(this.vfId, this.origin, cause), (status, request) => {
      if (maskOnReset === 'drop') this.#dropMask(request.cause);
      complete(status, request.cause);
    });
  }

  #dropMask(cause: number): void {
    const { trace } = this.#surroundings;
    const dropped = this.#cache.take();
    if (dropped === 0n || !trace.enabled) return;
    trace.record({
      hop: 'blockMaskDropped',
      name: 'BlockMask',
      vfId: this.vfId,
      ...this.origin,
      mask: maskHex(dropped),
      cause,
      note: 'OID_SRIOV_RESET_VF has reset the VF',
    });
  }

  /**
   * Asks the guest for the device, and takes it by surprise when it does not answer in time, as one
   * that sleeps cannot. `code` is what the channel is closed with. A second EJECT changes nothing.
   */
  eject(code: { readonly code: number; readonly meaning: string } = CLOSE_CODES.ejected): void {
    if (this.#state === 'ejecting' || this.#state === 'releasing') return;
    this.#closeCode = code;
    if (!this.#vsp.eject()) {
      this.close(code);
      return;
    }
    this.#enter('ejecting');
    this.#setDeadline(this.#surroundings.ejectTimeoutMs, {
      ...code,
      meaning: 'the guest did not answer EJECT in time: surprise removal',
    });
  }

  /** OID_NIC_SWITCH_FREE_VF has been completed. */
  freed(): void {
    this.#enter('freed');
  }

  /** Rescinds the channel: to the guest, the device is gone. */
  close(code: { readonly code: number; readonly meaning: string }): void {
    this.#channel.close({ code: code.code, reason: code.meaning });
  }

  /** A guest that leaves D0 and enters it again does not escape an EJECT. */
  entered(): void {
    if (!this.#enter('running')) return;
    this.#deadline?.cancel();
    this.#deadline = undefined;
  }

  exited(): void {
    this.#enter('halted');
  }

  #drained(): void {
    this.#vsp.scheduleInvalidate();
  }

  ejectCompleted(): void {
    if (this.#state === 'ejecting') this.close(this.#closeCode);
  }

  #setDeadline(
    milliseconds: number,
    code: { readonly code: number; readonly meaning: string },
  ): void {
    this.#deadline?.cancel();
    this.#deadline = this.#surroundings.clock.setTimer(milliseconds, () => this.close(code));
  }

  #gone(details: CloseDetails): void {
    this.#deadline?.cancel();
    this.#enter('releasing');
    this.#surroundings.onGone(this, details);
  }

  /** Enters a state, unless the VF cannot from where it stands; returns whether it did. */
  #enter(state: VfState): boolean {
    if (!canEnter(VF_STATES, this.#state, state)) return false;
    this.#state = state;
    this.#surroundings.onState(this, state);
    return true;
  }
}
