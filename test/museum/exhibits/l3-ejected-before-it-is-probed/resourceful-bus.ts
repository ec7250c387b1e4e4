import type { LinuxVirtualFunctionOptions } from '#guest/linux/linux-virtual-function.ts';
import { delay } from '#shared/time/clock.ts';
import { SmallBus } from '../../drivers/small-bus.ts';

/** What an EJECT waits for before it is answered. */
export type Ejects = 'atOnce' | 'afterTheProbe';

/** Between D0 and the PCI bus the resources are assigned, for which the host is asked. */
const RESOURCES_TAKE_MS = 10;

/** pci-hyperv in miniature, with something to do between D0 and the probe of the driver. */
export class ResourcefulBus extends SmallBus {
  readonly #ejects: Ejects;
  #probing = Promise.resolve();
  #isEjected = false;

  constructor(options: LinuxVirtualFunctionOptions, ejects: Ejects) {
    super(options);
    this.#ejects = ejects;
  }

  /** hv_pci_probe */
  protected override async probe(): Promise<void> {
    this.#probing = this.#probe();
    await this.#probing;
  }

  protected override eject(): void {
    if (this.#isEjected) return;
    this.#isEjected = true;
    void this.#ejectWork();
  }

  async #probe(): Promise<void> {
    await Promise.race([this.surveyed, this.ended]);
    if (!(await this.bus.enterD0())) return;
    await delay(this.options.clock, RESOURCES_TAKE_MS);
    await this.createPciBus();
  }

  /** hv_eject_device_work: a device without a driver needs no removal. */
  async #ejectWork(): Promise<void> {
    if (this.#ejects === 'afterTheProbe') await this.#probing;
    await this.remove(false);
    this.bus.completeEject();
  }
}
