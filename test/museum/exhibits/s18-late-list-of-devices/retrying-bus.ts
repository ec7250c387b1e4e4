import type { LinuxVirtualFunctionOptions } from '#guest/linux/linux-virtual-function.ts';
import { NTSTATUS, type NtStatus } from '#shared/nt/ntstatus.ts';
import { ChannelError } from '#shared/vmbus/channel-error.ts';
import { fdoD0Entry } from '#shared/wire/bus.ts';
import { SmallBus } from '../../drivers/small-bus.ts';

/** What becomes of the devices that were listed, when the bus leaves D0 to try again. */
export type WhenRetried = 'released' | 'kept';

/**
 * hv_pci_probe in miniature: asks for the list of devices, enters D0, for which it tries twice, and
 * creates the PCI bus, on which the driver finds what was listed so far.
 */
export class RetryingBus extends SmallBus {
  readonly #whenRetried: WhenRetried;

  constructor(options: LinuxVirtualFunctionOptions, whenRetried: WhenRetried) {
    super(options);
    this.#whenRetried = whenRetried;
  }

  protected override async probe(): Promise<void> {
    await Promise.race([this.surveyed, this.ended]);
    if ((await this.#enterD0()) !== NTSTATUS.STATUS_SUCCESS) {
      await this.bus.exitD0();
      // The list that comes with the next try is taken to have come before anything needs it.
      if (this.#whenRetried === 'released') this.child = undefined;
      await this.#enterD0();
    }
    await this.createPciBus();
  }

  #enterD0(): Promise<NtStatus> {
    return new Promise((resolve) => {
      this.bus.channel.request(fdoD0Entry, {}, (reply) =>
        resolve(
          reply instanceof ChannelError ? NTSTATUS.STATUS_DEVICE_NOT_CONNECTED : reply.status,
        ),
      );
    });
  }
}
