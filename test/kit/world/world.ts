import type { VfDriver } from '#guest/guest-profile.ts';
import type { ManagementOs } from '#host/management-os.ts';
import type { PhysicalFunction } from '#host/physical-function.ts';
import type { Random } from '#shared/time/random.ts';
import type { VerifierReport } from '#shared/verifier/report.ts';
import { assertFired } from '../check/assert-holds.ts';
import { checkRun } from '../check/check-run.ts';
import type { Checker, Dead, Verdict } from '../check/checker.ts';
import { type Duration, milliseconds } from '../duration.ts';
import { type AppliedFault, FaultEngine } from '../faults/fault-engine.ts';
import type { When } from '../faults/when.ts';
import { aftermath } from './aftermath.ts';
import { awaitMasks } from './await-masks.ts';
import { demandWholeHost, LeftBehind } from './left-behind.ts';
import { livelockGuard } from './livelock.ts';
import { type AttachedRawGuest, RawGuest } from './raw-guest.ts';
import { seededRandom } from './seeded-random.ts';
import { turns } from './turn.ts';
import { type AttachedGuest, type GuestOptions, WorldGuest } from './world-guest.ts';
import { WorldHost } from './world-host.ts';
import { WorldLinks } from './world-links.ts';
import type { WorldOptions } from './world-options.ts';
import { WorldSides } from './world-sides.ts';
import { WorldTime } from './world-time.ts';
import { WorldTrace } from './world-trace.ts';
import { WorldVerifier } from './world-verifier.ts';

/**
 * A management OS and its guests in one process, joined in memory, under a clock that is moved by
 * hand. Everything that either side reports is in one trace.
 */
export class World extends WorldTrace {
  readonly os: ManagementOs;
  /** The PF of a management OS that has one, or its first. */
  readonly host: PhysicalFunction;
  readonly random: Random;
  readonly #left = new LeftBehind();
  readonly #guests: { readonly name: string; readonly guest: WorldGuest }[] = [];
  readonly #sides: WorldSides;
  readonly #engine: FaultEngine;
  readonly #time: WorldTime;
  readonly #links: WorldLinks;
  readonly #host: WorldHost;
  readonly #guestRandom: Random;
  readonly #verifier: WorldVerifier;
  readonly #aftermath: number;
  #scenarioEnd: number | undefined;

