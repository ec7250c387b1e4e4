import { capabilityBit, HV_VHCA_AGENT } from '#shared/hv-vhca/agent.ts';
import { HV_VHCA_BLOCK_SIZE } from '#shared/hv-vhca/block.ts';
import {
  type ControlBlock,
  decodeControlBlock,
  EMPTY_CONTROL_BLOCK,
  encodeControlBlock,
} from '#shared/hv-vhca/control-block.ts';
import { NDIS_STATUS, ndisStatusName } from '#shared/ndis/ndis-status.ts';
import type { VfAdapter } from '../../ndis/vf-miniport.ts';
import type { Agent, Agents } from './agents.ts';
import { readBlock } from './read-block.ts';

/** The agent of block 0: publishes the other agents, and hands them the commands of the PF. */
export class ControlAgent implements Agent {
  readonly type = HV_VHCA_AGENT.control;
  readonly #adapter: VfAdapter;
  readonly #agents: Agents;

  constructor(adapter: VfAdapter, agents: Agents) {
    this.#adapter = adapter;
    this.#agents = agents;
  }

  /**
   * Reads block 0, acts on it and writes it back. Nothing is written when it cannot be read, or when
   * it commands an agent that the VF does not have: the PF then waits for an acknowledgement in vain.
   * A write that fails is not repeated; the next invalidation brings another.
   */
  async invalidated(): Promise<void> {
    const bytes = await readBlock(this.#adapter, HV_VHCA_AGENT.control);
    const block = bytes && decodeControlBlock(bytes);
    if (block === undefined) {
      this.#adapter.log.warn('hv_vhca control block not read');
      return;
    }
    const answer = this.#answer(block);
    if (answer === undefined) {
      const { control, command } = block;
      this.#adapter.log.warn({ control, command }, 'hv_vhca command is for an unknown agent');
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
    const status = await this.#adapter.ndisMWriteConfigBlock(
      HV_VHCA_AGENT.control,
      encodeControlBlock(block),
      HV_VHCA_BLOCK_SIZE,
    );
    if (status === NDIS_STATUS.NDIS_STATUS_SUCCESS) {
      this.#adapter.log.debug(block, 'hv_vhca control block written');
    } else {
      const reason = ndisStatusName(status);
      this.#adapter.log.warn({ status: reason }, 'hv_vhca control block not written');
    }
  }
}
