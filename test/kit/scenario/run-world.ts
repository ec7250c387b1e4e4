import type { TraceEvent } from '#shared/trace/trace.ts';
import type { VerifierReport } from '#shared/verifier/report.ts';
import type { Dead } from '../check/checker.ts';
import type { AppliedFault } from '../faults/fault-engine.ts';
import type { ScenarioWorld } from './scenario-world.ts';

/** A world as whoever runs a scenario in it needs it, wherever its two sides are. */
export interface RunWorld {
  /** What the scenario is given. */
  readonly forScenario: ScenarioWorld;
  /** What has happened so far, in order. */
  readonly events: readonly TraceEvent[];
  readonly faults: readonly AppliedFault[];
  /** Fault rules that have met nothing so far, in words. */
  readonly unfired: readonly string[];
  /** What is left once the world has ended, in words. */
  readonly leftovers: readonly string[];
  readonly dead: Dead;
  /** Changes as long as something happens, or the world itself waits. */
  readonly progress: string;
  /** Rules of the verifier that a miniport broke, and no fault explains; known once the world has ended. */
  readonly breaches: readonly VerifierReport[];
  /** Starts the host. Returns undefined, or why it did not start. */
  start(): Promise<string | undefined>;
  /** OID_SRIOV_READ_VF_CONFIG_BLOCK, as an operator; what it answers is in the trace. */
  hostRead(vfId: number, blockId: number, length: number, pf?: string): Promise<void>;
  /** Lets everything happen that is ready to, and a second pass at most while a mask is on its way. */
  delivered(): Promise<void>;
  /** What happens from now on is no more of the scenario. */
  endScenario(): void;
  /** The `seq` of the last event of the scenario; undefined before its end, or where nobody knows. */
  readonly scenarioEnd: number | undefined;
  /** Ends every guest and the host. @throws Error with what nobody may do in this world, and did */
  stop(): Promise<void>;
}
