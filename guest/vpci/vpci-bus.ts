import { NDIS_DEVICE_POWER_STATE } from '#shared/ndis/device-power-state.ts';
import { NTSTATUS, ntStatusName } from '#shared/nt/ntstatus.ts';
import type { Clock, Timer } from '#shared/time/clock.ts';
import type { Trace } from '#shared/trace/trace.ts';
import type { VfIdentity } from '#shared/trace/vf-identity.ts';
import { CLOSE_CODES } from '#shared/transport/close-codes.ts';
import type { CloseDetails, Transport } from '#shared/transport/transport.ts';
import { Channel, type ChannelCounters } from '#shared/vmbus/channel.ts';
import { ChannelError } from '#shared/vmbus/channel-error.ts';
import { ChannelTracer } from '#shared/vmbus/channel-tracer.ts';
import { PacketHandlers } from '#shared/vmbus/packet-handlers.ts';
import { invalidateBlock } from '#shared/wire/block.ts';
import {
  type BusDevice,
  busRelations,
  busRelations2,
  fdoD0Entry,
  fdoD0Exit,
} from '#shared/wire/bus.ts';
import { maskFromWire, SLOT } from '#shared/wire/codecs.ts';
import { currentResourceRequirements } from '#shared/wire/configuration.ts';
import type { CompletionOf, MessageOf, RequestDescriptor } from '#shared/wire/descriptor.ts';
import { devicePowerStateChange } from '#shared/wire/device.ts';
import { eject, ejectComplete } from '#shared/wire/eject.ts';
import { queryProtocolVersion, versionName } from '#shared/wire/version.ts';
import { ConfigWindow } from './config-window.ts';
import { VpciDriver } from './vpci-driver.ts';

const { NdisDeviceStateD0, NdisDeviceStateD3 } = NDIS_DEVICE_POWER_STATE;

/** How long the host may take over the handshake, or over a goodbye, before it is given up. */
const HANDSHAKE_TIMEOUT_MS = 30_000;

export interface VpciBusOptions {
  readonly transport: Transport;
  readonly trace: Trace;
  readonly clock: Clock;
  /** Which VF of which guest: `g1/0`. */
  readonly device: string;
  /** The protocol versions to ask for, in this order. */
  readonly versions: readonly number[];
  /** The host wants the device back; answer with {@link VpciBus.completeEject}. */
  readonly onEject: () => void;
  /** The device is gone, called once: the channel closed, or the host no longer lists the device. */
  readonly onGone: (details: CloseDetails) => void;
}

/**
 * The VPCI driver as the guest's bus driver: opens the channel, finds the VF on it, and takes the
 * bus into and out of D0.
 *
 * Source: Microsoft Learn: Virtual Function Initialization Sequence; the order of the messages is
 * that of the published guests.
 */
