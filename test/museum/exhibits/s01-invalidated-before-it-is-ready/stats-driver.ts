import {
  defineLinuxVfDriver,
  type LinuxKernel,
  type LinuxPciDevice,
} from '#guest/linux/linux-vf-driver.ts';
import { HV_VHCA_AGENT } from '#shared/hv-vhca/agent.ts';
import { STATS_VERSION } from '#shared/hv-vhca/ring-statistics.ts';
import { periodOfCommand } from '#shared/hv-vhca/stats-command.ts';
import { delay, type Timer } from '#shared/time/clock.ts';
import { Vhca } from './vhca.ts';

/** What the driver sets up first: the agent, which others see, or the work that the agent queues. */
export type Order = 'agent first' | 'work first';

/** A process may lose its CPU between any two instructions; it has it back after this long. */
const PREEMPTED_MS = 1;

/** A `delayed_work`: it can be queued once it has been initialised. */
interface DelayedWork {
  timer: Timer | undefined;
  readonly work: () => void;
}

/** mlx5 in miniature: an agent that reports statistics at the period that the PF commands. */
export function statsDriver(order: Order) {
  return defineLinuxVfDriver((kernel) => {
    let stats: Stats | undefined;
    let vhca: Vhca | undefined;
    return {
      async probe(device) {
        vhca = new Vhca(kernel, device);
        const error = vhca.register();
        if (error !== 0) return error;
        stats = new Stats(kernel);
        await stats.create(vhca, order);
        return 0;
      },
      async remove(device: LinuxPciDevice) {
        stats?.cancel();
        device.hyperv_reg_block_invalidate(undefined, undefined);
        await kernel.flushWork();
      },
    };
  });
}

class Stats {
  readonly #kernel: LinuxKernel;
  #work: DelayedWork | undefined;

  constructor(kernel: LinuxKernel) {
    this.#kernel = kernel;
  }

  /** Everything between the agent and its work may be interrupted, and is here. */
  async create(vhca: Vhca, order: Order): Promise<void> {
    const type = HV_VHCA_AGENT.stats;
    const control = (command: number) => this.#control(command);
    if (order === 'agent first') vhca.createAgent(type, control);
    else this.#initDelayedWork();
    await delay(this.#kernel.clock, PREEMPTED_MS);
    if (order === 'agent first') this.#initDelayedWork();
    else vhca.createAgent(type, control);
  }

  cancel(): void {
    this.#work?.timer?.cancel();
  }

  #control(command: number): { readonly version: number; readonly rings: number } {
    const period = periodOfCommand(command);
    if (period !== undefined) this.#queueDelayedWork(period);
    return { version: STATS_VERSION, rings: 1 };
  }

  #initDelayedWork(): void {
    const log = this.#kernel.log;
    this.#work = { timer: undefined, work: () => log.debug('statistics are due') };
  }

  /** On Linux the work is part of a structure, and there, however little has been done to it. */
  #queueDelayedWork(milliseconds: number): void {
    const work = this.#work;
    if (work === undefined) throw new Error('BUG: the function of the timer is NULL');
    work.timer?.cancel();
    work.timer = this.#kernel.clock.setTimer(milliseconds, work.work);
  }
}
