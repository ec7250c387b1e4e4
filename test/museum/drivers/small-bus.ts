import { HvPciBus } from '#guest/linux/hv-pci-bus.ts';
import type { LinuxVirtualFunctionOptions } from '#guest/linux/linux-virtual-function.ts';
import { isSameDevice, newPciChild, type PciChild } from '#guest/linux/pci-child.ts';
import type { VfLife } from '#guest/vf-life.ts';
import { CLOSE_CODES } from '#shared/transport/close-codes.ts';
import type { CloseDetails } from '#shared/transport/transport.ts';
import type { BusDevice } from '#shared/wire/bus.ts';

/**
 * A bus driver with the messages of pci-hyperv, on a bus with one device: it agrees on a version, asks
 * for the list of devices, and gives the device back when the guest stops. How the device is probed and
 * ejected is up to who extends it.
 */
export abstract class SmallBus implements VfLife {
  protected readonly options: LinuxVirtualFunctionOptions;
  protected readonly bus: HvPciBus;
  /** The first list of devices is there. */
  protected readonly surveyed: Promise<void>;
  /** The channel is gone. */
  protected readonly ended: Promise<CloseDetails>;
  protected child: PciChild | undefined;
  protected isProbed = false;
  #resolveSurveyed: () => void = () => {};
  #resolveEnded: (details: CloseDetails) => void = () => {};
  #isLeaving = false;

  constructor(options: LinuxVirtualFunctionOptions) {
    this.options = options;
    this.surveyed = new Promise((resolve) => {
      this.#resolveSurveyed = resolve;
    });
    this.ended = new Promise((resolve) => {
      this.#resolveEnded = resolve;
    });
    this.bus = new HvPciBus({
      ...options,
      onRelated: (device) => this.related(device),
      onInvalidated: (mask, cause) => this.child?.blocks.invalidated(mask, cause),
      onEject: () => this.eject(),
      onGone: (details) => this.#resolveEnded(details),
    });
  }

  async run(): Promise<CloseDetails> {
    this.options.onPhase('handshake');
    if (await this.bus.start()) await this.probe();
    const details = await this.ended;
    await this.remove(true);
    this.options.onPhase('gone');
    return details;
  }

  stop(): void {
    if (this.#isLeaving) return;
    this.#isLeaving = true;
    void this.leave();
  }

  abandon(): void {
    this.bus.close(CLOSE_CODES.goingAway);
  }

  /** hv_pci_probe, once a version is agreed on and the list is asked for. */
  protected async probe(): Promise<void> {
    await Promise.race([this.surveyed, this.ended]);
    if (await this.bus.enterD0()) await this.createPciBus();
  }

  /** Creates the PCI bus, on which the driver finds what was listed so far. */
  protected async createPciBus(): Promise<void> {
    this.options.onPhase('initializing');
    this.isProbed = (await this.child?.driver.probe()) === undefined && this.child !== undefined;
    this.options.onPhase('running');
  }

  /** A list has come. A device that is known already is not new. */
  protected related(device: BusDevice | undefined): void {
    const known = this.child?.device;
    const isKnown = known !== undefined && device !== undefined && isSameDevice(known, device);
    if (device !== undefined && !isKnown) {
      this.bus.appeared(device);
      const stop = () => this.abandon();
      this.child = newPciChild({ ...this.options, stop }, this.bus, device);
    }
    this.#resolveSurveyed();
  }

  /** An EJECT has come. */
  protected eject(): void {
    this.stop();
  }

  /** The driver, if it has the device, lets go of it. */
  protected async remove(isGone: boolean): Promise<void> {
    const { child, isProbed } = this;
    this.isProbed = false;
    if (isProbed) await child?.driver.remove(isGone);
  }

  /** The guest stops, or the device is ejected: gives it back. */
  protected async leave(): Promise<void> {
    await this.remove(false);
    await this.bus.exitD0();
    this.bus.close(CLOSE_CODES.normal);
  }
}
