/** For authors of miniports, and of programs around them: what this repository tests itself with. */

export { type BrokenRule, ContractError, type ContractReport } from './contract/contract.ts';
export {
  type PfMiniportContractOptions,
  pfMiniportContract,
} from './contract/pf-miniport-contract.ts';
export {
  type VfMiniportContractOptions,
  vfMiniportContract,
} from './contract/vf-miniport-contract.ts';
export {
  ControlledTransport,
  createControlledPair,
  type Frame,
} from './support/controlled-transport.ts';
export { ManualClock } from './support/manual-clock.ts';
export { RawGuest } from './support/raw-guest.ts';
export { RawPeer } from './support/raw-peer.ts';
export {
  type AttachedGuest,
  createWorld,
  type GuestOptions,
  type Link,
  type World,
  type WorldOptions,
} from './support/worlds.ts';