  constructor(options: WorldOptions) {
    super();
    const { faults = [], verifier = 'log', breaks = [] } = options;
    this.#sides = new WorldSides(this.clock, this.trace);
    this.#verifier = new WorldVerifier({
      mode: verifier,
      breaks,
      trace: this.trace,
      befallen: this,
      isDead: (adapter) => this.#sides.isDeadUnder(adapter),
    });
    this.random = seededRandom(options.seed ?? 1);
    this.#guestRandom = options.seed === undefined ? () => 0.5 : this.random;
    this.#engine = new FaultEngine(faults, {
      cut: (event) => this.#sides.cut(event.device),
      kill: (side, event) => this.#sides.kill(side, event.device),
    });
    this.#aftermath = aftermath(options);
    const guard = livelockGuard(() => this.#sides.killAll());
    // One listener and not three: every event of every run comes here.
    this.trace.listen((event) => {
      this.events.push(event);
      this.#engine.event(event);
      guard(event);
    });
    const common = { engine: this.#engine, clock: this.clock };
    this.#time = new WorldTime({ ...common, events: this.events });
    this.#links = new WorldLinks({
      ...common,
      host: this.#sides.host,
      latency: milliseconds(options.latency ?? 0),
      random: this.random,
    });
    this.#host = new WorldHost(options, {
      ...common,
      side: this.#sides.host,
      verifier: this.#verifier.host,
    });
    this.os = this.#host.os;
    this.host = this.os.pf;
  }

  /** Starts the host. Returns undefined, or why it did not start; a host that died says nothing. */
  async start(): Promise<string | undefined> {
    return await this.#ofHost('the host has started', () => this.os.start());
  }

  /** What the verifier has reported, of every miniport. */
  get reports(): readonly VerifierReport[] {
    return this.#verifier.reports;
  }

  /** What it has reported that neither a fault explains nor the test expects; told once. */
  takeBreaches(): readonly VerifierReport[] {
    return this.#verifier.takeBreaches();
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
    const { name = 'g1' } = options;
    const side = this.#sides.newGuest(name);
    const guest = new WorldGuest(vf, options, {
      name,
      side,
      engine: this.#engine,
      clock: this.clock,
      random: this.#guestRandom,
      verifier: this.#verifier.guests,
      connect: (dialed, onLink) =>
        this.#host.connect(dialed, () => {
          const link = this.#links.open(`${name}/${dialed.index}`, side);
          onLink(link);
          return link;
        }),
    });
    this.#guests.push({ name, guest });
    guest.run();
    return guest;
  }

  /** Attaches a guest that speaks frames by hand. */
  async attachRawGuest(name = 'raw', pf?: string): Promise<AttachedRawGuest> {
    const link = this.#links.open(`${name}/0`, this.#sides.newGuest(name));
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
  async until(what: When | (() => boolean), name?: string): Promise<void> {
    await this.#time.until(what, name);
  }

  /** OID_SRIOV_READ_VF_CONFIG_BLOCK, as an operator; what it answers is in the trace. */
  async hostRead(vfId: number, blockId: number, length: number, pf?: string): Promise<void> {
    const host = this.pf(pf);
    await this.#ofHost('the PF has answered', () => host.readBlock(vfId, blockId, length));
  }

  /** The PF with a name, or the first. @throws Error when there is none */
  pf(name?: string): PhysicalFunction {
    const pf = name === undefined ? this.host : this.os.pfNamed(name);
    if (pf === undefined) throw new Error(`there is no PF ${name}`);
    return pf;
  }

  /** What is left of the run, once it has ended, in words. */
  get leftovers(): readonly string[] {
    const { timers } = this.clock;
    const vfs = this.isHostDead ? [] : this.#host.leftovers;
    const left = [...this.#left.ofGuests(this.faults), ...vfs];
    return timers > 0 ? [`${timers} timers are still set`, ...left] : left;
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
    this.#sides.cut(device);
  }

  /** A guest dies between two instructions: it sends nothing more, and its timers stand still. */
  killGuest(name: string): void {
    this.#sides.guest(name)?.die();
  }

  /** The management OS dies. */
  killHost(): void {
    this.#sides.host.die();
  }

  get dead(): Dead {
    return this.#sides.dead;
  }

  get isHostDead(): boolean {
    return this.#sides.host.dead;
  }

  /** Whether a guest has died. */
  isDead(name: string): boolean {
    return this.#sides.isDead(name);
  }

  /** The states of all VFs, in order: `g1/0 running`. */
  get states(): readonly string[] {
    return this.#host.statesOf();
  }

  /** The states of the VFs of one PF. */
  statesOf(pf: string): readonly string[] {
    return this.#host.statesOf(pf);
  }

  /**
   * Holds what has happened so far to the invariants I1 to I10 and to further checkers. After
   * {@link end} nothing may be left over either; before it nobody can tell.
   */
  check(...checkers: readonly Checker[]): readonly Verdict[] {
    const { events, faults, leftovers, dead, scenarioEnd } = this;
    return checkRun({ events, faults, leftovers, dead, end: scenarioEnd }, checkers);
  }

  /** Lets time pass, a second at most, while a mask is on its way to a VF. */
  async delivered(): Promise<void> {
    await turns();
    await awaitMasks(this, (milliseconds) => this.clock.advance(milliseconds));
  }

  /** What happens from now on is no more of the scenario. */
  endScenario(): void {
    this.#scenarioEnd ??= this.events.at(-1)?.seq ?? 0;
  }

  /** The `seq` of the last event before {@link end}; undefined until then. */
  get scenarioEnd(): number | undefined {
    return this.#scenarioEnd;
  }

  /**
   * Stops every guest and the host, and lets time pass for those that are slow.
   *
   * @throws RunError that names the faults that met no event
   */
  async end(): Promise<void> {
    await this.stop();
    this.#verifier.demandNone();
    assertFired(this.unfired);
  }

  /** What {@link end} does, whether or not every fault has met an event, or a miniport broke a rule. */
  async stop(): Promise<void> {
    await this.delivered();
    this.endScenario();
    this.#engine.release();
    const guests = this.#guests.map(async ({ name, guest: { os } }) => {
      const side = this.#sides.guest(name);
      const stop = () => os.stop();
      this.#left.addGuest(name, await this.#time.unlessDead(side, `${name} has stopped`, stop));
    });
    const host = this.#ofHost('the host has stopped', () => this.os.stop());
    const [left] = await Promise.all([host, ...guests]);
    // What a fault has delayed still comes, to sides that no longer expect it.
    await this.clock.advance(this.#aftermath);
    demandWholeHost(left);
  }

  #ofHost<T>(name: string, work: () => Promise<T>): Promise<T | undefined> {
    return this.#time.unlessDead(this.#sides.host, name, work);
  }
}

/** A world whose host has started. */
export async function createWorld(options: WorldOptions): Promise<World> {
  const world = new World(options);
  const failure = await world.start();
  if (failure !== undefined) throw new Error(failure);
  return world;
}
