import type { Logger } from 'pino';
import type { CompletedOid, OidRequestParameters } from '#shared/ndis/oid-request.ts';
import type { Clock } from '#shared/time/clock.ts';
import type { Trace } from '#shared/trace/trace.ts';
import type { CloseDetails, Transport } from '#shared/transport/transport.ts';

/** How far a VF has come in its guest. */
export type VfPhase = 'handshake' | 'initializing' | 'running' | 'halting' | 'gone';

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

/** One life of a VF in a guest, from the opening of its channel to the close. */
export interface VfLife {
  /** Lives the whole life; resolves, when the driver has let go of the VF, with what ended it. */
  run(): Promise<CloseDetails>;
  /** Has the driver let go of the VF and closes the channel; `run` resolves after it. */
  stop(): void;
  /** Closes the channel whatever the driver is doing: the VF is removed by surprise. */
  abandon(): void;
  /** Issues an OID request to the VF's adapter, in a guest that has NDIS; undefined without one. */
  oidRequest?(parameters: OidRequestParameters): Promise<CompletedOid | undefined>;
}

/** Begins a life on a channel that has just been opened. */
export type NewVfLife = (options: VfLifeOptions) => VfLife;
