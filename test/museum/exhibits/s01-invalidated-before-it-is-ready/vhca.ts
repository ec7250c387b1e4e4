import type { LinuxKernel, LinuxPciDevice } from '#guest/linux/linux-vf-driver.ts';
import { capabilityBit, HV_VHCA_AGENT, type HvVhcaAgentType } from '#shared/hv-vhca/agent.ts';
import { HV_VHCA_BLOCK_SIZE } from '#shared/hv-vhca/block.ts';
import {
  type ControlBlock,
  decodeControlBlock,
  encodeControlBlock,
} from '#shared/hv-vhca/control-block.ts';

/** Takes a command; what it returns is written back with the acknowledgement. */
export type Control = (command: number) => Pick<ControlBlock, 'version' | 'rings'>;

/** hv_vhca of mlx5 in miniature: block 0, and the agents that are commanded through it. */
export class Vhca {
  readonly #kernel: LinuxKernel;
  readonly #device: LinuxPciDevice;
  readonly #agents = new Map<HvVhcaAgentType, Control>();

  constructor(kernel: LinuxKernel, device: LinuxPciDevice) {
    this.#kernel = kernel;
    this.#device = device;
  }

  /** Each invalidation is a piece of work of its own. Returns 0, or a negative errno. */
  register(): number {
    return this.#device.hyperv_reg_block_invalidate(this, (vhca) => vhca.#invalidate());
  }

  /** From its return on the agent may be commanded; block 0 tells the PF that it is there. */
  createAgent(type: HvVhcaAgentType, control: Control): void {
    this.#agents.set(type, control);
    this.#invalidate();
  }

  #invalidate(): void {
    this.#kernel.scheduleWork(() => this.#controlBlock());
  }

  /** Reads block 0, has the agents act on it, and writes it back with the acknowledgement. */
  async #controlBlock(): Promise<void> {
    const bytes = new Uint8Array(HV_VHCA_BLOCK_SIZE);
    const control = HV_VHCA_AGENT.control;
    const { error } = await this.#device.hyperv_read_cfg_blk(bytes, bytes.length, control);
    const block = decodeControlBlock(bytes);
    if (error !== 0 || block === undefined) return;
    let answer = { ...block, capabilities: 0, commandAck: block.command };
    for (const [type, takeCommand] of this.#agents) {
      answer.capabilities |= capabilityBit(type);
      const isCommanded = (block.control & capabilityBit(type)) !== 0;
      if (isCommanded) answer = { ...answer, ...takeCommand(block.command) };
    }
    await this.#device.hyperv_write_cfg_blk(encodeControlBlock(answer), bytes.length, control);
  }
}
