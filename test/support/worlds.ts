import type { Logger } from 'pino';
import { GuestOs } from '#guest/guest-os.ts';
import type { GuestProfile, VfDriver } from '#guest/guest-profile.ts';
import type { LowerDevice } from '#guest/io/device-object.ts';
import type { ReadPadding } from '#guest/linux/received-length.ts';
import type { SlotEnd } from '#guest/vf-slot.ts';
import type { DialResult } from '#guest/vmbus/dial.ts';
import type { CreateManagementOsOptions } from '#host/create-management-os.ts';
import { ManagementOs } from '#host/management-os.ts';
import type { PfMiniportFactory } from '#host/ndis/pf-miniport.ts';
import type { PhysicalFunction } from '#host/physical-function.ts';
import type { VfView } from '#host/virtualization-stack/vf.ts';
import type { VfState } from '#host/virtualization-stack/vf-state.ts';
import type { Random } from '#shared/time/random.ts';
import type { HopName } from '#shared/trace/hops.ts';
import { DEFAULT_PF_NAME } from '#shared/trace/pf-trace.ts';
import { Trace, type TraceEvent } from '#shared/trace/trace.ts';
import { createLinkedPair } from '#shared/transport/in-memory.ts';
import type { Transport } from '#shared/transport/transport.ts';
import type { VerifierMode } from '#shared/verifier/mode.ts';
import type { VerifierReport } from '#shared/verifier/report.ts';
import { ALL_VERSIONS } from '#shared/wire/version.ts';
import { assertFired } from '../kit/check/assert-holds.ts';
import { checkRun } from '../kit/check/check-run.ts';
import type { Checker, Dead, Verdict } from '../kit/check/checker.ts';
import { type Duration, milliseconds } from '../kit/duration.ts';
import type { FaultRule } from '../kit/faults/fault.ts';
import { type AppliedFault, FaultEngine } from '../kit/faults/fault-engine.ts';
import { FaultyDevice } from '../kit/faults/faulty-device.ts';
import { faultyVfDriver } from '../kit/faults/faulty-driver.ts';
import { faultyPf } from '../kit/faults/faulty-miniports.ts';
import { FaultyTransport } from '../kit/faults/faulty-transport.ts';
import { describeWhen, type When } from '../kit/faults/when.ts';
import { type GuestBus, livesOn } from '../kit/world/guest-bus.ts';
import { livelockGuard } from '../kit/world/livelock.ts';
import { seededRandom } from '../kit/world/seeded-random.ts';
import { unreturned } from '../kit/world/unreturned.ts';
import { WorldSide } from '../kit/world/world-side.ts';
import { WorldVerifier } from '../kit/world/world-verifier.ts';
import { ControlledTransport } from './controlled-transport.ts';
import { ManualClock } from './manual-clock.ts';
import { quietLog } from './quiet-log.ts';
import { RawGuest } from './raw-guest.ts';
import { turns } from './turn.ts';

