/** For authors of miniports, and of programs around them: what this repository tests itself with. */

export { type BrokenRule, ContractError, type ContractReport } from './contract/contract.ts';
export {
  type LinuxVfDriverContractOptions,
  linuxVfDriverContract,
} from './contract/linux-vf-driver-contract.ts';
export {
  type PfMiniportContractOptions,
  pfMiniportContract,
} from './contract/pf-miniport-contract.ts';
export {
  type VfMiniportContractOptions,
  vfMiniportContract,
} from './contract/vf-miniport-contract.ts';
export { assertHolds, RunError } from './kit/check/assert-holds.ts';
export type { FoundVersions, VersionOf } from './kit/check/block-versions.ts';
export { checkRun } from './kit/check/check-run.ts';
export type { Checker, Finding, Run, Verdict } from './kit/check/checker.ts';
export { verdict } from './kit/check/checker.ts';
export { freshAgain } from './kit/check/fresh-again.ts';
export { freshReads } from './kit/check/fresh-reads.ts';
export { type History, historyOf, type MaskEvent } from './kit/check/history.ts';
export { invariants } from './kit/check/index.ts';
export type { Duration } from './kit/duration.ts';
export * from './kit/faults/fault.ts';
export type { AppliedFault } from './kit/faults/fault-engine.ts';
export { FaultRuleError } from './kit/faults/fault-rule-error.ts';
export { VERBS } from './kit/faults/verbs.ts';
export type { When } from './kit/faults/when.ts';
export { MisuseError } from './kit/misuse-error.ts';
export { assertAgree, type BothWorlds, checkBothWorlds } from './kit/processes/both-worlds.ts';
export { ProcessWorldError } from './kit/processes/process-world-error.ts';
export {
  type RunOptions,
  type RunResult,
  runScenario,
  type WorldKind,
} from './kit/scenario/run-scenario.ts';
export {
  type Driver,
  defineScenario,
  type RealTime,
  type Scenario,
  type ScenarioPf,
} from './kit/scenario/scenario.ts';
export type { ScenarioGuestOptions, ScenarioWorld } from './kit/scenario/scenario-world.ts';
export { traceHash } from './kit/scenario/trace-hash.ts';
export { verifyRepeatable } from './kit/scenario/verify-repeatable.ts';
export { type CutPoint, cutPoints } from './kit/search/cut-points.ts';
export {
  type Counterexample,
  type ExploreOptions,
  type ExploreResult,
  explore,
} from './kit/search/explore.ts';
export { type Judgement, judge, type Outcome } from './kit/search/outcome.ts';
export { type SweepOptions, type SweepResult, type SweptRun, sweep } from './kit/search/sweep.ts';
export { type Difference, firstDifference } from './kit/trace-file/first-difference.ts';
export { mermaid } from './kit/trace-file/mermaid.ts';
export {
  parseTraceFile,
  type TraceFile,
  TraceFileError,
  traceFileText,
} from './kit/trace-file/trace-file.ts';
export {
  ControlledTransport,
  createControlledPair,
  type Frame,
} from './kit/world/controlled-transport.ts';
export type { GuestBus } from './kit/world/guest-bus.ts';
export { ManualClock } from './kit/world/manual-clock.ts';
export { RawGuest } from './kit/world/raw-guest.ts';
export { RawPeer } from './kit/world/raw-peer.ts';
export { createWorld, type World } from './kit/world/world.ts';
export type { AttachedGuest, GuestOptions } from './kit/world/world-guest.ts';
export type { Link } from './kit/world/world-links.ts';
export type { WorldOptions } from './kit/world/world-options.ts';
