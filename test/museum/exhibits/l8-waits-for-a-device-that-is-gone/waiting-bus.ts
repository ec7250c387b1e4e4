import type { LinuxVirtualFunctionOptions } from '#guest/linux/linux-virtual-function.ts';
import { delay } from '#shared/time/clock.ts';
import { ChannelError } from '#shared/vmbus/channel-error.ts';
import { SLOT } from '#shared/wire/codecs.ts';
import { currentResourceRequirements } from '#shared/wire/configuration.ts';
import { SmallBus } from '../../drivers/small-bus.ts';

/** What a wait for the host's response ends with. */
export type WaitsFor = 'theResponse' | 'theResponseOrARescind';

const LOOKS_EVERY_MS = 100;

/**
 * hv_pci_probe in miniature: what it asks the host, it waits for. A rescind completes nothing that was
 * asked: on Linux it is a flag of the channel, which nobody need look at.
 */
export class WaitingBus extends SmallBus {
  readonly #waitsFor: WaitsFor;
  #isRescinded = false;

  constructor(options: LinuxVirtualFunctionOptions, waitsFor: WaitsFor) {
    super(options);
    this.#waitsFor = waitsFor;
    void this.ended.then(() => {
      this.#isRescinded = true;
    });
  }

  protected override async probe(): Promise<void> {
    await Promise.race([this.surveyed, this.ended]);
    if (!(await this.#queryResourceRequirements())) return;
    if (await this.bus.enterD0()) await this.createPciBus();
  }

  /** Returns false when there is nobody left who could respond. */
  async #queryResourceRequirements(): Promise<boolean> {
    const response = new AbortController();
    this.bus.channel.request(currentResourceRequirements, { slot: SLOT }, (reply) => {
      if (!(reply instanceof ChannelError)) response.abort();
    });
    if (this.#waitsFor === 'theResponse') await completion(response.signal);
    while (!response.signal.aborted && !this.#isRescinded) {
      await delay(this.options.clock, LOOKS_EVERY_MS, response.signal);
    }
    return response.signal.aborted;
  }
}

/** wait_for_completion */
function completion(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve()));
}
