import type { GuestProfile } from '#guest/guest-profile.ts';
import type { VerifierMode } from '#shared/verifier/mode.ts';
import type { FaultRule } from '../faults/fault.ts';
import type { DriverPlace } from '../scenario/driver-place.ts';
import type { ScenarioPf } from '../scenario/scenario.ts';

/**
 * What a process of a world is told: its order first, which says what it is to be, then questions. All
 * of it is plain data that survives a structured clone.
 */

interface SideOrder {
  /** What opens a channel of this world, and of no other. */
  readonly token: string;
  readonly configuration: ReadonlyMap<string, string>;
  readonly versions: readonly number[];
  readonly faults: readonly FaultRule[];
  /** How often each rule was met before by processes whose part this one goes on with. */
  readonly met: readonly number[];
  readonly seed: number | undefined;
  /** The longest time that a frame takes, in milliseconds. */
  readonly latency: number;
  readonly verifier: VerifierMode;
}

export interface HostOrder extends SideOrder {
  readonly side: 'host';
  readonly pf: DriverPlace;
  /** Several PFs, in the place of one. */
  readonly pfs: readonly ScenarioPf[] | undefined;
  readonly numVfs: number;
  readonly writeSizeQuirk: 'none' | '2018';
}

export interface GuestOrder extends SideOrder {
  readonly side: 'guest';
  readonly name: string;
  readonly profile: GuestProfile;
  readonly vf: DriverPlace;
  readonly bus: DriverPlace | undefined;
  /** Where the host listens; undefined for one that died before it did. */
  readonly host: string | undefined;
  readonly vfs: number;
  /** The PFs of its VFs, by turns. */
  readonly pfs: readonly string[] | undefined;
  readonly retry: boolean;
}

export type Order = HostOrder | GuestOrder;

/** A VF of a PF by its name, or of the first PF. */
interface OfVf {
  readonly vfId: number;
  readonly pf: string | undefined;
}

/** What can be asked of a process, what the question takes, and what it gives: unknown for nothing. */
export interface Questions {
  /** Both: lets everything run that is ready to. */
  readonly turns: { takes: undefined; gives: unknown };
  /** Both: breaks its end of the channel of a VF, or of all. */
  readonly cut: { takes: string | undefined; gives: unknown };
  /** Both: an event has happened elsewhere for which a fault waits here. */
  readonly resume: { takes: number; gives: unknown };
  /** Both: lets everything go that still waits for an event. */
  readonly release: { takes: undefined; gives: unknown };
  /** Both: ends in good order. Gives what is left, in words; the process ends then. */
  readonly stop: { takes: undefined; gives: readonly string[] };
  /** Guest: resolves when every VF runs, or one has ended. */
  readonly running: { takes: undefined; gives: unknown };
  /** Guest: puts it to sleep; resolves when every VF is at rest. */
  readonly sleep: { takes: undefined; gives: unknown };
  /** Guest: wakes it. */
  readonly wake: { takes: undefined; gives: unknown };
  /** Host: NdisMInvalidateConfigBlock, as an operator. */
  readonly invalidate: { takes: OfVf & { mask: bigint }; gives: unknown };
  /** Host: OID_SRIOV_RESET_VF. */
  readonly resetVf: { takes: OfVf; gives: number | undefined };
  readonly ejectVf: { takes: OfVf; gives: boolean };
  /** Host: OID_SRIOV_READ_VF_CONFIG_BLOCK; what it answers is in the trace. */
  readonly readBlock: {
    takes: OfVf & { blockId: number; length: number };
    gives: unknown;
  };
}

export type QuestionName = keyof Questions;
export type Taken<Q extends QuestionName> = Questions[Q]['takes'];
export type Given<Q extends QuestionName> = Questions[Q]['gives'];

/** A question as it is sent. */
export interface Question {
  readonly id: number;
  readonly name: QuestionName;
  readonly takes: unknown;
}
