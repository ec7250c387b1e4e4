import { type BlockId, type BlockMask, maskOfBlocks } from '../vpci/config-block.ts';

/**
 * The agents of hv_vhca: each is a subject on which PF and VF talk. An agent's type is the id of the
 * block that it uses, and the protocol has room for types 0 to 31.
 */
export const HV_VHCA_AGENT = {
  /** Publishes what agents the VF has, and takes the commands of the PF. */
  control: 0,
  /** Reports the counters of the VF's rings. */
  stats: 1,
} as const satisfies Record<string, BlockId>;

export type HvVhcaAgentType = (typeof HV_VHCA_AGENT)[keyof typeof HV_VHCA_AGENT];

/**
 * The agent's bit in a BlockMask: bit `type`, which is that of its block. The words of the control
 * block count differently, see {@link capabilityBit}.
 */
export function invalidationBit(type: HvVhcaAgentType): BlockMask {
  return maskOfBlocks([type]);
}

/**
 * The agent's bit in the words `capabilities` and `control`: bit `type - 1`. The control agent has
 * none, because it is always there and nobody commands it; so the two countings are off by one, in
 * the protocol and here.
 */
export function capabilityBit(type: HvVhcaAgentType): number {
  return type === HV_VHCA_AGENT.control ? 0 : 1 << (type - 1);
}
