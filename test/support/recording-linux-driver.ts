import {
  defineLinuxVfDriver,
  type HypervReadResult,
  type LinuxKernel,
  type LinuxModule,
  type LinuxPciDevice,
} from '#guest/linux/linux-vf-driver.ts';
import type { BlockId, BlockMask } from '#shared/vpci/config-block.ts';

/** One driver that a Linux guest bound to a device, and what it was told. */
export class RecordingLinuxInstance {
  readonly kernel: LinuxKernel;
  /** The mask of each call of the invalidation callback. */
  readonly masks: BlockMask[] = [];
  removed = 0;
  #device: LinuxPciDevice | undefined;

  constructor(kernel: LinuxKernel) {
    this.kernel = kernel;
  }

  get device(): LinuxPciDevice {
    if (this.#device === undefined) throw new Error('the device has not been probed');
    return this.#device;
  }

  probed(device: LinuxPciDevice): void {
    this.#device = device;
  }

  /** Registers a callback that writes masks down. */
  register(): number {
    return this.device.hyperv_reg_block_invalidate(this.masks, (masks, mask) => masks.push(mask));
  }

  /** Reads a block, and returns its bytes or the negative errno of the failure. */
  async read(blockId: BlockId, length: number): Promise<Uint8Array | number> {
    const buffer = new Uint8Array(length).fill(0xee);
    const { error, bytesReturned }: HypervReadResult = await this.device.hyperv_read_cfg_blk(
      buffer,
      length,
      blockId,
    );
    return error === 0 ? buffer.subarray(0, bytesReturned) : error;
  }

  write(blockId: BlockId, data: Uint8Array): Promise<number> {
    return this.device.hyperv_write_cfg_blk(data, data.byteLength, blockId);
  }
}

interface LinuxScript {
  /** By default the driver registers its callback, and takes the device. */
  readonly probe?: (
    driver: RecordingLinuxInstance,
  ) => number | undefined | Promise<number | undefined>;
  readonly remove?: (driver: RecordingLinuxInstance) => void | Promise<void>;
}

/** Linux VF drivers that write down what they are told; each device gets one of its own. */
export class RecordingLinuxDriver {
  readonly instances: RecordingLinuxInstance[] = [];
  readonly module: LinuxModule;

  constructor(script: LinuxScript = {}) {
    this.module = defineLinuxVfDriver((kernel) => {
      const driver = new RecordingLinuxInstance(kernel);
      this.instances.push(driver);
      return {
        probe: (device) => {
          driver.probed(device);
          return script.probe === undefined ? driver.register() : script.probe(driver);
        },
        remove: () => {
          driver.removed++;
          return script.remove?.(driver);
        },
      };
    });
  }

  /** The driver that was bound last. */
  get current(): RecordingLinuxInstance {
    const driver = this.instances.at(-1);
    if (driver === undefined) throw new Error('no driver has been bound');
    return driver;
  }
}
