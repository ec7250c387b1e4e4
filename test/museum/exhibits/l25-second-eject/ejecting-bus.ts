import type { LinuxVirtualFunctionOptions } from '#guest/linux/linux-virtual-function.ts';
import { messageOf } from '#shared/message-of.ts';
import type { BusDevice } from '#shared/wire/bus.ts';
import { SmallBus } from '../../drivers/small-bus.ts';
import { WorkList, WorkStruct } from './work-list.ts';

/** What becomes of an EJECT of a device that is being ejected already. */
export type SecondEject = 'queued' | 'ignored';

/** What the bus driver keeps of a device, which is freed when the device has been ejected. */
class Slot {
  readonly work = new WorkStruct();
  isEjecting = false;
  isFreed = false;
}

/** pci-hyperv in miniature: an EJECT is work that is queued, and is part of what is ejected. */
export class EjectingBus extends SmallBus {
  readonly #secondEject: SecondEject;
  readonly #queue: WorkList;
  #slot = new Slot();

  constructor(options: LinuxVirtualFunctionOptions, secondEject: SecondEject) {
    super(options);
    this.#secondEject = secondEject;
    this.#queue = new WorkList(options.clock);
  }

  protected override related(device: BusDevice | undefined): void {
    super.related(device);
    this.#slot = new Slot();
  }

  /** hv_pci_eject_device */
  protected override eject(): void {
    const slot = this.#slot;
    if (slot.isEjecting && this.#secondEject === 'ignored') return;
    slot.isEjecting = true;
    slot.work.initWork(() => this.#ejectWork(slot));
    this.#queue.queueWork(slot.work).catch((error: unknown) => this.#oops(error));
  }

  /** hv_eject_device_work */
  async #ejectWork(slot: Slot): Promise<void> {
    if (slot.isFreed)
      throw new Error('use after free: the work of an EJECT, on a device that is gone');
    await this.remove(false);
    this.bus.completeEject();
    slot.isFreed = true;
  }

  #oops(error: unknown): void {
    const { trace } = this.options;
    const what = { name: 'hv_eject_device_work', note: messageOf(error) };
    trace.record({ hop: 'linuxContractViolated', ...this.bus.identity, ...what });
  }
}
