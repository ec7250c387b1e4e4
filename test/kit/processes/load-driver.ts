import type { GuestProfile, VfDriver } from '#guest/guest-profile.ts';
import { loadVfDriver } from '#guest/load-vf-driver.ts';
import type { PfMiniportFactory } from '#host/ndis/pf-miniport.ts';
import { loadPfMiniport } from '#host/pf-miniport/load.ts';
import { messageOf } from '#shared/message-of.ts';
import type { DriverMember, DriverPlace } from '../scenario/driver-place.ts';
import type { GuestBus } from '../world/guest-bus.ts';

/** A driver that this process cannot have, in a sentence that names its file. */
class DriverError extends Error {
  override readonly name = 'DriverError';
}

/** @throws PlugInError or DriverError, whose messages are for people; as the others here */
export async function loadPf(place: DriverPlace): Promise<PfMiniportFactory> {
  // What the file exports was checked where the scenario was defined.
  if ('file' in place) return (await memberOf(place)) as PfMiniportFactory;
  return await loadPfMiniport(place.specifier);
}

export async function loadVf(place: DriverPlace, profile: GuestProfile): Promise<VfDriver> {
  if ('file' in place) return (await memberOf(place)) as VfDriver;
  return await loadVfDriver(profile, place.specifier);
}

export async function loadBus(place: DriverPlace | undefined): Promise<GuestBus | undefined> {
  if (place === undefined || 'specifier' in place) return undefined;
  return (await memberOf(place)) as GuestBus;
}

async function memberOf({
  file,
  scenario,
  member,
}: Extract<DriverPlace, { readonly file: string }>): Promise<object> {
  const exported = await importDefault(file);
  if (exported?.name !== scenario) {
    throw new DriverError(`${file} does not export the scenario "${scenario}" as its default`);
  }
  const driver = exported[member];
  if (typeof driver === 'function' || (typeof driver === 'object' && driver !== null)) {
    return driver;
  }
  throw new DriverError(`${file}: ${member} of its scenario is another one in another process`);
}

async function importDefault(
  file: string,
): Promise<Partial<Record<DriverMember | 'name', unknown>> | undefined> {
  try {
    const module: { readonly default?: unknown } = await import(file);
    const { default: exported } = module;
    return typeof exported === 'object' && exported !== null ? exported : undefined;
  } catch (error) {
    throw new DriverError(
      `${file} could not be loaded in a process of its own: ${messageOf(error)}`,
    );
  }
}