const HOUR_MS = 3_600_000;
const AFTERMATH_MS = 60_000;

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
   * What the verifier does about a miniport that breaks its contract; see {@link World.reports}. By
   * default it logs; in a world with faults, which are no miniport's own doing, it is off.
   */
  readonly verifier?: VerifierMode;
  /** Called with each state that a VF enters. */
  readonly onState?: (vf: VfView, state: VfState) => void;
  /** Rules of the verifier that miniports are meant to break; any other violation fails {@link World.end}. */
  readonly breaks?: readonly string[] | 'any';
  /** What befalls the run. A rule that meets nothing fails {@link World.end}. */
  readonly faults?: readonly FaultRule[];
}

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
  readonly trace = new Trace(() => this.clock.now(), { keepsData: true });
  readonly events: TraceEvent[] = [];
  readonly os: ManagementOs;
  /** The PF of a management OS that has one, or its first. */
  readonly host: PhysicalFunction;
  readonly random: Random;
  readonly #states: { readonly pf: string; readonly state: string }[] = [];
  readonly #guests: { readonly name: string; readonly os: GuestOs }[] = [];
  readonly #hostSide: WorldSide;
  readonly #guestSides = new Map<string, WorldSide>();
  readonly #engine: FaultEngine;
  readonly #latency: number;
  readonly #guestRandom: Random;
  readonly #verifier: WorldVerifier;

  constructor(options: WorldOptions) {
    const { faults = [], verifier = faults.length > 0 ? 'off' : 'log', breaks = [] } = options;
    this.#verifier = new WorldVerifier({
      mode: verifier,
      breaks,
      trace: this.trace,
      isDead: (adapter) =>
        adapter.includes('/') ? this.isDead(adapter.replace(/\/\d+$/, '')) : this.isHostDead,
    });
    this.random = seededRandom(options.seed ?? 1);
    this.#guestRandom = options.seed === undefined ? () => 0.5 : this.random;
    this.#latency = milliseconds(options.latency ?? 0);
    this.#engine = new FaultEngine(options.faults ?? [], {
      cut: (event) => this.#cut(event.device),
      kill: (side, event) => this.#kill(side, event.device),
    });
    this.trace.listen((event) => this.events.push(event));
    this.trace.listen((event) => this.#engine.event(event));
    this.trace.listen(livelockGuard(() => this.#killAll()));
    this.#hostSide = new WorldSide(this.clock, this.trace);
    this.os = new ManagementOs({
      pfs: (options.pfs ?? [{ name: DEFAULT_PF_NAME }]).map((pf) => ({
        configuration: options.configuration ?? new Map(),
        numVfs: options.numVfs ?? 4,
        oidTimeout: options.oidTimeout ?? 10,
        maskOnReset: options.maskOnReset ?? 'keep',
        ...pf,
        pfMiniport: faultyPf(pf.pfMiniport ?? options.pf, this.#engine, this.clock),
      })),
      versions: options.versions ?? ALL_VERSIONS,
      ejectTimeoutMs: options.ejectTimeoutMs ?? 60_000,
      writeSizeQuirk: options.writeSizeQuirk ?? 'none',
      clock: this.#hostSide.clock,
      random: () => 0.5,
      trace: this.#hostSide.trace,
      log: options.log ?? quietLog,
      verifier: this.#verifier.host,
      onState: (vf, state, pf) => {
        this.#states.push({ pf, state: `${vf.device} ${state}` });
        options.onState?.(vf, state);
      },
    });
    this.host = this.os.pf;
  }

  /** Starts the host. Returns undefined, or why it did not start; a host that died says nothing. */
  async start(): Promise<string | undefined> {
    return await this.#unlessDead(this.#hostSide, 'the host has started', () => this.os.start());
  }

  /** What the verifier has reported, of every miniport. */
  get reports(): readonly VerifierReport[] {
    return this.#verifier.reports;
  }

  /** From now on miniports are meant to break these rules of the verifier, too. */
  expectBreaches(...ids: readonly string[]): void {
    this.#verifier.expect(ids);
  }

  /** Attaches a guest and runs it as far as it comes by itself. */
  async attachGuest(vf: VfDriver, options: GuestOptions = {}): Promise<AttachedGuest> {
    const guest = this.startGuest(vf, options);
    await turns();
    return guest;
  }

  /** Starts a guest, which has done nothing yet when this returns. */
  startGuest(vf: VfDriver, options: GuestOptions = {}): AttachedGuest {
    const guest = this.#newGuest(vf, options);
    this.#guests.push({ name: options.name ?? 'g1', os: guest.os });
    guest.os.run().then(
      (ends) => {
        guest.ends = ends;
      },
      () => {},
    );
    return guest;
  }

  /** Attaches a guest that speaks frames by hand. */
  async attachRawGuest(
    name = 'raw',
    pf?: string,
  ): Promise<{ readonly guest: RawGuest; readonly link: Link }> {
    const side = new WorldSide(this.clock, this.trace);
    this.#guestSides.set(name, side);
    const link = this.#newLink(side, `${name}/0`);
    const guest = new RawGuest(link.guest);
    await this.os.attach(link.host, { vmName: name, index: 0, pf });
    await turns();
    return { guest, link };
  }

  /** Lets everything run that is ready to, without moving the clock. */
  async settled(): Promise<void> {
    await turns();
  }

  /** Moves the clock; what is due meanwhile happens in order. */
  async advance(duration: Duration): Promise<void> {
    await this.clock.advance(milliseconds(duration));
  }

  /**
   * Lets time pass, from timer to timer, until something holds or an event has happened after this
   * call. Fails when nothing is left that could happen, or an hour of the world has passed.
   *
   * @param name what is waited for, in words
   */
  async until(what: When | (() => boolean), name = nameOf(what)): Promise<void> {
    let happened = false;
    if (typeof what !== 'function') this.#engine.onEvent(what, () => (happened = true));
    const holds = typeof what === 'function' ? what : () => happened;
    const end = this.clock.now() + HOUR_MS;
    await turns();
    while (!holds()) {
      const next = this.clock.untilNext;
      if (next === undefined || this.clock.now() > end) {
        const why = [`this did not come about: ${name}`, ...unreturned(this.events)];
        throw new Error(why.join('; '));
      }
      await this.clock.advance(next);
    }
  }

  /** OID_SRIOV_READ_VF_CONFIG_BLOCK, as an operator; what it answers is in the trace. */
  async hostRead(vfId: number, blockId: number, length: number): Promise<void> {
    await this.#unlessDead(this.#hostSide, 'the PF has answered', () =>
      this.host.readBlock(vfId, blockId, length),
    );
  }

  /** What is left of the run, once it has ended, in words. */
  get leftovers(): readonly string[] {
    const { timers } = this.clock;
    const vfs = this.#hostSide.dead ? [] : this.host.vfs;
    return [
      ...(timers > 0 ? [`${timers} timers are still set`] : []),
      ...vfs.map(({ vfId, device }) => `VF ${vfId} (${device}) is still allocated`),
    ];
  }

  /** The faults that befell the run so far. */
  get faults(): readonly AppliedFault[] {
    return this.#engine.applied;
  }

  /** Fault rules that have met nothing so far, in words. */
  get unfired(): readonly string[] {
    return this.#engine.unfired;
  }

  /** Breaks the channel of a VF, or of all. */
  cut(device?: string): void {
    this.#cut(device);
  }

  /** A guest dies between two instructions: it sends nothing more, and its timers stand still. */
  killGuest(name: string): void {
    this.#guestSides.get(name)?.die();
  }

  /** The management OS dies. */
  killHost(): void {
    this.#hostSide.die();
  }

  /** Which operating systems have died. */
  get dead(): Dead {
    const guests = [...this.#guestSides].filter(([, { dead }]) => dead).map(([name]) => name);
    return { host: this.isHostDead, guests };
  }

  get isHostDead(): boolean {
    return this.#hostSide.dead;
  }

  /** Whether a guest has died. */
  isDead(name: string): boolean {
    return this.#guestSides.get(name)?.dead === true;
  }

  #killAll(): void {
    for (const side of [this.#hostSide, ...this.#guestSides.values()]) side.die();
  }

  #cut(device: string | undefined): void {
    for (const side of [this.#hostSide, ...this.#guestSides.values()]) side.cut(device);
  }

  /** An event that belongs to no VF is of the host, whose death is meant then. */
  #kill(side: 'guest' | 'host', device: string | undefined): void {
    const guest = device?.slice(0, device.lastIndexOf('/'));
    if (side === 'guest' && guest !== undefined) this.killGuest(guest);
    else this.killHost();
  }

  /** The states of all VFs, in order: `g1/0 running`. */
  get states(): readonly string[] {
    return this.#states.map(({ state }) => state);
  }

  /** The states of the VFs of one PF. */
  statesOf(pf: string): readonly string[] {
    return this.#states.filter((each) => each.pf === pf).map(({ state }) => state);
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

  /**
   * Holds what has happened so far to the invariants I1 to I10 and to further checkers. After
   * {@link end} nothing may be left over either; before it nobody can tell.
   */
  check(...checkers: readonly Checker[]): readonly Verdict[] {
    const { events, faults, leftovers, dead } = this;
    return checkRun({ events, faults, leftovers, dead }, checkers);
  }

  /**
   * Stops every guest and the host, and lets time pass for those that are slow.
   *
   * @throws RunError that names the faults that met no event
   */
  async end(): Promise<void> {
    await this.stop();
    assertFired(this.unfired);
  }

  /** What {@link end} does, whether or not every fault has met an event. */
  async stop(): Promise<void> {
    this.#engine.release();
    const guests = this.#guests.map(({ name, os }) =>
      this.#unlessDead(this.#guestSides.get(name), `${name} has stopped`, () => os.stop()),
    );
    const host = this.#unlessDead(this.#hostSide, 'the host has stopped', () => this.os.stop());
    await Promise.all([...guests, host]);
    // What a fault has delayed still comes, to sides that no longer expect it.
    await this.clock.advance(AFTERMATH_MS);
    this.#verifier.demandNone();
  }

  /**
   * What the work of one side comes to, with time passing meanwhile; undefined when that side is dead
   * or dies before.
   */
  async #unlessDead<T>(
    side: WorldSide | undefined,
    name: string,
    work: () => Promise<T>,
  ): Promise<T | undefined> {
    if (side === undefined || side.dead) return undefined;
    let settled: { readonly value: T } | { readonly error: unknown } | undefined;
    work().then(
      (value) => {
        settled = { value };
      },
      (error: unknown) => {
        settled = { error };
      },
    );
    await this.until(() => settled !== undefined || side.dead, name);
    if (settled !== undefined && 'error' in settled) throw settled.error;
    return settled?.value;
  }

  #newLink(guest: WorldSide, device: string): Link {
    const [left, right] = createLinkedPair();
    return {
      guest: new ControlledTransport(guest.end(device, this.#faulty(left))),
      host: new ControlledTransport(this.#hostSide.end(device, this.#faulty(right))),
    };
  }

  #faulty(inner: Transport): FaultyTransport {
    return new FaultyTransport({
      inner,
      engine: this.#engine,
      clock: this.clock,
      latency: () => (this.#latency === 0 ? 0 : Math.floor(this.random() * (this.#latency + 1))),
    });
  }

  #newGuest(vf: VfDriver, options: GuestOptions): MutableGuest {
    const name = options.name ?? 'g1';
    const links: Link[] = [];
    const phases: string[] = [];
    const side = new WorldSide(this.clock, this.trace);
    this.#guestSides.set(name, side);
    const dial = (index: number): Promise<DialResult> => {
      guest.dials++;
      const other = options.dial?.(guest.dials);
      if (other !== undefined) return other;
      if (this.#hostSide.dead) {
        return Promise.resolve({ failure: 'the management OS is dead', permanent: false });
      }
      const link = this.#newLink(side, `${name}/${index}`);
      links.push(link);
      options.onLink?.(link);
      void this.os.attach(link.host, {
        vmName: name,
        index,
        pf: options.pfs?.[index % options.pfs.length],
      });
      return Promise.resolve({ transport: link.guest });
    };
    const driver = {
      profile: options.profile ?? 'windows',
      vfMiniport: faultyVfDriver(vf, this.#engine, this.clock),
      readPadding: options.readPadding ?? 'zero',
      interpose: (device: LowerDevice) => new FaultyDevice(device, this.#engine, this.clock),
    };
    const guest: MutableGuest = {
      os: new GuestOs({
        ...driver,
        newLife: livesOn(options.bus, driver),
        name,
        vfs: options.vfs ?? 1,
        dial,
        configuration: options.configuration ?? new Map(),
        versions: options.versions ?? ALL_VERSIONS,
        retry: options.retry ?? false,
        oidTimeout: options.oidTimeout ?? 10,
        clock: side.clock,
        random: options.random ?? this.#guestRandom,
        trace: side.trace,
        log: options.log ?? quietLog,
        verifier: this.#verifier.guests,
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

function nameOf(what: When | (() => boolean)): string {
  return typeof what === 'function' ? what.toString() : describeWhen(what);
}

interface MutableGuest extends AttachedGuest {
  ends: readonly SlotEnd[] | undefined;
  dials: number;
}

/** A world whose host has started. */
export async function createWorld(options: WorldOptions): Promise<World> {
  const world = new World(options);
  const failure = await world.start();
  if (failure !== undefined) throw new Error(failure);
  return world;
}
