import type { Logger } from 'pino';
import type { CompletedOid, OidRequestParameters } from '#shared/ndis/oid-request.ts';
import type { Clock } from '#shared/time/clock.ts';
import type { Random } from '#shared/time/random.ts';
import type { Trace } from '#shared/trace/trace.ts';
import type { Verifier } from '#shared/verifier/verifier.ts';
import { GRACE_MS } from './abandonment.ts';
import { type GuestProfileOptions, newLifeFor } from './guest-profile.ts';
import type { NewVfLife } from './vf-life.ts';
import type { VfSlotPhase } from './vf-phase.ts';
import { type SlotEnd, VfSlot } from './vf-slot.ts';
import type { Dial } from './vmbus/dial.ts';

/** How long `stop` may take. */
const STOP_TIMEOUT_MS = 3_500;

export interface GuestOsOptions extends GuestProfileOptions {
  /** Lives the lives of its VFs; by default the guest operating system of its profile does. */
  readonly newLife?: NewVfLife | undefined;
  /** The guest's name, by which the host knows its VM. */
  readonly name: string;
  /** How many VFs it attaches, each with a channel of its own. */
  readonly vfs: number;
  /** Opens the channel of the VF with this number, from 0. */
  readonly dial: (index: number) => ReturnType<Dial>;
  /** The settings of every VF's adapter, by keyword. */
  readonly configuration: ReadonlyMap<string, string>;
  /** The protocol versions to ask for, in this order. */
  readonly versions: readonly number[];
  /** Whether a host that is unreachable or lost is tried again. */
  readonly retry: boolean;
  /** Seconds that a VF miniport may hold an OID request; 0 for ever. */
  readonly oidTimeout: number;
  /**
   * How long `stop` may take, in milliseconds; 3,500 by default. Half a second before, the channels of VFs
   * that have not stopped are cut; a driver that has not let go of its VF then is left behind.
   */
  readonly stopTimeoutMs?: number | undefined;
  readonly clock: Clock;
  readonly random: Random;
  readonly trace: Trace;
  readonly log: Logger;
  readonly onPhase: (device: string, phase: VfSlotPhase) => void;
}

/** Where a VF of this guest stands. */
export interface GuestVf {
  readonly device: string;
  readonly phase: VfSlotPhase;
}

/** One guest operating system: its VFs, each with a bus, NDIS and a miniport of its own. */
export class GuestOs {
  readonly #options: GuestOsOptions;
  readonly #slots: readonly VfSlot[];
  #awaitsRunning: ((run: boolean) => void)[] = [];
  #ends: Promise<readonly SlotEnd[]> | undefined;

  constructor(options: GuestOsOptions) {
    this.#options = options;
    this.#slots = Array.from({ length: options.vfs }, (_, index) => this.#newSlot(index));
  }

  get vfs(): readonly GuestVf[] {
    return this.#slots.map(({ device, phase }) => ({ device, phase }));
  }

  /** What watches the VF miniports, and has what it found; undefined when nothing does. */
  get verifier(): Verifier | undefined {
    return this.#options.verifier;
  }

  /** Attaches every VF and runs them; resolves when the last has come to its end. */
  run(): Promise<readonly SlotEnd[]> {
    this.#ends ??= Promise.all(this.#slots.map((slot) => slot.run()));
    return this.#ends;
  }

  /** Whether every VF runs, as soon as all do; or false, as soon as one has ended before. */
  running(): Promise<boolean> {
    return new Promise((resolve) => {
      this.#awaitsRunning.push(resolve);
      this.#checkRunning();
    });
  }

  /**
   * Issues an OID request to the adapter of the VF with this number, from 0, as an overlying driver
   * would; undefined when there is no adapter.
   */
  async oidRequest(
    index: number,
    parameters: OidRequestParameters,
  ): Promise<CompletedOid | undefined> {
    return await this.#slots[index]?.oidRequest(parameters);
  }

  /**
   * Halts every VF, takes its bus out of D0 and closes its channel. The reason of an end names what a
   * driver that was left behind has not returned from.
   */
  async stop(): Promise<readonly SlotEnd[]> {
    for (const slot of this.#slots) slot.stop();
    const { clock, stopTimeoutMs = STOP_TIMEOUT_MS } = this.#options;
    const deadline = clock.setTimer(Math.max(0, stopTimeoutMs - GRACE_MS), () => {
      for (const slot of this.#slots) slot.abandon();
    });
    const ends = await this.run();
    deadline.cancel();
    return ends;
  }

  /**
   * Puts the guest to sleep: takes every VF out of D0, on channels that stay open, and opens no other.
   * Resolves when all are at rest: suspended, without a channel, or ended.
   */
  async suspend(): Promise<void> {
    await Promise.all(this.#slots.map((slot) => slot.suspend()));
  }

  /** Wakes the guest: takes every VF into D0 again. Resolves when all are at rest, as after a sleep. */
  async resume(): Promise<void> {
    await Promise.all(this.#slots.map((slot) => slot.resume()));
  }

  #checkRunning(): void {
    const phases = this.#slots.map((slot) => slot.phase);
    const run = phases.every((phase) => phase === 'running');
    if (!run && !phases.includes('ended')) return;
    for (const resolve of this.#awaitsRunning.splice(0)) resolve(run);
  }

  #newSlot(index: number): VfSlot {
    const options = this.#options;
    const device = `${options.name}/${index}`;
    return new VfSlot({
      ...options,
      device,
      newLife: options.newLife ?? newLifeFor(options),
      dial: () => options.dial(index),
      log: options.log.child({ device }),
      onPhase: (phase) => {
        options.onPhase(device, phase);
        this.#checkRunning();
      },
    });
  }
}
