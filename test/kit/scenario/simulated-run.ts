import type { TraceEvent } from '#shared/trace/trace.ts';
import type { VerifierReport } from '#shared/verifier/report.ts';
import { ALL_VERSIONS } from '#shared/wire/version.ts';
import type { Dead } from '../check/checker.ts';
import type { AppliedFault } from '../faults/fault-engine.ts';
import { World } from '../world/world.ts';
import { loadDrivers } from './load-drivers.ts';
import type { RunOptions } from './run-scenario.ts';
import type { RunWorld } from './run-world.ts';
import type { Scenario } from './scenario.ts';
import { SimulatedWorld } from './simulated-world.ts';

/** A simulated world for a run of a scenario. */
export class SimulatedRun implements RunWorld {
  readonly forScenario: SimulatedWorld;
  breaches: readonly VerifierReport[] = [];
  readonly #world: World;

  private constructor(world: World, forScenario: SimulatedWorld) {
    this.#world = world;
    this.forScenario = forScenario;
  }

  /** @throws PlugInError for drivers that cannot be loaded, FaultRuleError for faults that cannot be */
  static async create(scenario: Scenario, options: RunOptions): Promise<SimulatedRun> {
    const drivers = await loadDrivers(scenario);
    const world = new World({
      ...options,
      pf: drivers.pf,
      ...(scenario.pfs === undefined ? {} : { pfs: scenario.pfs }),
      numVfs: scenario.numVfs ?? 4,
      writeSizeQuirk: scenario.writeSizeQuirk ?? 'none',
      versions: scenario.versions?.host ?? ALL_VERSIONS,
      configuration: scenario.pfConfiguration ?? new Map(),
    });
    return new SimulatedRun(world, new SimulatedWorld(world, drivers, scenario));
  }

  get events(): readonly TraceEvent[] {
    return [...this.#world.events];
  }

  get faults(): readonly AppliedFault[] {
    return this.#world.faults;
  }

  get unfired(): readonly string[] {
    return this.#world.unfired;
  }

  get leftovers(): readonly string[] {
    return this.#world.leftovers;
  }

  get dead(): Dead {
    return this.#world.dead;
  }

  get progress(): string {
    return `${this.#world.events.length} ${this.#world.clock.now()}`;
  }

  start(): Promise<string | undefined> {
    return this.#world.start();
  }

  async hostRead(vfId: number, blockId: number, length: number, pf?: string): Promise<void> {
    await this.#world.hostRead(vfId, blockId, length, pf);
  }

  get scenarioEnd(): number | undefined {
    return this.#world.scenarioEnd;
  }

  endScenario(): void {
    this.#world.endScenario();
  }

  delivered(): Promise<void> {
    return this.#world.delivered();
  }

  async stop(): Promise<void> {
    try {
      await this.#world.stop();
    } finally {
      this.breaches = this.#world.takeBreaches();
    }
  }
}