export class VpciBus {
  static readonly #packets = new PacketHandlers<VpciBus>('host-to-guest')
    .on(busRelations, (bus, { devices }) => bus.#related(devices))
    .on(busRelations2, (bus, { devices }) => bus.#related(devices))
    .on(invalidateBlock, (bus, { slot, blockMask }, cause) => {
      if (slot === SLOT) bus.driver.notifyInvalidate(maskFromWire(blockMask), cause);
    })
    .on(eject, (bus, { slot }) => {
      if (slot === SLOT) bus.#options.onEject();
    });

  readonly driver: VpciDriver;
  readonly configWindow: ConfigWindow;
  readonly #options: VpciBusOptions;
  readonly #tracer: ChannelTracer;
  readonly #channel: Channel;
  #device: BusDevice | undefined;
  #deviceInD3: Promise<unknown> | undefined;
  #probedBars: readonly number[] = [];
  #deadline: Timer | undefined;

  constructor(options: VpciBusOptions) {
    this.#options = options;
    const { transport, trace, device } = options;
    this.#tracer = new ChannelTracer(trace, 'guest-to-host', { device });
    this.#channel = new Channel({
      transport,
      tracer: this.#tracer,
      onClose: (details) => this.#gone(details),
    });
    const identity = () => this.#tracer.identity;
    this.driver = new VpciDriver(this.#channel, trace, identity);
    this.configWindow = new ConfigWindow(this.#channel, trace, identity);
  }

  get counters(): ChannelCounters {
    return this.#channel.counters;
  }

  /** What the trace shows of this VF. */
  get identity(): VfIdentity {
    return this.#tracer.identity;
  }

  /** What the BARs of the VF read once probed; none when the host does not tell. */
  get probedBars(): readonly number[] {
    return this.#probedBars;
  }

  /**
   * Brings the bus and its device to D0: agrees on a version, enters D0, finds the VF in the bus
   * relations that the host sends before it completes the entry, asks for its BARs, and takes it into
   * D0. Returns the VF; undefined when the channel was closed, of which `onGone` tells the reason.
   */
  async start(): Promise<BusDevice | undefined> {
    this.#setDeadline(() =>
      this.close(CLOSE_CODES.handshakeTimeout, 'the host did not finish the handshake'),
    );
    this.#channel.open(VpciBus.#packets, this);
    const started =
      (await this.#negotiateVersion()) &&
      (await this.#enterBusD0()) &&
      this.#hasDevice() &&
      (await this.#findBars()) &&
      (await this.#enterDeviceD0());
    this.#deadline?.cancel();
    return started ? this.#device : undefined;
  }

  /**
   * Takes the device into D3 and the bus out of D0; blocks can no longer be read or written, and the
   * channel stays open. Nobody can refuse that, so statuses are not looked at; a silent host is not
   * waited for long; and the device is not waited for, since its PF may be held up by other requests.
   */
  async exitD0(): Promise<void> {
    this.driver.exitD0();
    const message = { slot: SLOT, powerState: NdisDeviceStateD3 };
    this.#deviceInD3 = this.#request(devicePowerStateChange, message);
    await new Promise<void>((resolve) => {
      this.#setDeadline(resolve);
      this.#channel.request(fdoD0Exit, {}, () => resolve());
    });
    this.#deadline?.cancel();
  }

  /**
   * Takes the bus and its device into D0 again, on the channel of before and in its version. Returns
   * false when the channel was closed, since either did not come there.
   */
  async enterD0(): Promise<boolean> {
    this.#setDeadline(() =>
      this.close(CLOSE_CODES.handshakeTimeout, 'the host did not take the bus into D0 in time'),
    );
    const entered = (await this.#enterBusD0()) && (await this.#enterDeviceD0());
    this.#deadline?.cancel();
    if (entered) this.driver.enterD0();
    return entered;
  }

  /** Tells the host that the VF has been halted; the host closes the channel then, or the guest does. */
  completeEject(): void {
    this.#channel.notify(ejectComplete, { slot: SLOT });
    this.#setDeadline(() => this.close(CLOSE_CODES.ejected, 'the host did not take the VF away'));
  }

  close(code: { readonly code: number; readonly meaning: string }, reason = code.meaning): void {
    this.#channel.close({ code: code.code, reason });
  }

  async #negotiateVersion(): Promise<boolean> {
    for (const version of this.#options.versions) {
      const reply = await this.#request(queryProtocolVersion, { protocolVersion: version });
      if (reply === undefined) return false;
      if (reply.status === NTSTATUS.STATUS_SUCCESS) return true;
      if (reply.status !== NTSTATUS.STATUS_REVISION_MISMATCH) break;
    }
    const asked = this.#options.versions.map(versionName).join(', ');
    this.close(CLOSE_CODES.noCommonVersion, `the host accepts none of VPCI ${asked}`);
    return false;
  }

  async #enterBusD0(): Promise<boolean> {
    const reply = await this.#request(fdoD0Entry, {});
    if (reply?.status === NTSTATUS.STATUS_SUCCESS) return true;
    if (reply !== undefined) this.close(CLOSE_CODES.protocolError, 'the host refused FDO_D0_ENTRY');
    return false;
  }

  #hasDevice(): boolean {
    if (this.#device !== undefined) return true;
    this.close(CLOSE_CODES.noSuchDevice, CLOSE_CODES.noSuchDevice.meaning);
    return false;
  }

  /** Hosts need not tell: a device whose BARs are not known has none. */
  async #findBars(): Promise<boolean> {
    const reply = await this.#request(currentResourceRequirements, { slot: SLOT });
    this.#probedBars = reply?.probedBars ?? [];
    return reply !== undefined;
  }

  /**
   * A PF that has no power states, and says so, has its VFs in D0 always. The host takes one change of
   * power at a time: one to D3 that it has not completed yet is waited for.
   */
  async #enterDeviceD0(): Promise<boolean> {
    await this.#deviceInD3;
    const message = { slot: SLOT, powerState: NdisDeviceStateD0 };
    const reply = await this.#request(devicePowerStateChange, message);
    if (reply === undefined) return false;
    const { STATUS_SUCCESS, STATUS_NOT_SUPPORTED } = NTSTATUS;
    if (reply.status === STATUS_SUCCESS || reply.status === STATUS_NOT_SUPPORTED) return true;
    const { meaning } = CLOSE_CODES.powerFailed;
    this.close(CLOSE_CODES.powerFailed, `${meaning}: ${ntStatusName(reply.status)}`);
    return false;
  }

  #request<D extends RequestDescriptor>(
    descriptor: D,
    message: MessageOf<D>,
  ): Promise<CompletionOf<D> | undefined> {
    return new Promise((resolve) => {
      this.#channel.request(descriptor, message, (reply) =>
        resolve(reply instanceof ChannelError ? undefined : reply),
      );
    });
  }

  /**
   * Each list is the whole bus, and may come again at any time: the same device changes nothing, and
   * one that is missing, or has another serial number, has been removed.
   */
  #related(devices: readonly BusDevice[]): void {
    const found = devices.find((device) => device.slot === SLOT);
    if (this.#device === undefined) {
      this.#device = found;
      this.driver.serialNumber = found?.serialNumber ?? 0;
      this.#tracer.identity = { ...this.#tracer.identity, generation: found?.serialNumber };
    } else if (found?.serialNumber !== this.#device.serialNumber) {
      this.close(CLOSE_CODES.noSuchDevice, 'the host no longer lists the device');
    }
  }

  #setDeadline(missed: () => void): void {
    this.#deadline?.cancel();
    this.#deadline = this.#options.clock.setTimer(HANDSHAKE_TIMEOUT_MS, missed);
  }

  #gone(details: CloseDetails): void {
    this.#deadline?.cancel();
    this.driver.remove();
    this.#options.onGone(details);
  }
}
