import { ERRNO, errnoName } from '#shared/linux/errno.ts';
import { NTSTATUS, type NtStatus, ntStatusName } from '#shared/nt/ntstatus.ts';
import type { Clock, Timer } from '#shared/time/clock.ts';
import type { Trace } from '#shared/trace/trace.ts';
import type { VfIdentity } from '#shared/trace/vf-identity.ts';
import { CLOSE_CODES } from '#shared/transport/close-codes.ts';
import type { CloseDetails, Transport } from '#shared/transport/transport.ts';
import { Channel } from '#shared/vmbus/channel.ts';
import { ChannelError } from '#shared/vmbus/channel-error.ts';
import { ChannelTracer } from '#shared/vmbus/channel-tracer.ts';
import { PacketHandlers } from '#shared/vmbus/packet-handlers.ts';
import type { BlockMask } from '#shared/vpci/config-block.ts';
import { invalidateBlock } from '#shared/wire/block.ts';
import {
  type BusDevice,
  busRelations,
  busRelations2,
  fdoD0Entry,
  fdoD0Exit,
  queryBusRelations,
} from '#shared/wire/bus.ts';
import { maskFromWire, SLOT } from '#shared/wire/codecs.ts';
import { currentResourceRequirements } from '#shared/wire/configuration.ts';
import type { CompletionOf, MessageOf, RequestDescriptor } from '#shared/wire/descriptor.ts';
import { eject, ejectComplete } from '#shared/wire/eject.ts';
import { ALL_VERSIONS, queryProtocolVersion, versionName } from '#shared/wire/version.ts';

/** The newest version that Linux guests ask for. */
const NEWEST_LINUX_VERSION = 0x00010004;

/**
 * How long the host may take over the handshake, or to take an ejected device away. Linux waits for
 * ever, which no guest here does.
 */
const HANDSHAKE_TIMEOUT_MS = 30_000;

/** How long Linux waits for the completion of FDO_D0_EXIT. */
const D0_EXIT_TIMEOUT_MS = 10_000;

export interface HvPciBusOptions {
  readonly transport: Transport;
  readonly trace: Trace;
  readonly clock: Clock;
  /** Which VF of which guest: `g1/0`. */
  readonly device: string;
  /** The protocol versions that may be asked for; of these, those that Linux speaks are. */
  readonly versions: readonly number[];
  /** The host has listed every device that is in the slot of the VF now: one, or none. */
  readonly onRelated: (device: BusDevice | undefined) => void;
  readonly onInvalidated: (mask: BlockMask, cause: number) => void;
  /** The host wants the device back; answer with {@link HvPciBus.completeEject}. */
  readonly onEject: () => void;
  /** The channel is rescinded, called once. */
  readonly onGone: (details: CloseDetails) => void;
}

/**
 * The messages of pci-hyperv, which is both the bus driver of a Linux guest and what its VF driver
 * reads and writes blocks through.
 *
 * Source: Linux pci-hyperv, as facts about a published guest.
 */
