import type { GuestOs } from '#guest/guest-os.ts';
import { ALL_VERSIONS } from '#shared/wire/version.ts';
import type { Duration } from '../duration.ts';
import type { When } from '../faults/when.ts';
import type { World } from '../world/world.ts';
import type { AttachedGuest } from '../world/world-guest.ts';
import type { Drivers } from './load-drivers.ts';
import { REPEATABLE } from './repeatable.ts';
import type { Scenario } from './scenario.ts';
import type { ScenarioGuestOptions, ScenarioWorld } from './scenario-world.ts';

/** A scenario's world in one process, under a clock of its own. */
export class SimulatedWorld implements ScenarioWorld {
  readonly #world: World;
  readonly #drivers: Drivers;
  readonly #scenario: Scenario;
  readonly #guests = new Map<string, AttachedGuest>();

  constructor(world: World, drivers: Drivers, scenario: Scenario) {
    this.#world = world;
    this.#drivers = drivers;
    this.#scenario = scenario;
  }

  async attachGuest(name: string, options?: ScenarioGuestOptions): Promise<void> {
    const guest = this.#start(name, options);
    let decided = false;
    void guest.os.running().then(() => {
      decided = true;
    });
    await this.#world.until(() => decided || this.#world.isDead(name), `the VFs of ${name} run`);
  }

  startGuest(name: string, options?: ScenarioGuestOptions): void {
    this.#start(name, options);
  }

  async stopGuest(name: string): Promise<void> {
    await this.#done(name, (os) => os.stop(), `${name} has stopped`);
  }

  async suspendGuest(name: string): Promise<void> {
    await this.#done(name, (os) => os.suspend(), `${name} sleeps`);
  }

  async resumeGuest(name: string): Promise<void> {
    await this.#done(name, (os) => os.resume(), `${name} is awake`);
  }

  async invalidate(vfId: number, mask: bigint, pf?: string): Promise<void> {
    if (!this.#world.isHostDead) this.#world.pf(pf).invalidate(vfId, mask);
    await this.#world.settled();
  }

  async resetVf(vfId: number, pf?: string): Promise<number | undefined> {
    if (this.#world.isHostDead) return undefined;
    return await this.#finished(this.#world.pf(pf).resetVf(vfId));
  }

  async ejectVf(vfId: number, pf?: string): Promise<boolean> {
    const isThere = !this.#world.isHostDead && this.#world.pf(pf).ejectVf(vfId);
    await this.#world.settled();
    return isThere;
  }

  cut(device: string): void {
    this.#world.cut(device);
  }

  killGuest(name: string): void {
    this.#world.killGuest(name);
  }

  killHost(): void {
    this.#world.killHost();
  }

  async advance(duration: Duration): Promise<void> {
    await this.#world.advance(duration);
  }

  async settle(): Promise<void> {
    await this.#world.settled();
  }

  async until(when: When): Promise<void> {
    await this.#world.until(when);
  }

  #start(name: string, options?: ScenarioGuestOptions): AttachedGuest {
    const { profile = 'windows', bus, versions, vfConfiguration = [] } = this.#scenario;
    const own = options?.profile ?? profile;
    const guest = this.#world.startGuest(this.#drivers.vf(own), {
      name,
      profile: own,
      bus,
      versions: options?.versions ?? versions?.guest ?? ALL_VERSIONS,
      ...(options?.pfs === undefined ? {} : { pfs: options.pfs }),
      vfs: options?.vfs ?? 1,
      retry: options?.retry ?? true,
      configuration: new Map([...REPEATABLE, ...vfConfiguration]),
    });
    this.#guests.set(name, guest);
    return guest;
  }

  /** What work of the host comes to; undefined when the host dies before. */
  async #finished<T>(work: Promise<T>): Promise<T | undefined> {
    let result: { readonly value: T } | undefined;
    void work.then((value) => {
      result = { value };
    });
    await this.#world.until(
      () => result !== undefined || this.#world.isHostDead,
      'the PF has done it',
    );
    return result?.value;
  }

  /** Lets time pass until a guest has done something, or is dead. */
  async #done(name: string, work: (os: GuestOs) => Promise<unknown>, what: string): Promise<void> {
    const guest = this.#guests.get(name);
    if (guest === undefined) throw new Error(`there is no guest ${name}`);
    let isDone = false;
    void work(guest.os).then(() => {
      isDone = true;
    });
    await this.#world.until(() => isDone || this.#world.isDead(name), what);
  }
}
