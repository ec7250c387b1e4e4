import type { LinuxVirtualFunctionOptions } from '#guest/linux/linux-virtual-function.ts';
import { messageOf } from '#shared/message-of.ts';
import type { BusDevice } from '#shared/wire/bus.ts';
import { ListHead } from '../../drivers/kernel-list.ts';
import { SmallBus } from '../../drivers/small-bus.ts';

/** On which queue the work of a message runs: where all work runs at once, or in its order. */
export type Queue = 'system_wq' | 'ordered';

/** pci-hyperv in miniature: work for each list of devices, and work for each EJECT. */
export class HotRemovingBus extends SmallBus {
  readonly #queue: Queue;
  readonly #children = new ListHead();
  #last = Promise.resolve();

  constructor(options: LinuxVirtualFunctionOptions, queue: Queue) {
    super(options);
    this.#queue = queue;
  }

  protected override related(device: BusDevice | undefined): void {
    if (device === undefined) {
      this.#queueWork('pci_devices_present_work', () => this.#presentWork());
      return;
    }
    const isNew = this.child === undefined;
    super.related(device);
    if (isNew) new ListHead().addTo(this.#children);
  }

  protected override eject(): void {
    this.#queueWork('hv_eject_device_work', () => this.#ejectWork());
  }

  /** The list has nothing in it, so whatever is on the bus has been removed. */
  async #presentWork(): Promise<void> {
    const missing = this.#first;
    if (missing === undefined) return;
    await this.remove(true);
    missing.delete();
  }

  async #ejectWork(): Promise<void> {
    const ejected = this.#first;
    if (ejected === undefined) return;
    await this.remove(false);
    ejected.delete();
    this.bus.completeEject();
  }

  /** The entry of the device that is on the bus. */
  get #first(): ListHead | undefined {
    const { next } = this.#children;
    return next === this.#children ? undefined : next;
  }

  #queueWork(name: string, work: () => Promise<void>): void {
    const before = this.#queue === 'ordered' ? this.#last : Promise.resolve();
    this.#last = before.then(work).catch((error: unknown) => {
      const note = messageOf(error);
      const { trace } = this.options;
      trace.record({ hop: 'linuxContractViolated', name, ...this.bus.identity, note });
    });
  }
}
