import { NTSTATUS, type NtStatus } from '#shared/nt/ntstatus.ts';
import { CLOSE_CODES } from '#shared/transport/close-codes.ts';
import { type Channel, MAX_OUTSTANDING_REQUESTS } from '#shared/vmbus/channel.ts';
import { PacketHandlers, type Respond } from '#shared/vmbus/packet-handlers.ts';
import { isBlockLength } from '#shared/vpci/config-block.ts';
import { invalidateBlock, readBlock, writeBlock } from '#shared/wire/block.ts';
import {
  busRelations,
  busRelations2,
  fdoD0Entry,
  fdoD0Exit,
  queryBusRelations,
} from '#shared/wire/bus.ts';
import { maskToWire, SLOT } from '#shared/wire/codecs.ts';
import {
  configWindowRead,
  configWindowWrite,
  currentResourceRequirements,
} from '#shared/wire/configuration.ts';
import { devicePowerStateChange, resetDevice } from '#shared/wire/device.ts';
import { eject, ejectComplete } from '#shared/wire/eject.ts';
import { queryProtocolVersion, VERSION_1_3, VERSION_1_5 } from '#shared/wire/version.ts';
import type { BlockRequests } from './block-requests.ts';
import type { ConfigWindow } from './config-window.ts';
import type { DeviceRequests } from './device-requests.ts';
import type { InvalidationCache } from './invalidation-cache.ts';
import type { PciFunction } from './pci-function.ts';

/** What a VSP tells of its VF. */
export interface VspEvents {
  /** The bus has entered D0. */
  entered(): void;
  /** The bus has left D0. */
  exited(): void;
  /** The guest has halted the VF after an EJECT. */
  ejectCompleted(): void;
}

export interface VpciVspOptions {
  readonly channel: Channel;
  readonly cache: InvalidationCache;
  readonly blockRequests: BlockRequests;
  readonly deviceRequests: DeviceRequests;
  /** The protocol versions that are accepted, newest first. */
  readonly versions: readonly number[];
  readonly events: VspEvents;
}

/**
 * The virtualization service provider of VPCI for one VF: answers the guest's messages, of which
 * none names a VFId: the one VF is meant that this channel is.
 *
 * Until a protocol version is agreed, only the version query is legal, and afterwards it no longer
 * is. A message out of that order ends the channel, as it does in published hosts.
 */
