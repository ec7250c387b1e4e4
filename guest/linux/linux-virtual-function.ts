import { ERRNO } from '#shared/linux/errno.ts';
import type { CompletedOid, OidRequestParameters } from '#shared/ndis/oid-request.ts';
import { CLOSE_CODES } from '#shared/transport/close-codes.ts';
import type { CloseDetails } from '#shared/transport/transport.ts';
import { headline, type VerifierReport } from '#shared/verifier/report.ts';
import type { BlockMask } from '#shared/vpci/config-block.ts';
import type { BusDevice } from '#shared/wire/bus.ts';
import { Abandonment, NOT_STOPPED } from '../abandonment.ts';
import type { LifeEnd, VfLife } from '../vf-life.ts';
import { Turns } from '../vf-miniport/turns.ts';
import { traceDropped } from './dropped-invalidation.ts';
import { HvPciBus } from './hv-pci-bus.ts';
import { isSameDevice, newPciChild, type PciChild, type PciChildOptions } from './pci-child.ts';

export type LinuxVirtualFunctionOptions = Omit<PciChildOptions, 'stop'>;

/**
 * One life of a VF in a Linux guest:
 *
 * 1. pci-hyperv agrees on a version, asks for the bus relations, and enters D0,
 * 2. the driver probes the device that the host listed,
 * 3. the VF runs until the host ejects it, the guest stops it, or the channel is rescinded; a list of
 *    the host may take the device away meanwhile, or put another instance in its place,
 * 4. the driver lets go of the device; unless the channel is rescinded, the bus leaves D0 after it.
 *
 * Lists and ejects are worked on one at a time, in their order, and none while a driver probes.
 */
export class LinuxVirtualFunction implements VfLife {
  readonly #options: LinuxVirtualFunctionOptions;
  readonly #bus: HvPciBus;
  readonly #work = new Turns();
  readonly #abandonment: Abandonment;
  readonly #ended: Promise<CloseDetails>;
  #resolveEnded: (details: CloseDetails) => void = () => {};
  readonly #surveyed: Promise<void>;
  #resolveSurveyed: () => void = () => {};
  /** The newest list that has not been worked on: what it has in the slot, if anything. */
  #listed: { readonly device: BusDevice | undefined } | undefined;
  #ejecting = false;
  #child: PciChild | undefined;
  /** The PCI bus exists: a device that is listed now is probed at once. */
  #installed = false;
  #isProbed = false;
  #removing = false;
  #gone = false;

