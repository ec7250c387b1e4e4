import type { LinuxVirtualFunctionOptions } from '#guest/linux/linux-virtual-function.ts';
import { messageOf } from '#shared/message-of.ts';
import { delay } from '#shared/time/clock.ts';
import { CLOSE_CODES } from '#shared/transport/close-codes.ts';
import { ChannelError } from '#shared/vmbus/channel-error.ts';
import { fdoD0Exit } from '#shared/wire/bus.ts';
import { SmallBus } from '../../drivers/small-bus.ts';

/** What becomes of a request whose completion was waited for in vain. */
export type InVain = 'stays' | 'isTakenBack';

/** Ten seconds on Linux; a guest of the kit that stops has cut its channels by then. */
const TIMEOUT_MS = 2000;
/** Between the exit of the bus and the close of its channel much is freed. */
const TEARDOWN_TAKES_MS = 100;

/** A request as it lies on the stack of the function that waits for it, with its completion. */
interface Packet {
  readonly completion: AbortController;
  /** The function has returned, and others use the memory. */
  hasReturned: boolean;
}

/** pci-hyperv in miniature: leaves D0, tears down what it has, and closes its channel. */
export class ExitingBus extends SmallBus {
  readonly #inVain: InVain;

  constructor(options: LinuxVirtualFunctionOptions, inVain: InVain) {
    super(options);
    this.#inVain = inVain;
  }

  protected override async leave(): Promise<void> {
    await this.remove(false);
    await this.#busExit();
    await delay(this.options.clock, TEARDOWN_TAKES_MS);
    this.bus.close(CLOSE_CODES.normal);
  }

  /** hv_pci_bus_exit */
  async #busExit(): Promise<void> {
    const packet: Packet = { completion: new AbortController(), hasReturned: false };
    let requested: Packet | undefined = packet;
    this.bus.channel.request(fdoD0Exit, {}, (reply) => {
      if (requested !== undefined && !(reply instanceof ChannelError)) this.#complete(requested);
    });
    await delay(this.options.clock, TIMEOUT_MS, packet.completion.signal);
    if (this.#inVain === 'isTakenBack') requested = undefined;
    packet.hasReturned = true;
  }

  /** What the channel callback does with the address that came back with a completion. */
  #complete(packet: Packet): void {
    if (packet.hasReturned) this.#oops(new Error('page fault: complete() on a stack that is gone'));
    else packet.completion.abort();
  }

  #oops(error: Error): void {
    const what = { name: 'hv_pci_onchannelcallback', note: messageOf(error) };
    this.options.trace.record({ hop: 'linuxContractViolated', ...this.bus.identity, ...what });
  }
}