export class HvPciBus {
  static readonly #packets = new PacketHandlers<HvPciBus>('host-to-guest')
    .on(busRelations, (bus, { devices }) => bus.#related(devices))
    .on(busRelations2, (bus, { devices }) => bus.#related(devices))
    .on(invalidateBlock, (bus, { slot, blockMask }, cause) => {
      if (slot === SLOT) bus.#options.onInvalidated(maskFromWire(blockMask), cause);
    })
    .on(eject, (bus, { slot }) => {
      if (slot === SLOT) bus.#options.onEject();
    });

  readonly channel: Channel;
  readonly #options: HvPciBusOptions;
  readonly #tracer: ChannelTracer;
  /** Ends a handshake that takes too long. */
  #deadline: Timer | undefined;
  /** Ends the bus of a device that was ejected, and that the host does not take away. */
  #departure: Timer | undefined;
  #inD0 = false;

  constructor(options: HvPciBusOptions) {
    this.#options = options;
    const { transport, trace, device } = options;
    this.#tracer = new ChannelTracer(trace, 'guest-to-host', { device });
    this.channel = new Channel({
      transport,
      tracer: this.#tracer,
      onClose: (details) => this.#gone(details),
    });
  }

  /** What the trace shows of this VF. */
  get identity(): VfIdentity {
    return this.#tracer.identity;
  }

  /** Another instance has come to the bus: it is what is traced from now on, and what stays. */
  appeared({ serialNumber }: BusDevice): void {
    this.#departure?.cancel();
    this.#tracer.identity = { device: this.#options.device, generation: serialNumber };
  }

  get inD0(): boolean {
    return this.#inD0;
  }

  /**
   * Opens the channel, agrees on a version, and asks for the bus relations. The version is the one
   * that was asked for, whatever the completion names. Returns false when the channel was closed.
   */
  async start(): Promise<boolean> {
    this.#deadline = this.#options.clock.setTimer(HANDSHAKE_TIMEOUT_MS, () =>
      this.close(CLOSE_CODES.handshakeTimeout, 'the host did not finish the handshake'),
    );
    this.channel.open(HvPciBus.#packets, this);
    if (!(await this.#negotiateVersion())) return false;
    this.channel.notify(queryBusRelations, {});
    return true;
  }

  /**
   * Asks what the BARs of a device read once probed, as for each device that is new on the bus. They
   * are not used: nothing is behind them. Returns false when the channel was closed.
   */
  async queryResourceRequirements(): Promise<boolean> {
    return (await this.#request(currentResourceRequirements, { slot: SLOT })) !== undefined;
  }

  /**
   * Enters D0. A host that refuses may hold the device for a kernel that crashed: the bus leaves D0
   * and tries again, once. Returns false when the channel was closed.
   */
  async enterD0(): Promise<boolean> {
    let reply = await this.#request(fdoD0Entry, {});
    if (reply !== undefined && isFailure(reply.status)) {
      await this.exitD0();
      reply = await this.#request(fdoD0Entry, {});
    }
    if (reply === undefined) return false;
    if (isFailure(reply.status)) {
      this.#protocolError(fdoD0Entry.type, reply.status);
      return false;
    }
    this.#deadline?.cancel();
    this.#inD0 = true;
    return true;
  }

  /** Leaves D0. What the host answers does not matter, nor, after ten seconds, that it does not. */
  async exitD0(): Promise<void> {
    this.#inD0 = false;
    await new Promise<void>((resolve) => {
      const timer = this.#options.clock.setTimer(D0_EXIT_TIMEOUT_MS, resolve);
      this.channel.request(fdoD0Exit, {}, () => {
        timer.cancel();
        resolve();
      });
    });
  }

  /** The driver has let go of the device: the host takes it away now. Linux adds a status. */
  completeEject(): void {
    this.channel.notify(ejectComplete, { slot: SLOT, status: NTSTATUS.STATUS_SUCCESS });
    this.#departure = this.#options.clock.setTimer(HANDSHAKE_TIMEOUT_MS, () =>
      this.close(CLOSE_CODES.ejected, 'the host did not take the VF away'),
    );
  }

  close(code: { readonly code: number; readonly meaning: string }, reason = code.meaning): void {
    this.channel.close({ code: code.code, reason });
  }

  async #negotiateVersion(): Promise<boolean> {
    const { versions } = this.#options;
    const asked = ALL_VERSIONS.filter(
      (version) => version <= NEWEST_LINUX_VERSION && versions.includes(version),
    );
    for (const protocolVersion of asked) {
      const reply = await this.#request(queryProtocolVersion, { protocolVersion });
      if (reply === undefined) return false;
      if (!isFailure(reply.status)) return true;
      if (reply.status !== NTSTATUS.STATUS_REVISION_MISMATCH) {
        this.#protocolError(queryProtocolVersion.type, reply.status);
        return false;
      }
    }
    const names = (asked.length === 0 ? versions : asked).map(versionName).join(', ');
    const newest = versionName(NEWEST_LINUX_VERSION);
    this.close(
      CLOSE_CODES.noCommonVersion,
      asked.length === 0
        ? `a Linux guest speaks VPCI ${newest} and older, and is to ask for ${names}`
        : `the host accepts none of VPCI ${names}`,
    );
    return false;
  }

  /** The probe of the bus fails with -EPROTO. */
  #protocolError(type: string, status: NtStatus): void {
    const reason = `${type} failed with ${ntStatusName(status)}: ${errnoName(-ERRNO.EPROTO)}`;
    this.close(CLOSE_CODES.protocolError, reason);
  }

  #request<D extends RequestDescriptor>(
    descriptor: D,
    message: MessageOf<D>,
  ): Promise<CompletionOf<D> | undefined> {
    return new Promise((resolve) => {
      this.channel.request(descriptor, message, (reply) =>
        resolve(reply instanceof ChannelError ? undefined : reply),
      );
    });
  }

  #related(devices: readonly BusDevice[]): void {
    this.#options.onRelated(devices.find(({ slot }) => slot === SLOT));
  }

  #gone(details: CloseDetails): void {
    this.#deadline?.cancel();
    this.#departure?.cancel();
    this.#inD0 = false;
    this.#options.onGone(details);
  }
}

/** Linux reads a status as a signed number: a negative one, of severity warning or error, fails. */
function isFailure(status: NtStatus): boolean {
  return (status | 0) < 0;
}
