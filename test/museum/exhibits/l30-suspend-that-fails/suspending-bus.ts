import type { LinuxVirtualFunctionOptions } from '#guest/linux/linux-virtual-function.ts';
import { delay } from '#shared/time/clock.ts';
import { fdoD0Exit } from '#shared/wire/bus.ts';
import { SmallBus } from '../../drivers/small-bus.ts';

/** What the state of the bus is when it could not be suspended. */
export type AfterFailure = 'removing' | 'asBefore';

/** How long pci-hyperv waits for the completion of FDO_D0_EXIT. */
const D0_EXIT_TIMEOUT_MS = 10_000;

/** pci-hyperv in miniature, with the state that keeps new work away while the bus goes to sleep. */
export class SuspendingBus extends SmallBus {
  readonly #afterFailure: AfterFailure;
  #state: 'installed' | 'removing' = 'installed';

  constructor(options: LinuxVirtualFunctionOptions, afterFailure: AfterFailure) {
    super(options);
    this.#afterFailure = afterFailure;
  }

  /** hv_pci_suspend. When it fails the kernel stays awake, and goes on with the bus. */
  async suspend(): Promise<void> {
    this.#state = 'removing';
    if (await this.#busExit()) return;
    this.options.log.error('hv_pci_suspend failed with -ETIMEDOUT');
    if (this.#afterFailure === 'asBefore') this.#state = 'installed';
  }

  /** What has not been suspended need not be resumed. */
  resume(): Promise<void> {
    return Promise.resolve();
  }

  /** Work for a bus that goes is not taken any more. */
  protected override eject(): void {
    if (this.#state === 'removing') return;
    void this.remove(false).then(() => this.bus.completeEject());
  }

  /** hv_pci_bus_exit: returns whether the host has let the bus go. */
  async #busExit(): Promise<boolean> {
    const completion = new AbortController();
    this.bus.channel.request(fdoD0Exit, {}, () => completion.abort());
    await delay(this.options.clock, D0_EXIT_TIMEOUT_MS, completion.signal);
    return completion.signal.aborted;
  }
}