export class VpciVsp {
  static readonly #packets = new PacketHandlers<VpciVsp>('guest-to-host')
    .answeringWhen((vsp) => vsp.#version !== undefined)
    .handle(queryProtocolVersion, (vsp, { protocolVersion }, respond) =>
      vsp.#negotiate(protocolVersion, respond),
    )
    .on(queryBusRelations, (vsp) => {
      if (vsp.#isReady()) vsp.#sendBusRelations();
    })
    .handle(fdoD0Entry, (vsp, _message, respond) => vsp.#enterD0(respond))
    .handle(fdoD0Exit, (vsp, _message, respond) => vsp.#exitD0(respond))
    .handle(devicePowerStateChange, (vsp, { slot, powerState }, respond, cause) => {
      if (!vsp.#isReady()) return;
      const refusal = vsp.#refuseDevice(slot);
      if (refusal !== undefined) respond({ status: refusal });
      else vsp.#options.deviceRequests.setPowerState(powerState, respond, cause);
    })
    .handle(resetDevice, (vsp, { slot }, respond, cause) => {
      if (!vsp.#isReady()) return;
      const refusal = vsp.#refuseReset(slot);
      if (refusal !== undefined) respond({ status: refusal });
      else vsp.#options.deviceRequests.reset(respond, cause);
    })
    .handle(currentResourceRequirements, (vsp, { slot }, respond) => {
      if (vsp.#isReady()) vsp.#resourceRequirements(slot, respond);
    })
    .handle(configWindowRead, (vsp, message, respond, cause) => {
      if (!vsp.#isReady()) return;
      const refusal = vsp.#refuseDevice(message.slot);
      if (refusal !== undefined) respond({ status: refusal });
      else vsp.#window?.read(message, respond, cause);
    })
    .handle(configWindowWrite, (vsp, message, respond, cause) => {
      if (!vsp.#isReady()) return;
      const refusal = vsp.#refuseDevice(message.slot);
      if (refusal !== undefined) respond({ status: refusal });
      else vsp.#window?.write(message, respond, cause);
    })
    .handle(readBlock, (vsp, message, respond, cause) => {
      if (!vsp.#isReady()) return;
      const refusal = vsp.#refuseBlock(message.slot, message.bytesRequested);
      if (refusal !== undefined) respond({ status: refusal });
      else vsp.#options.blockRequests.read(message, respond, cause);
    })
    .handle(writeBlock, (vsp, message, respond, cause) => {
      if (!vsp.#isReady()) return;
      const refusal = vsp.#refuseBlock(message.slot, message.byteCount);
      if (refusal !== undefined) respond({ status: refusal });
      else vsp.#options.blockRequests.write(message, respond, cause);
    })
    .on(ejectComplete, (vsp, { slot }) => {
      if (vsp.#isReady() && slot === SLOT) vsp.#options.events.ejectCompleted();
    });

  readonly #options: VpciVspOptions;
  readonly #channel: Channel;
  #version: number | undefined;
  #inD0 = false;
  #sendScheduled = false;
  #function: PciFunction | undefined;
  #window: ConfigWindow | undefined;

  constructor(options: VpciVspOptions) {
    this.#options = options;
    this.#channel = options.channel;
  }

  /** Begins to serve the guest, on whose bus the VF is as `pciFunction`, behind that window. */
  open(pciFunction: PciFunction, window: ConfigWindow): void {
    this.#function = pciFunction;
    this.#window = window;
    this.#channel.open(VpciVsp.#packets, this);
  }

  /** The protocol version agreed on; undefined before. */
  get version(): number | undefined {
    return this.#version;
  }

  /**
   * Sends what the cache holds, soon: once the current call has returned, so that a PF miniport that
   * invalidates several times in a row causes one message, and one that invalidates inside its OID
   * handler has that request answered first. What the channel cannot take stays in the cache.
   */
  scheduleInvalidate(): void {
    if (this.#sendScheduled) return;
    this.#sendScheduled = true;
    queueMicrotask(() => {
      this.#sendScheduled = false;
      this.#sendInvalidate();
    });
  }

  /** Asks the guest for the device. Returns false when it does not speak a version yet. */
  eject(): boolean {
    if (this.#version === undefined) return false;
    this.#channel.notify(eject, { slot: SLOT });
    return true;
  }

  #sendInvalidate(): void {
    const { cache } = this.#options;
    if (!this.#inD0 || this.#channel.congested || cache.mask === 0n) return;
    const { cause } = cache;
    const message = { slot: SLOT, blockMask: maskToWire(cache.take()) };
    this.#channel.notify(invalidateBlock, message, cause);
  }

  #exitD0(respond: Respond<typeof fdoD0Exit>): void {
    if (!this.#isReady()) return;
    const wasInD0 = this.#inD0;
    this.#inD0 = false;
    respond({ status: NTSTATUS.STATUS_SUCCESS });
    if (wasInD0) this.#options.events.exited();
  }

  #negotiate(asked: number, respond: Respond<typeof queryProtocolVersion>): void {
    if (this.#version !== undefined) {
      this.#outOfOrder('QUERY_PROTOCOL_VERSION after a version was agreed');
      return;
    }
    const { versions } = this.#options;
    const newest = versions[0];
    const accepted = versions.includes(asked);
    const status = accepted ? NTSTATUS.STATUS_SUCCESS : NTSTATUS.STATUS_REVISION_MISMATCH;
    if (accepted) this.#version = asked;
    respond({ status, ...(newest === undefined ? {} : { protocolVersion: newest }) });
  }

  /** The device list goes out before the completion of FDO_D0_ENTRY, as Hyper-V has it. */
  #enterD0(respond: Respond<typeof fdoD0Entry>): void {
    if (!this.#isReady()) return;
    if (this.#inD0) {
      respond({ status: NTSTATUS.STATUS_INVALID_DEVICE_REQUEST });
      return;
    }
    this.#sendBusRelations();
    this.#inD0 = true;
    respond({ status: NTSTATUS.STATUS_SUCCESS });
    this.#options.events.entered();
    this.scheduleInvalidate();
  }

  #sendBusRelations(): void {
    const device = this.#function?.device;
    if (device === undefined) return;
    if ((this.#version ?? 0) < VERSION_1_3)
      this.#channel.notify(busRelations, { devices: [device] });
    else this.#channel.notify(busRelations2, { devices: [{ ...device, flags: 0, numaNode: 0 }] });
  }

  /** Linux guests ask before they enter D0, when only the slot can be wrong. */
  #resourceRequirements(slot: number, respond: Respond<typeof currentResourceRequirements>): void {
    const probedBars = this.#function?.probedBars;
    if (slot !== SLOT || probedBars === undefined) {
      respond({ status: NTSTATUS.STATUS_NO_SUCH_DEVICE });
    } else respond({ status: NTSTATUS.STATUS_SUCCESS, probedBars: [...probedBars] });
  }

  /**
   * Why a block request goes no further. Only these may wait for the PF, so only these are counted: a
   * guest whose requests all wait can still leave D0.
   */
  #refuseBlock(slot: number, length: number): NtStatus | undefined {
    if (this.#channel.serving > MAX_OUTSTANDING_REQUESTS) {
      return NTSTATUS.STATUS_INSUFFICIENT_RESOURCES;
    }
    const refusal = this.#refuseDevice(slot);
    if (refusal !== undefined) return refusal;
    return isBlockLength(length) ? undefined : NTSTATUS.STATUS_INVALID_PARAMETER;
  }

  /** Why a request goes no further that is for the device in `slot`. */
  #refuseDevice(slot: number): NtStatus | undefined {
    if (!this.#inD0) return NTSTATUS.STATUS_DEVICE_NOT_CONNECTED;
    return slot === SLOT ? undefined : NTSTATUS.STATUS_NO_SUCH_DEVICE;
  }

  /** Published hosts answer RESET_DEVICE with the same status in every version. */
  #refuseReset(slot: number): NtStatus | undefined {
    const isKnown = (this.#version ?? 0) >= VERSION_1_5;
    return isKnown ? this.#refuseDevice(slot) : NTSTATUS.STATUS_NOT_SUPPORTED;
  }

  #isReady(): boolean {
    if (this.#version !== undefined) return true;
    this.#outOfOrder('a message before QUERY_PROTOCOL_VERSION');
    return false;
  }

  #outOfOrder(reason: string): void {
    this.#channel.close({ code: CLOSE_CODES.protocolError.code, reason });
  }
}
