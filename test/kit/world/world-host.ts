import { ManagementOs } from '#host/management-os.ts';
import { DEFAULT_PF_NAME } from '#shared/trace/pf-trace.ts';
import type { Verifier } from '#shared/verifier/verifier.ts';
import { ALL_VERSIONS } from '#shared/wire/version.ts';
import type { FaultEngine } from '../faults/fault-engine.ts';
import { faultyPf } from '../faults/faulty-miniports.ts';
import type { ManualClock } from './manual-clock.ts';
import { quietLog } from './quiet-log.ts';
import type { Dialed } from './world-guest.ts';
import type { Link } from './world-links.ts';
import type { WorldOptions } from './world-options.ts';
import type { WorldSide } from './world-side.ts';

/** What the world of a management OS gives to it. */
export interface HostSurroundings {
  readonly side: WorldSide;
  readonly engine: FaultEngine;
  /** That of the world, by which faults wait. */
  readonly clock: ManualClock;
  readonly verifier: Verifier | undefined;
}

/** The host of a world: the production management OS, with faults between it and its miniports. */
export class WorldHost {
  readonly os: ManagementOs;
  readonly #side: WorldSide;
  readonly #states: { readonly pf: string; readonly state: string }[] = [];

  constructor(options: WorldOptions, { side, engine, clock, verifier }: HostSurroundings) {
    this.#side = side;
    this.os = new ManagementOs({
      pfs: (options.pfs ?? [{ name: DEFAULT_PF_NAME }]).map((pf) => ({
        configuration: options.configuration ?? new Map(),
        numVfs: options.numVfs ?? 4,
        oidTimeout: options.oidTimeout ?? 10,
        maskOnReset: options.maskOnReset ?? 'keep',
        ...pf,
        pfMiniport: faultyPf(pf.pfMiniport ?? options.pf, engine, clock),
      })),
      versions: options.versions ?? ALL_VERSIONS,
      ejectTimeoutMs: options.ejectTimeoutMs ?? 60_000,
      writeSizeQuirk: options.writeSizeQuirk ?? 'none',
      clock: side.clock,
      random: () => 0.5,
      trace: side.trace,
      log: options.log ?? quietLog,
      verifier,
      onState: (vf, state, pf) => {
        this.#states.push({ pf, state: `${vf.device} ${state}` });
        options.onState?.(vf, state);
      },
    });
  }

  /** Has a VF attached over the channel that `open` gives; undefined, and no channel, when it is dead. */
  connect(dialed: Dialed, open: () => Link): Link | undefined {
    if (this.#side.dead) return undefined;
    const link = open();
    void this.os.attach(link.host, dialed);
    return link;
  }

  /** The states of the VFs of one PF, or of all, in order: `g1/0 running`. */
  statesOf(pf?: string): readonly string[] {
    const states = pf === undefined ? this.#states : this.#states.filter((each) => each.pf === pf);
    return states.map(({ state }) => state);
  }

  /** The VFs that are still there, in words. */
  get leftovers(): readonly string[] {
    const vfs = this.os.pfs.flatMap((pf) => pf.vfs);
    return vfs.map(({ vfId, device }) => `VF ${vfId} (${device}) is still allocated`);
  }
}
