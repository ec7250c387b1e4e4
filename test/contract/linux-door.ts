import type { LinuxKernel, LinuxModule } from '#guest/linux/linux-vf-driver.ts';
import { NativeDriver } from '#guest/linux/native-driver.ts';
import { Trace } from '#shared/trace/trace.ts';
import type { Channel } from '#shared/vmbus/channel.ts';
import type { ManualClock } from '#test/kit/world/manual-clock.ts';
import { quietLog } from '#test/kit/world/quiet-log.ts';
import type { Patience } from './patience.ts';
import { channelTo, type Device } from './vpci-device.ts';
import { WatchedBlocks } from './watched-blocks.ts';

const PCI_DEVICE = {
  vendorId: 0xfffe,
  deviceId: 1,
  revisionId: 0,
  progIf: 0,
  subClass: 0,
  baseClass: 2,
  subVendorId: 0,
  subSystemId: 0,
  slot: 0,
  serialNumber: 1,
};

/** A Linux kernel around a native VF driver that is held to its contract: pci-hyperv is the real one. */
export class LinuxDoor {
  readonly clock: ManualClock;
  readonly blocks: WatchedBlocks;
  /** The host fails every request. */
  gone = false;
  /** Nobody gets memory: kzalloc is NULL, and no work can be scheduled. */
  isOutOfMemory = false;
  readonly #patience: Patience;
  readonly #channel: Channel;
  readonly #driver: NativeDriver;
  #kernel: LinuxKernel | undefined;

  constructor(
    module: LinuxModule,
    parameters: ReadonlyMap<string, string>,
    breaches: string[],
    device: Device,
    patience: Patience,
  ) {
    this.clock = patience.clock;
    this.#patience = patience;
    this.#channel = channelTo({
      ...device,
      read: async (...args) => (this.gone ? undefined : await device.read(...args)),
      write: async (...args) => !this.gone && (await device.write(...args)),
    });
    const surroundings = {
      channel: this.#channel,
      clock: this.clock,
      trace: new Trace(() => 0),
      log: quietLog,
      identity: () => ({ device: 'contract/0' }),
      observer: {
        broke: ({ id, what }: { id: string; what: string }) => void breaches.push(`${id}: ${what}`),
      },
    };
    this.blocks = new WatchedBlocks({ ...surroundings, readPadding: 'zero' }, breaches);
    this.#driver = new NativeDriver({
      ...surroundings,
      module: { init: (kernel) => module.init(this.#kernelOf(kernel)) },
      name: 'contract/0',
      device: PCI_DEVICE,
      blocks: this.blocks,
      configuration: parameters,
      busStatistics: () => this.#channel.counters,
    });
  }

  /** Resolves with undefined when the driver has taken the device, or with why it has not. */
  probe(): Promise<string | undefined> {
    return this.#patience.returned('probe', () => this.#driver.probe());
  }

  /** An INVALIDATE_BLOCK; resolves when the work that it led to is done. */
  async invalidate(mask: bigint): Promise<void> {
    this.blocks.invalidated(mask, 0);
    await this.#patience.returned('the work of an invalidation', () => this.#kernel?.flushWork());
  }

  /** Has the driver let go of the device, once; of one that is gone each request is -ENODEV before. */
  async remove(isGone = false): Promise<void> {
    if (this.blocks.isRemoved) return;
    if (isGone) this.rescind();
    await this.#patience.returned('remove', async () => {
      await this.#driver.remove(isGone);
      this.blocks.isRemoved = true;
    });
  }

  /** The channel is gone: every request is -ENODEV. */
  rescind(): void {
    this.#channel.close({ code: 4000, reason: 'rescinded' });
  }

  #kernelOf(kernel: LinuxKernel): LinuxKernel {
    this.#kernel = kernel;
    return {
      ...kernel,
      kzalloc: (size) => (this.isOutOfMemory ? undefined : kernel.kzalloc(size)),
      scheduleWork: (work) => !this.isOutOfMemory && kernel.scheduleWork(work),
    };
  }
}
