import type { LinuxVirtualFunctionOptions } from '#guest/linux/linux-virtual-function.ts';
import type { CloseDetails } from '#shared/transport/transport.ts';
import type { BusDevice } from '#shared/wire/bus.ts';
import { KernelMemory, type KernelObject } from '../../drivers/kernel-memory.ts';
import { SmallBus } from '../../drivers/small-bus.ts';

/** Which references the work of an EJECT gives back. */
export type GivesBack = 'twoOfThree' | 'allThree';

/** pci-hyperv in miniature, with the references to what it keeps of a device. */
export class CountingBus extends SmallBus {
  readonly #givesBack: GivesBack;
  readonly #memory = new KernelMemory();
  #hpdev: KernelObject | undefined;

  constructor(options: LinuxVirtualFunctionOptions, givesBack: GivesBack) {
    super(options);
    this.#givesBack = givesBack;
  }

  override async run(): Promise<CloseDetails> {
    const details = await super.run();
    this.#memory.reportLeaks(this.options.trace, this.bus.identity);
    return details;
  }

  /** new_pcichild_device: one reference of its own, and one for the list that the device is in. */
  protected override related(device: BusDevice | undefined): void {
    const isNew = this.child === undefined;
    super.related(device);
    if (!isNew || device === undefined) return;
    this.#hpdev = this.#memory.allocate('hv_pci_dev');
    this.#hpdev.get();
  }

  /** hv_pci_eject_device: one more, for the work that is queued. */
  protected override eject(): void {
    const hpdev = this.#hpdev;
    if (hpdev === undefined) return;
    this.#hpdev = undefined;
    hpdev.get();
    void this.#ejectWork(hpdev);
  }

  /** hv_pci_remove */
  protected override async leave(): Promise<void> {
    this.#hpdev?.put();
    this.#hpdev?.put();
    await super.leave();
  }

  /** hv_eject_device_work: the work is done, and the device is in the list no more. */
  async #ejectWork(hpdev: KernelObject): Promise<void> {
    await this.remove(false);
    this.bus.completeEject();
    hpdev.put();
    hpdev.put();
    if (this.#givesBack === 'allThree') hpdev.put();
  }
}
