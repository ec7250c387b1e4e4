import type { LinuxVirtualFunctionOptions } from '#guest/linux/linux-virtual-function.ts';
import type { CloseDetails } from '#shared/transport/transport.ts';
import { KernelMemory, type KernelObject } from '../../drivers/kernel-memory.ts';
import { SmallBus } from '../../drivers/small-bus.ts';

/** On which ways out the slot of a device is destroyed. */
export type DestroysSlots = 'whenEjected' | 'always';

/** pci-hyperv in miniature, which gives each device a slot with a name in sysfs. */
export class SlottedBus extends SmallBus {
  readonly #destroysSlots: DestroysSlots;
  readonly #memory = new KernelMemory();
  #slot: KernelObject | undefined;

  constructor(options: LinuxVirtualFunctionOptions, destroysSlots: DestroysSlots) {
    super(options);
    this.#destroysSlots = destroysSlots;
  }

  override async run(): Promise<CloseDetails> {
    const details = await super.run();
    this.#memory.reportLeaks(this.options.trace, this.bus.identity);
    return details;
  }

  protected override async createPciBus(): Promise<void> {
    await super.createPciBus();
    this.#slot = this.#memory.allocate('pci_slot');
  }

  /** hv_eject_device_work */
  protected override eject(): void {
    void this.remove(false).then(() => {
      this.#slot?.put();
      this.bus.completeEject();
    });
  }

  /** hv_pci_remove: the driver is unloaded, and the host sends no EJECT for that. */
  protected override async leave(): Promise<void> {
    if (this.#destroysSlots === 'always') this.#slot?.put();
    await super.leave();
  }
}
