import { HV_VHCA_AGENT, type HvVhcaAgentType, invalidationBit } from '#shared/hv-vhca/agent.ts';
import type { ControlBlock } from '#shared/hv-vhca/control-block.ts';
import type { BlockMask } from '#shared/vpci/config-block.ts';
import { Turns } from '../turns.ts';

/** What the control block says of an agent that was commanded. */
export type AgentStatus = Pick<ControlBlock, 'version' | 'rings'>;

/** One agent of the VF. It is ready for everything below before it is created in the table. */
export interface Agent {
  readonly type: HvVhcaAgentType;
  /** The agent's block was invalidated. */
  invalidated?(): Promise<void>;
  /** Takes a command of the PF; returns what is written back with the acknowledgement. */
  control?(command: number): AgentStatus;
  /** Ends the agent's work; resolves when none is under way. */
  stop?(): Promise<void>;
}

/** The agents of a VF, of each type at most one. */
export class Agents {
  readonly #byType = new Map<HvVhcaAgentType, Agent>();
  readonly #turns = new Turns();

  /** The agents that the PF may command: all but the control agent. */
  get commanded(): readonly Agent[] {
    return [...this.#byType.values()].filter(({ type }) => type !== HV_VHCA_AGENT.control);
  }

  /** Resolves when the PF has been told, as far as it can be. */
  async create(agent: Agent): Promise<void> {
    this.#byType.set(agent.type, agent);
    await this.#announce();
  }

  /** As {@link create}; the agent's work has ended by then. */
  async destroy(type: HvVhcaAgentType): Promise<void> {
    const agent = this.#byType.get(type);
    this.#byType.delete(type);
    await agent?.stop?.();
    await this.#announce();
  }

  /**
   * Has every agent whose bit is set look at its block; bits without an agent mean nothing. One mask
   * at a time, so that no two agents act on block 0 at once.
   */
  invalidated(mask: BlockMask): Promise<void> {
    return this.#turns.take(async () => {
      for (const agent of [...this.#byType.values()]) {
        if ((mask & invalidationBit(agent.type)) !== 0n) await agent.invalidated?.();
      }
    });
  }

  /** The VF invalidates block 0 for itself: the PF, which asked nothing, learns what agents there are. */
  #announce(): Promise<void> {
    return this.invalidated(invalidationBit(HV_VHCA_AGENT.control));
  }
}
