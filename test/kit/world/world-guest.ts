import type { Logger } from 'pino';
import { GuestOs } from '#guest/guest-os.ts';
import type { GuestProfile, VfDriver } from '#guest/guest-profile.ts';
import type { LowerDevice } from '#guest/io/device-object.ts';
import type { ReadPadding } from '#guest/linux/received-length.ts';
import type { SlotEnd } from '#guest/vf-slot.ts';
import type { DialResult } from '#guest/vmbus/dial.ts';
import type { Clock } from '#shared/time/clock.ts';
import type { Random } from '#shared/time/random.ts';
import type { Verifier } from '#shared/verifier/verifier.ts';
import { ALL_VERSIONS } from '#shared/wire/version.ts';
import type { FaultEngine } from '../faults/fault-engine.ts';
import { FaultyDevice } from '../faults/faulty-device.ts';
import { faultyVfDriver } from '../faults/faulty-driver.ts';
import { type GuestBus, livesOn } from './guest-bus.ts';
import { quietLog } from './quiet-log.ts';
import type { Link } from './world-links.ts';
import type { WorldSide } from './world-side.ts';

export interface GuestOptions {
  readonly name?: string;
  readonly profile?: GuestProfile;
  readonly readPadding?: ReadPadding;
  /** Its bus driver, in the place of that of its profile. */
  readonly bus?: GuestBus | undefined;
  readonly vfs?: number;
  /** The PFs of its VFs, by turns; the first PF of the host without any. */
  readonly pfs?: readonly string[];
  readonly versions?: readonly number[];
  readonly oidTimeout?: number;
  readonly retry?: boolean;
  readonly configuration?: ReadonlyMap<string, string>;
  readonly log?: Logger;
  readonly random?: () => number;
  /** What dialing gives instead of a channel to this world's host; undefined for that channel. */
  readonly dial?: (attempt: number) => Promise<DialResult> | undefined;
  /** Called with each link before either side has sent anything. */
  readonly onLink?: (link: Link) => void;
}

/** A guest of a world. */
export interface AttachedGuest {
  readonly os: GuestOs;
  /** Every channel that was opened, in order. */
  readonly links: readonly Link[];
  /** The channel that was opened last. */
  readonly link: Link;
  /** The phases of all VFs, in order: `g1/0 running`. */
  readonly phases: readonly string[];
  /** How the guest's VFs ended; undefined while one runs. */
  readonly ends: readonly SlotEnd[] | undefined;
  /** How often the guest has dialed. */
  readonly dials: number;
}

/** Where a VF asks for a channel, and on which PF. */
export interface Dialed {
  readonly vmName: string;
  readonly index: number;
  readonly pf: string | undefined;
}

/** What the world of a guest gives to it. */
export interface GuestSurroundings {
  readonly name: string;
  readonly side: WorldSide;
  readonly engine: FaultEngine;
  /** That of the world, by which faults wait. */
  readonly clock: Clock;
  readonly random: Random;
  readonly verifier: Verifier | undefined;
  /** Opens a channel to the host; undefined when there is no host that could take it. */
  readonly connect: (dialed: Dialed, onLink: (link: Link) => void) => Link | undefined;
}

/** A guest of a world: the production guest, with faults between it and its drivers. */
export class WorldGuest implements AttachedGuest {
  readonly os: GuestOs;
  readonly links: Link[] = [];
  readonly phases: string[] = [];
  ends: readonly SlotEnd[] | undefined;
  dials = 0;
  readonly #options: GuestOptions;
  readonly #surroundings: GuestSurroundings;

  constructor(vf: VfDriver, options: GuestOptions, surroundings: GuestSurroundings) {
    this.#options = options;
    this.#surroundings = surroundings;
    const { name, side, engine, clock, random, verifier } = surroundings;
    const driver = {
      profile: options.profile ?? 'windows',
      vfMiniport: faultyVfDriver(vf, engine, clock),
      readPadding: options.readPadding ?? 'zero',
      interpose: (device: LowerDevice) => new FaultyDevice(device, engine, clock),
    };
    this.os = new GuestOs({
      ...driver,
      newLife: livesOn(options.bus, driver),
      name,
      vfs: options.vfs ?? 1,
      dial: (index) => this.#dial(index),
      configuration: options.configuration ?? new Map(),
      versions: options.versions ?? ALL_VERSIONS,
      retry: options.retry ?? false,
      oidTimeout: options.oidTimeout ?? 10,
      clock: side.clock,
      random: options.random ?? random,
      trace: side.trace,
      log: options.log ?? quietLog,
      verifier,
      onPhase: (device, phase) => this.phases.push(`${device} ${phase}`),
    });
  }

  get link(): Link {
    const link = this.links.at(-1);
    if (link === undefined) throw new Error('the guest has opened no channel');
    return link;
  }

  /** Starts it; it has done nothing yet when this returns. */
  run(): void {
    this.os.run().then(
      (ends) => {
        this.ends = ends;
      },
      () => {},
    );
  }

  #dial(index: number): Promise<DialResult> {
    this.dials++;
    const { dial, pfs, onLink } = this.#options;
    const other = dial?.(this.dials);
    if (other !== undefined) return other;
    const { name, connect } = this.#surroundings;
    const dialed = { vmName: name, index, pf: pfs?.[index % pfs.length] };
    const link = connect(dialed, (opened) => {
      this.links.push(opened);
      onLink?.(opened);
    });
    return Promise.resolve(
      link === undefined
        ? { failure: 'the management OS is dead', permanent: false }
        : { transport: link.guest },
    );
  }
}
