import type { Logger } from 'pino';
import { GuestOs } from '#guest/guest-os.ts';
import type { VfMiniportFactory } from '#guest/ndis/vf-miniport.ts';
import type { SlotEnd } from '#guest/vf-slot.ts';
import type { DialResult } from '#guest/vmbus/dial.ts';
import { ManagementOs } from '#host/management-os.ts';
import type { PfMiniportFactory } from '#host/ndis/pf-miniport.ts';
import type { HopName } from '#shared/trace/hops.ts';
import { Trace, type TraceEvent } from '#shared/trace/trace.ts';
import { ALL_VERSIONS } from '#shared/wire/version.ts';
import { type ControlledTransport, createControlledPair } from './controlled-transport.ts';
import { ManualClock } from './manual-clock.ts';
import { quietLog } from './quiet-log.ts';
import { RawGuest } from './raw-guest.ts';
import { turn } from './turn.ts';

export interface WorldOptions {
  readonly pf: PfMiniportFactory;
  readonly numVfs?: number;
  readonly versions?: readonly number[];
  /** Seconds; 0 for ever. */
  readonly oidTimeout?: number;
  readonly ejectTimeoutMs?: number;
  readonly maskOnReset?: 'keep' | 'drop';
  readonly configuration?: ReadonlyMap<string, string>;
  readonly log?: Logger;
}

export interface GuestOptions {
  readonly name?: string;
  readonly vfs?: number;
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

/** The two ends of one channel. */
export interface Link {
  readonly guest: ControlledTransport;
  readonly host: ControlledTransport;
}

/** A guest of a {@link World}. */
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

/**
 * A management OS and its guests in one process, joined in memory, under a clock that is moved by
 * hand. Everything that either side reports is in one trace.
 */
export class World {
  readonly clock = new ManualClock();
  readonly trace = new Trace(() => this.clock.now());
  readonly events: TraceEvent[] = [];
  readonly host: ManagementOs;
  /** The states of all VFs, in order: `g1/0 running`. */
  readonly states: string[] = [];
  readonly #guests: GuestOs[] = [];

  constructor(options: WorldOptions) {
    this.trace.listen((event) => this.events.push(event));
    this.host = new ManagementOs({
      pfMiniport: options.pf,
      configuration: options.configuration ?? new Map(),
      numVfs: options.numVfs ?? 4,
      versions: options.versions ?? ALL_VERSIONS,
      oidTimeout: options.oidTimeout ?? 10,
      ejectTimeoutMs: options.ejectTimeoutMs ?? 60_000,
      maskOnReset: options.maskOnReset ?? 'keep',
      clock: this.clock,
      trace: this.trace,
      log: options.log ?? quietLog,
      onState: (vf, state) => this.states.push(`${vf.device} ${state}`),
    });
  }

  /** Attaches a guest and runs it as far as it comes by itself. */
  async attachGuest(vf: VfMiniportFactory, options: GuestOptions = {}): Promise<AttachedGuest> {
    const guest = this.#newGuest(vf, options);
    this.#guests.push(guest.os);
    guest.os.run().then(
      (ends) => {
        guest.ends = ends;
      },
      () => {},
    );
    await turn();
    return guest;
  }

  /** Attaches a guest that speaks frames by hand. */
  async attachRawGuest(name = 'raw'): Promise<{ readonly guest: RawGuest; readonly link: Link }> {
    const link = newLink();
    const guest = new RawGuest(link.guest);
    await this.host.attach(link.host, { vmName: name, index: 0 });
    await turn();
    return { guest, link };
  }

  /** Lets everything run that is ready to, without moving the clock. */
  async settled(): Promise<void> {
    await turn();
  }

  /** The names of the hops reported, in order; of those listed only, when some are. */
  hops(...only: readonly HopName[]): readonly HopName[] {
    const names = this.events.map((event) => event.hop);
    return only.length === 0 ? names : names.filter((name) => only.includes(name));
  }

  /** The events of one hop. */
  eventsOf(hop: HopName): readonly TraceEvent[] {
    return this.events.filter((event) => event.hop === hop);
  }

  /** Stops every guest and the host, and moves the clock for those that are slow. */
  async end(): Promise<void> {
    const ended = Promise.all([...this.#guests.map((guest) => guest.stop()), this.host.stop()]);
    await this.clock.advance(30_000);
    await ended;
  }

  #newGuest(vf: VfMiniportFactory, options: GuestOptions): MutableGuest {
    const name = options.name ?? 'g1';
    const links: Link[] = [];
    const phases: string[] = [];
    const dial = (index: number): Promise<DialResult> => {
      guest.dials++;
      const other = options.dial?.(guest.dials);
      if (other !== undefined) return other;
      const link = newLink();
      links.push(link);
      options.onLink?.(link);
      void this.host.attach(link.host, { vmName: name, index });
      return Promise.resolve({ transport: link.guest });
    };
    const guest: MutableGuest = {
      os: new GuestOs({
        name,
        vfs: options.vfs ?? 1,
        dial,
        vfMiniport: vf,
        configuration: options.configuration ?? new Map(),
        versions: options.versions ?? ALL_VERSIONS,
        retry: options.retry ?? false,
        oidTimeout: options.oidTimeout ?? 10,
        clock: this.clock,
        random: options.random ?? (() => 0.5),
        trace: this.trace,
        log: options.log ?? quietLog,
        onPhase: (device, phase) => phases.push(`${device} ${phase}`),
      }),
      links,
      phases,
      ends: undefined,
      dials: 0,
      get link(): Link {
        const link = links.at(-1);
        if (link === undefined) throw new Error('the guest has opened no channel');
        return link;
      },
    };
    return guest;
  }
}

interface MutableGuest extends AttachedGuest {
  ends: readonly SlotEnd[] | undefined;
  dials: number;
}

function newLink(): Link {
  const [guest, host] = createControlledPair();
  return { guest, host };
}

/** A world whose host has started. */
export async function createWorld(options: WorldOptions): Promise<World> {
  const world = new World(options);
  const failure = await world.host.start();
  if (failure !== undefined) throw new Error(failure);
  return world;
}
