import {
  defineLinuxVfDriver,
  type LinuxKernel,
  type LinuxPciDevice,
} from '#guest/linux/linux-vf-driver.ts';
import { HV_VHCA_AGENT } from '#shared/hv-vhca/agent.ts';
import { HV_VHCA_BLOCK_SIZE } from '#shared/hv-vhca/block.ts';
import { decodeControlBlock, encodeControlBlock } from '#shared/hv-vhca/control-block.ts';
import { periodOfCommand } from '#shared/hv-vhca/stats-command.ts';
import type { Timer } from '#shared/time/clock.ts';
import { Mutex } from '../../drivers/mutex.ts';

/** Whether a stop waits until a report that is under way has been written. */
export type Stop = 'waits' | 'doesNotWait';

/** mlx5 in miniature: commands are carried out one at a time, under the lock of the agents. */
export function lockingDriver(stop: Stop) {
  return defineLinuxVfDriver((kernel) => {
    const agentsLock = new Mutex();
    let stats: Stats | undefined;
    const controlWork = async (device: LinuxPciDevice): Promise<void> => {
      await agentsLock.acquire();
      await takeCommand(device, (command) => stats?.control(command));
      agentsLock.release();
    };
    return {
      probe(device) {
        stats = new Stats(kernel, device, stop);
        return device.hyperv_reg_block_invalidate(device, () => {
          kernel.scheduleWork(() => controlWork(device));
        });
      },
      remove(device) {
        device.hyperv_reg_block_invalidate(undefined, undefined);
        stats?.cancel();
      },
    };
  });
}

/** Reads block 0, has the agent act on it, and writes it back with the acknowledgement. */
async function takeCommand(
  device: LinuxPciDevice,
  control: (command: number) => Promise<void> | undefined,
): Promise<void> {
  const bytes = new Uint8Array(HV_VHCA_BLOCK_SIZE);
  const blockId = HV_VHCA_AGENT.control;
  const { error } = await device.hyperv_read_cfg_blk(bytes, bytes.length, blockId);
  const block = decodeControlBlock(bytes);
  if (error !== 0 || block === undefined) return;
  await control(block.command);
  const answer = encodeControlBlock({ ...block, commandAck: block.command });
  await device.hyperv_write_cfg_blk(answer, answer.length, blockId);
}

/** The statistics agent: its work writes a report, and is queued anew for the next. */
class Stats {
  readonly #kernel: LinuxKernel;
  readonly #device: LinuxPciDevice;
  readonly #stop: Stop;
  #timer: Timer | undefined;
  #running: Promise<void> | undefined;

  constructor(kernel: LinuxKernel, device: LinuxPciDevice, stop: Stop) {
    this.#kernel = kernel;
    this.#device = device;
    this.#stop = stop;
  }

  async control(command: number): Promise<void> {
    this.cancel();
    const period = periodOfCommand(command);
    if (period !== undefined) this.#queueDelayedWork(period);
    else if (this.#stop === 'waits') await this.#running;
  }

  cancel(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #queueDelayedWork(period: number): void {
    const timer = this.#kernel.clock.setTimer(period, () => {
      this.#running = this.#report().then(() => {
        if (this.#timer === timer) this.#queueDelayedWork(period);
      });
    });
    this.#timer = timer;
  }

  async #report(): Promise<void> {
    const report = new Uint8Array(HV_VHCA_BLOCK_SIZE);
    await this.#device.hyperv_write_cfg_blk(report, report.length, HV_VHCA_AGENT.stats);
  }
}
