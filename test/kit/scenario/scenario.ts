import type { GuestProfile, VfDriver } from '#guest/guest-profile.ts';
import type { PfMiniportFactory } from '#host/ndis/pf-miniport.ts';
import type { VersionOf } from '../check/block-versions.ts';
import type { Checker } from '../check/checker.ts';
import type { GuestBus } from '../world/guest-bus.ts';
import { rememberFile } from './driver-place.ts';
import type { ScenarioWorld } from './scenario-world.ts';

/**
 * A driver of a scenario: its factory; or where one is found, as `--pf-miniport` takes it: a built-in
 * name, or a file. Only what is found somewhere can also run in a process of its own.
 */
export type Driver<Factory> = Factory | string | URL;

/** What a scenario leaves to real time: `checkBothWorlds` does not hold it to be the same in both worlds. */
export interface RealTime {
  /** Why, as it goes on behind "since". */
  readonly why: string;
  /**
   * What may differ: the ids of rules whose verdict may, `statuses`, `end` (whether the scenario came to
   * it), `faults` (which of them met an event), `deaths`. Default all of it.
   */
  readonly what?: readonly string[];
}

/** One PF of several. What it leaves out is as in the scenario. */
export interface ScenarioPf {
  readonly name: string;
  readonly numVfs?: number;
  readonly configuration?: ReadonlyMap<string, string>;
}

/** What happens in a run, whoever schedules it, and wherever its two sides are. */
export interface Scenario {
  readonly name: string;
  readonly pf: Driver<PfMiniportFactory>;
  readonly vf: Driver<VfDriver>;
  /**
   * `import.meta.url` of the file that exports it as its default. Other processes take from there what
   * is a function here.
   */
  readonly file?: string;
  /** The operating system of its guests. Default windows. */
  readonly profile?: GuestProfile;
  /** A bus driver of one's own for its guests, in the place of that of their operating system. */
  readonly bus?: GuestBus;
  /** The versions of the VPCI protocol that either side speaks. Default all. */
  readonly versions?: {
    readonly host?: readonly number[];
    readonly guest?: readonly number[];
  };
  /** How the host checks the length of a write: as some of 2018 do, if it is '2018'. Default none. */
  readonly writeSizeQuirk?: 'none' | '2018';
  /** NumVFs. Default 4. */
  readonly numVfs?: number;
  /** Several PFs, each with the PF miniport of the scenario. Default one, of no name of its own. */
  readonly pfs?: readonly ScenarioPf[];
  /** The settings of the PF's adapter, by keyword. */
  readonly pfConfiguration?: ReadonlyMap<string, string>;
  /** The settings of every VF's adapter, by keyword. */
  readonly vfConfiguration?: ReadonlyMap<string, string>;
  /** The version that a block's data has, if it has one: what is read is then held to it. */
  readonly versionOf?: VersionOf;
  /** What ought to hold beside the invariants I1 to I10. */
  readonly checkers?: readonly Checker[];
  /** What may depend on how fast the machine is, and differ between processes. Default nothing. */
  readonly dependsOnRealTime?: RealTime;
  /** What happens. What it throws fails the run. */
  run(world: ScenarioWorld): Promise<void>;
}

/** Gives a scenario its types; what a scenario file exports as its default. */
export function defineScenario(scenario: Scenario): Scenario {
  rememberFile(scenario, scenario.file);
  return scenario;
}
