import type { Logger } from 'pino';
import type { CompletedOid, OidRequestParameters } from '#shared/ndis/oid-request.ts';
import type { Clock } from '#shared/time/clock.ts';
import type { Trace } from '#shared/trace/trace.ts';
import type { CloseDetails, Transport } from '#shared/transport/transport.ts';
import type { VfPhase } from './vf-phase.ts';

/** What every life of a VF is given, whichever guest OS it is lived in. */
export interface VfLifeOptions {
  readonly transport: Transport;
  /** Which VF of which guest: `g1/0`. */
  readonly device: string;
  /** The settings of the VF's driver, by keyword. */
  readonly configuration: ReadonlyMap<string, string>;
  /** The protocol versions to ask for, in this order. */
  readonly versions: readonly number[];
  readonly clock: Clock;
  readonly trace: Trace;
  readonly log: Logger;
  /** Seconds that a VF miniport may hold an OID request; 0 for ever. */
  readonly oidTimeout: number;
  readonly onPhase: (phase: VfPhase) => void;
}

/** What ended a life. */
export interface LifeEnd extends CloseDetails {
  /** What the driver has not returned from, when it was left behind because of it, for people. */
  readonly leftBehind?: string;
}

/** One life of a VF in a guest, from the opening of its channel to the close. */
export interface VfLife {
  /** Lives the whole life; resolves, when the driver has let go of the VF, with what ended it. */
  run(): Promise<LifeEnd>;
  /** Has the driver let go of the VF and closes the channel; `run` resolves after it. */
  stop(): void;
  /** Closes the channel whatever the driver is doing: the VF is removed by surprise. */
  abandon(): void;
  /** Issues an OID request to the VF's adapter, in a guest that has NDIS; undefined without one. */
  oidRequest?(parameters: OidRequestParameters): Promise<CompletedOid | undefined>;
  /**
   * Takes the VF out of D0 on a channel that stays open; resolves when the VF is at rest, which it is
   * as well once it leaves. A guest OS that closes its channels when it sleeps has neither of these:
   * its VFs are given back, and others come when it wakes.
   */
  suspend?(): Promise<void>;
  /** Takes the VF into D0 again; resolves when it is at rest, as after {@link suspend}. */
  resume?(): Promise<void>;
}

/** Begins a life on a channel that has just been opened. */
export type NewVfLife = (options: VfLifeOptions) => VfLife;
