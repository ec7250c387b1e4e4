import type { Duration } from '../duration.ts';
import type { When } from '../faults/when.ts';
import type { ScenarioGuestOptions, ScenarioWorld } from '../scenario/scenario-world.ts';
import type { ProcessWorld } from './process-world.ts';

/** A scenario's world whose operating systems are processes. */
export class ProcessScenarioWorld implements ScenarioWorld {
  readonly #world: ProcessWorld;

  constructor(world: ProcessWorld) {
    this.#world = world;
  }

  async attachGuest(name: string, options?: ScenarioGuestOptions): Promise<void> {
    const guest = this.#world.startGuest(name, options);
    await this.#world.ask(guest, 'running', undefined, `the VFs of ${name} run`);
  }

  startGuest(name: string, options?: ScenarioGuestOptions): void {
    this.#world.startGuest(name, options);
  }

  async stopGuest(name: string): Promise<void> {
    await this.#world.stopGuest(name);
  }

  async suspendGuest(name: string): Promise<void> {
    const guest = this.#world.processes.guest(name);
    await this.#world.ask(guest, 'sleep', undefined, `${name} sleeps`);
  }

  async resumeGuest(name: string): Promise<void> {
    const guest = this.#world.processes.guest(name);
    await this.#world.ask(guest, 'wake', undefined, `${name} is awake`);
  }

  async invalidate(vfId: number, mask: bigint, pf?: string): Promise<void> {
    await this.#world.askHost('invalidate', { vfId, pf, mask }, 'the PF has invalidated');
    await this.#world.settled();
  }

  async resetVf(vfId: number, pf?: string): Promise<number | undefined> {
    return await this.#world.askHost('resetVf', { vfId, pf }, 'the PF has done it');
  }

  async ejectVf(vfId: number, pf?: string): Promise<boolean> {
    const takes = { vfId, pf };
    const isThere = await this.#world.askHost('ejectVf', takes, 'the guest is asked for the VF');
    await this.#world.settled();
    return isThere === true;
  }

  cut(device: string): void {
    // What is asked of the host next comes behind it.
    void this.#world.askHost('cut', device, 'the channel is cut').catch(() => {});
  }

  killGuest(name: string): void {
    this.#world.processes.guest(name).kill();
  }

  killHost(): void {
    this.#world.processes.host?.kill();
  }

  async advance(duration: Duration): Promise<void> {
    await this.#world.time.advance(duration);
    await this.#world.settled();
  }

  async settle(): Promise<void> {
    await this.#world.settled();
  }

  async until(when: When): Promise<void> {
    await this.#world.time.until(when);
  }
}
