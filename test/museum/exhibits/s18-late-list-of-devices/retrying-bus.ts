import { HvPciBus } from '#guest/linux/hv-pci-bus.ts';
import type { LinuxVirtualFunctionOptions } from '#guest/linux/linux-virtual-function.ts';
import { isSameDevice, newPciChild, type PciChild } from '#guest/linux/pci-child.ts';
import type { VfLife } from '#guest/vf-life.ts';
import { NTSTATUS, type NtStatus } from '#shared/nt/ntstatus.ts';
import { CLOSE_CODES } from '#shared/transport/close-codes.ts';
import type { CloseDetails } from '#shared/transport/transport.ts';
import { ChannelError } from '#shared/vmbus/channel-error.ts';
import { type BusDevice, fdoD0Entry } from '#shared/wire/bus.ts';

/** What becomes of the devices that were listed, when the bus leaves D0 to try again. */
export type WhenRetried = 'released' | 'kept';

/**
 * hv_pci_probe in miniature: asks for the list of devices, enters D0, for which it tries twice, and
 * creates the PCI bus, on which the driver finds what was listed so far.
 */
export class RetryingBus implements VfLife {
  readonly #options: LinuxVirtualFunctionOptions;
  readonly #whenRetried: WhenRetried;
  readonly #bus: HvPciBus;
  readonly #ended: Promise<CloseDetails>;
  #resolveEnded: (details: CloseDetails) => void = () => {};
  readonly #surveyed: Promise<void>;
  #resolveSurveyed: () => void = () => {};
  #child: PciChild | undefined;
  #isProbed = false;
  #isLeaving = false;

  constructor(options: LinuxVirtualFunctionOptions, whenRetried: WhenRetried) {
    this.#options = options;
    this.#whenRetried = whenRetried;
    this.#ended = new Promise((resolve) => {
      this.#resolveEnded = resolve;
    });
    this.#surveyed = new Promise((resolve) => {
      this.#resolveSurveyed = resolve;
    });
    this.#bus = new HvPciBus({
      ...options,
      onRelated: (device) => this.#related(device),
      onInvalidated: (mask, cause) => this.#child?.blocks.invalidated(mask, cause),
      onEject: () => this.stop(),
      onGone: (details) => this.#resolveEnded(details),
    });
  }

  async run(): Promise<CloseDetails> {
    if (await this.#bus.start()) await this.#probe();
    const details = await this.#ended;
    this.#options.onPhase('gone');
    return details;
  }

  stop(): void {
    if (!this.#isLeaving) void this.#leave();
  }

  abandon(): void {
    this.#bus.close(CLOSE_CODES.goingAway);
  }

  async #probe(): Promise<void> {
    await Promise.race([this.#surveyed, this.#ended]);
    if ((await this.#enterD0()) !== NTSTATUS.STATUS_SUCCESS) {
      await this.#bus.exitD0();
      // The list that comes with the next try is taken to have come before anything needs it.
      if (this.#whenRetried === 'released') this.#child = undefined;
      await this.#enterD0();
    }
    await this.#createPciBus();
  }

  /** pci_devices_present_work: a device that is known already is not new. */
  #related(device: BusDevice | undefined): void {
    const known = this.#child?.device;
    const isKnown = known !== undefined && device !== undefined && isSameDevice(known, device);
    if (device !== undefined && !isKnown) {
      this.#bus.appeared(device);
      const stop = () => this.abandon();
      this.#child = newPciChild({ ...this.#options, stop }, this.#bus, device);
    }
    this.#resolveSurveyed();
  }

  #enterD0(): Promise<NtStatus> {
    return new Promise((resolve) => {
      this.#bus.channel.request(fdoD0Entry, {}, (reply) =>
        resolve(
          reply instanceof ChannelError ? NTSTATUS.STATUS_DEVICE_NOT_CONNECTED : reply.status,
        ),
      );
    });
  }

  async #createPciBus(): Promise<void> {
    this.#options.onPhase('initializing');
    this.#isProbed = (await this.#child?.driver.probe()) === undefined && this.#child !== undefined;
    this.#options.onPhase('running');
  }

  async #leave(): Promise<void> {
    this.#isLeaving = true;
    if (this.#isProbed) await this.#child?.driver.remove(false);
    await this.#bus.exitD0();
    this.#bus.close(CLOSE_CODES.normal);
  }
}
