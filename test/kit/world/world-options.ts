import type { Logger } from 'pino';
import type { CreateManagementOsOptions } from '#host/create-management-os.ts';
import type { PfMiniportFactory } from '#host/ndis/pf-miniport.ts';
import type { VfView } from '#host/virtualization-stack/vf.ts';
import type { VfState } from '#host/virtualization-stack/vf-state.ts';
import type { VerifierMode } from '#shared/verifier/mode.ts';
import type { Duration } from '../duration.ts';
import type { FaultRule } from '../faults/fault.ts';

/** What a world is made of, and what befalls it. */
export interface WorldOptions {
  readonly pf: PfMiniportFactory;
  /** Several PFs, instead of the one; what they leave out is as beside them. */
  readonly pfs?: CreateManagementOsOptions['pfs'];
  readonly numVfs?: number;
  readonly versions?: readonly number[];
  /** Seconds; 0 for ever. */
  readonly oidTimeout?: number;
  readonly ejectTimeoutMs?: number;
  readonly maskOnReset?: 'keep' | 'drop';
  readonly writeSizeQuirk?: 'none' | '2018';
  readonly configuration?: ReadonlyMap<string, string>;
  readonly log?: Logger;
  /** Decides every random number of the run, and with `latency` its schedule. Default: none is random. */
  readonly seed?: number | undefined;
  /** The longest time that a frame takes, each as the seed decides; by default none. */
  readonly latency?: Duration | undefined;
  /**
   * What the verifier does about a miniport that breaks its contract; see `World.reports`. By
   * default it logs. What a fault breaks in the name of a miniport, or by what it keeps from it, is
   * reported too, and fails nothing.
   */
  readonly verifier?: VerifierMode;
  /** Called with each state that a VF enters. */
  readonly onState?: (vf: VfView, state: VfState) => void;
  /** Rules of the verifier that miniports are meant to break; any other violation fails `World.end`. */
  readonly breaks?: readonly string[] | 'any';
  /** What befalls the run. A rule that meets nothing fails `World.end`. */
  readonly faults?: readonly FaultRule[];
}
