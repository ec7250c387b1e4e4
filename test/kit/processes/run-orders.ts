import { newSecret } from '#shared/time/system.ts';
import { ALL_VERSIONS } from '#shared/wire/version.ts';
import { milliseconds } from '../duration.ts';
import { type DriverMember, type DriverPlace, placeOf } from '../scenario/driver-place.ts';
import { REPEATABLE } from '../scenario/repeatable.ts';
import type { RunOptions } from '../scenario/run-scenario.ts';
import type { Driver, Scenario } from '../scenario/scenario.ts';
import type { ScenarioGuestOptions } from '../scenario/scenario-world.ts';
import type { GuestOrder, HostOrder } from './orders.ts';
import { ProcessWorldError } from './process-world-error.ts';

/** Where other processes find the drivers of a scenario. */
interface Places {
  readonly pf: DriverPlace;
  readonly vf: DriverPlace;
  readonly bus: DriverPlace | undefined;
}

/** A guest that is to be started. */
export interface NewGuest extends ScenarioGuestOptions {
  readonly name: string;
  /** Where the host listens; undefined for one that died before it did. */
  readonly host: string | undefined;
  /** How often each rule was met before by guests. */
  readonly met: readonly number[];
}

/** What the processes of one run of a scenario are told to be. */
export class RunOrders {
  readonly #scenario: Scenario;
  readonly #options: RunOptions;
  readonly #places: Places;
  readonly #token = newSecret();

  /** @throws ProcessWorldError for a driver that no other process can find */
  constructor(scenario: Scenario, options: RunOptions) {
    this.#scenario = scenario;
    this.#options = options;
    this.#places = placesOf(scenario);
  }

  host(): HostOrder {
    const { pfs, numVfs = 4, writeSizeQuirk = 'none', versions } = this.#scenario;
    return {
      ...this.#common(),
      side: 'host',
      pf: this.#places.pf,
      met: [],
      pfs,
      numVfs,
      writeSizeQuirk,
      versions: versions?.host ?? ALL_VERSIONS,
      configuration: this.#scenario.pfConfiguration ?? new Map(),
    };
  }

  guest({ name, host, met, vfs = 1, pfs, retry = true, ...own }: NewGuest): GuestOrder {
    const { profile = 'windows', versions, vfConfiguration = [] } = this.#scenario;
    const { vf, bus } = this.#places;
    return {
      ...this.#common(),
      side: 'guest',
      name,
      profile: own.profile ?? profile,
      vf,
      bus,
      met,
      host,
      vfs,
      pfs,
      retry,
      versions: own.versions ?? versions?.guest ?? ALL_VERSIONS,
      configuration: new Map([...REPEATABLE, ...vfConfiguration]),
    };
  }

  #common() {
    const { seed, latency = 0, faults = [] } = this.#options;
    return {
      token: this.#token,
      faults,
      seed,
      latency: milliseconds(latency),
      verifier: 'log' as const,
    };
  }
}

function placesOf(scenario: Scenario): Places {
  const found = (member: DriverMember, driver: Driver<object>): DriverPlace => {
    const place = placeOf(scenario, member, driver);
    if (typeof place === 'string') throw new ProcessWorldError(place);
    return place;
  };
  const { pf, vf, bus } = scenario;
  return {
    pf: found('pf', pf),
    vf: found('vf', vf),
    bus: bus === undefined ? undefined : found('bus', bus),
  };
}