  constructor(options: LinuxVirtualFunctionOptions) {
    this.#options = options;
    this.#abandonment = new Abandonment({
      ...options,
      leaveBehind: () => this.#child?.driver.leaveBehind() ?? 'it does not end',
    });
    this.#ended = new Promise((resolve) => {
      this.#resolveEnded = resolve;
    });
    this.#surveyed = new Promise((resolve) => {
      this.#resolveSurveyed = resolve;
    });
    this.#bus = new HvPciBus({
      ...options,
      onRelated: (device) => this.#related(device),
      onInvalidated: (mask, cause) => this.#invalidated(mask, cause),
      onEject: () => this.#ejectRequested(),
      onGone: (details) => {
        this.#gone = true;
        this.#resolveEnded(details);
      },
    });
  }

  run(): Promise<LifeEnd> {
    return this.#abandonment.orEndOf(this.#live());
  }

  /** Lists and ejects that come from now on are ignored; what is under way is finished first. */
  stop(): void {
    if (this.#removing) return;
    this.#removing = true;
    void this.#work.take(() => this.#leave());
  }

  abandon(): void {
    this.#cut(NOT_STOPPED);
  }

  async oidRequest(parameters: OidRequestParameters): Promise<CompletedOid | undefined> {
    return await this.#child?.driver.oidRequest?.(parameters);
  }

  #cut(details: CloseDetails): void {
    this.#bus.close({ code: details.code, meaning: details.reason });
    this.#abandonment.begin(details);
  }

  readonly #stopFor = (report: VerifierReport): void => {
    const { code } = CLOSE_CODES.verifierStopped;
    this.#cut({ code, reason: headline(report) });
  };

  async #live(): Promise<CloseDetails> {
    this.#options.onPhase('handshake');
    if (await this.#bus.start()) {
      await Promise.race([this.#surveyed, this.#ended]);
      await this.#work.take(() => this.#install());
    }
    const details = await this.#ended;
    this.#removing = true;
    await this.#work.take(() => this.#unplug(-ERRNO.ENODEV));
    this.#options.onPhase('gone');
    return details;
  }

  /** Enters D0 and creates the PCI bus, on which the driver finds its device. */
  async #install(): Promise<void> {
    if (this.#removing || this.#gone || !(await this.#bus.enterD0())) return;
    this.#installed = true;
    if (this.#child === undefined) this.#options.log.warn('the host lists no device on the bus');
    await this.#probe();
  }

  #related(device: BusDevice | undefined): void {
    if (this.#removing) return;
    const isQueued = this.#listed !== undefined;
    this.#listed = { device };
    if (!isQueued) void this.#work.take(() => this.#present());
  }

  /** Each list is the whole bus: a device that is missing has been removed. */
  async #present(): Promise<void> {
    const device = this.#listed?.device;
    this.#listed = undefined;
    const child = this.#child;
    const isSame =
      child !== undefined && device !== undefined && isSameDevice(child.device, device);
    if (!isSame && !this.#removing) await this.#replaceBy(device);
    this.#resolveSurveyed();
  }

  async #replaceBy(device: BusDevice | undefined): Promise<void> {
    await this.#unplug(-ERRNO.ENODEV, true);
    if (device === undefined) {
      this.#options.onPhase('handshake');
      return;
    }
    this.#bus.appeared(device);
    if (!(await this.#bus.queryResourceRequirements())) return;
    this.#child = newPciChild({ ...this.#options, stop: this.#stopFor }, this.#bus, device);
    if (this.#installed) await this.#probe();
  }

  async #probe(): Promise<void> {
    const child = this.#child;
    if (child === undefined || this.#removing || this.#gone) return;
    this.#options.onPhase('initializing');
    const failure = await child.driver.probe();
    if (failure === undefined) {
      this.#isProbed = true;
      if (!this.#removing && !this.#gone) this.#options.onPhase('running');
    } else if (!this.#gone) {
      // On Linux the device stays on the bus without a driver. Here nothing would ever come of it.
      await this.#bus.exitD0();
      this.#bus.close(CLOSE_CODES.initializeFailed, failure);
    }
  }

  #ejectRequested(): void {
    if (this.#removing || this.#ejecting) return;
    this.#ejecting = true;
    void this.#work.take(() => this.#eject());
  }

  /** An eject of a device that is not, or no longer, on the bus is ignored. */
  async #eject(): Promise<void> {
    if (this.#child !== undefined && !this.#gone) {
      await this.#unplug(-ERRNO.ENODEV);
      if (!this.#gone) this.#bus.completeEject();
    }
    this.#ejecting = false;
  }

  async #leave(): Promise<void> {
    await this.#unplug(-ERRNO.EOPNOTSUPP);
    if (this.#bus.inD0) await this.#bus.exitD0();
    this.#bus.close(CLOSE_CODES.normal);
  }

  /** Takes the device off the bus; its driver, if it has one, lets go of it before. */
  async #unplug(error: number, isGone = this.#gone): Promise<void> {
    const child = this.#child;
    if (child === undefined) return;
    if (this.#isProbed) {
      this.#options.onPhase('halting');
      await child.driver.remove(isGone);
    }
    child.blocks.end(error);
    this.#child = undefined;
    this.#isProbed = false;
  }

  #invalidated(mask: BlockMask, cause: number): void {
    if (this.#child !== undefined) this.#child.blocks.invalidated(mask, cause);
    else {
      const { trace } = this.#options;
      traceDropped(trace, this.#bus.identity, mask, cause, 'no device is in the slot');
    }
  }
}
