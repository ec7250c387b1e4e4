import { ALL_VERSIONS } from '#shared/wire/version.ts';
import { milliseconds } from '../duration.ts';
import { type DriverMember, type DriverPlace, placeOf } from '../scenario/driver-place.ts';
import { REPEATABLE } from '../scenario/repeatable.ts';
import type { RunOptions } from '../scenario/run-scenario.ts';
import type { Driver, Scenario } from '../scenario/scenario.ts';
import type { ScenarioGuestOptions } from '../scenario/scenario-world.ts';
import type { GuestOrder, HostOrder } from './orders.ts';

/** A scenario that cannot run between processes, and what could be done about it. */
export class ProcessWorldError extends Error {
  override readonly name = 'ProcessWorldError';
}

/** Where other processes find the drivers of a scenario. */
export interface Places {
  readonly pf: DriverPlace;
  readonly vf: DriverPlace;
  readonly bus: DriverPlace | undefined;
}

/** @throws ProcessWorldError for a driver that no other process can find */
export function placesOf(scenario: Scenario): Places {
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

/** What is the same for every process of a world. */
function common(options: RunOptions, token: string) {
  const { seed, latency = 0, faults = [] } = options;
  return {
    token,
    faults,
    seed,
    latency: milliseconds(latency),
    verifier: 'log' as const,
  };
}

export function hostOrder(
  scenario: Scenario,
  { pf }: Places,
  options: RunOptions,
  token: string,
): HostOrder {
  return {
    ...common(options, token),
    side: 'host',
    pf,
    met: [],
    numVfs: scenario.numVfs ?? 4,
    writeSizeQuirk: scenario.writeSizeQuirk ?? 'none',
    versions: scenario.versions?.host ?? ALL_VERSIONS,
    configuration: scenario.pfConfiguration ?? new Map(),
  };
}

export function guestOrder(
  scenario: Scenario,
  { vf, bus }: Places,
  options: RunOptions,
  token: string,
  guest: { readonly name: string; readonly host: string | undefined } & ScenarioGuestOptions,
  met: readonly number[],
): GuestOrder {
  const { profile = 'windows', versions, vfConfiguration = [] } = scenario;
  return {
    ...common(options, token),
    side: 'guest',
    name: guest.name,
    profile,
    vf,
    bus,
    met,
    host: guest.host,
    vfs: guest.vfs ?? 1,
    retry: guest.retry ?? true,
    versions: versions?.guest ?? ALL_VERSIONS,
    configuration: new Map([...REPEATABLE, ...vfConfiguration]),
  };
}
