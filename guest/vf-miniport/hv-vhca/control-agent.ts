import { capabilityBit, HV_VHCA_AGENT } from '#shared/hv-vhca/agent.ts';
import {
  type ControlBlock,
  decodeControlBlock,
  EMPTY_CONTROL_BLOCK,
  encodeControlBlock,
} from '#shared/hv-vhca/control-block.ts';
import { RecurringLog } from '#shared/recurring-log.ts';
import type { Agent, Agents } from './agents.ts';
import type { HvVhcaDevice } from './device.ts';

/** The agent of block 0: publishes the other agents, and hands them the commands of the PF. */
export class ControlAgent implements Agent {
  readonly type = HV_VHCA_AGENT.control;
  readonly #device: HvVhcaDevice;
  readonly #agents: Agents;
  readonly #log: RecurringLog;

  constructor(device: HvVhcaDevice, agents: Agents) {
    this.#device = device;
    this.#agents = agents;
    this.#log = new RecurringLog(device.log, device.clock);
  }

  /**
   * Reads block 0, acts on it and writes it back. Nothing is written when it cannot be read, or when
   * it commands an agent that the VF does not have: the PF then waits for an acknowledgement in vain.
   * A write that fails is not repeated; the next invalidation brings another.
   */
  async invalidated(): Promise<void> {
    const bytes = await this.#device.readBlock(HV_VHCA_AGENT.control);
    const block = bytes && decodeControlBlock(bytes);
    if (block === undefined) {
      this.#log.warn('not read', {}, 'hv_vhca control block not read');
      return;
    }
    const answer = this.#answer(block);
    if (answer === undefined) {
      const what = { control: block.control, command: block.command };
      this.#log.warn('unknown agent', what, 'hv_vhca command is for an unknown agent');
      return;
    }
    await this.#write(answer);
  }

  /** Block 0 as it is written back, after its command was acted on; undefined when it cannot be. */
  #answer(block: ControlBlock): ControlBlock | undefined {
    const agents = this.#agents.commanded;
    if (agents.length === 0) return EMPTY_CONTROL_BLOCK;
    const capabilities = agents.reduce((bits, { type }) => bits | capabilityBit(type), 0);
    if ((block.control & ~capabilities) !== 0) return undefined;
    let answer: ControlBlock = { ...block, capabilities, commandAck: block.command };
    for (const agent of agents) {
      const isCommanded = (block.control & capabilityBit(agent.type)) !== 0;
      if (isCommanded) answer = { ...answer, ...agent.control?.(block.command) };
    }
    return answer;
  }

  async #write(block: ControlBlock): Promise<void> {
    const failure = await this.#device.writeBlock(HV_VHCA_AGENT.control, encodeControlBlock(block));
    if (failure === undefined) this.#device.log.debug(block, 'hv_vhca control block written');
    else this.#log.warn('not written', { status: failure }, 'hv_vhca control block not written');
  }
}
