import { defineLinuxVfDriver, type LinuxKernel } from '#guest/linux/linux-vf-driver.ts';

/** What is left in the pointer to an agent that has been destroyed. */
export type AfterDestroy = 'itsAddress' | 'null';

/** The interface is closed, opened and closed again, at these times after its first opening. */
const CLOSES_AT_MS = [10, 30];
const OPENS_AT_MS = 20;
const BUFFER_BYTES = 128;

/** mlx5 in miniature: the statistics have an agent and a buffer, for as long as the interface is open. */
export function reopeningDriver(afterDestroy: AfterDestroy) {
  return defineLinuxVfDriver((kernel) => {
    const stats = new Stats(kernel, afterDestroy);
    return {
      probe() {
        stats.create();
        for (const time of CLOSES_AT_MS) kernel.clock.setTimer(time, () => stats.destroy());
        kernel.clock.setTimer(OPENS_AT_MS, () => stats.create());
        return 0;
      },
      remove: () => {},
    };
  });
}

/** An agent, and whether its memory is still its own. */
interface Agent {
  isFreed: boolean;
}

class Stats {
  readonly #kernel: LinuxKernel;
  readonly #afterDestroy: AfterDestroy;
  #agent: Agent | undefined;

  constructor(kernel: LinuxKernel, afterDestroy: AfterDestroy) {
    this.#kernel = kernel;
    this.#afterDestroy = afterDestroy;
  }

  /** Without memory there is no agent, and the interface opens all the same. */
  create(): void {
    const buffer = this.#kernel.kzalloc(BUFFER_BYTES);
    if (buffer !== undefined) this.#agent = { isFreed: false };
  }

  destroy(): void {
    if (this.#agent === undefined) return;
    destroyAgent(this.#agent);
    if (this.#afterDestroy === 'null') this.#agent = undefined;
  }
}

function destroyAgent(agent: Agent): void {
  if (agent.isFreed) throw new Error('use after free: an agent is destroyed a second time');
  agent.isFreed = true;
}
