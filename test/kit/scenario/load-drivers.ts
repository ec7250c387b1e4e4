import { fileURLToPath } from 'node:url';
import type { GuestProfile, VfDriver } from '#guest/guest-profile.ts';
import { loadVfDriver } from '#guest/load-vf-driver.ts';
import type { PfMiniportFactory } from '#host/ndis/pf-miniport.ts';
import { loadPfMiniport } from '#host/pf-miniport/load.ts';
import type { Driver, Scenario } from './scenario.ts';

/** The drivers of a scenario. */
export interface Drivers {
  readonly pf: PfMiniportFactory;
  /**
   * That of the VFs of a guest.
   *
   * @throws PlugInError when there is none for its operating system
   */
  vf(profile?: GuestProfile): VfDriver;
}

/**
 * The drivers of a scenario, found where it says.
 *
 * @throws PlugInError when a file cannot be loaded, or exports no driver of the kind
 */
export async function loadDrivers(scenario: Scenario): Promise<Drivers> {
  const { profile = 'windows' } = scenario;
  const load = (own: GuestProfile): Promise<VfDriver> =>
    driver(scenario.vf, (name) => loadVfDriver(own, name));
  const pf = await driver(scenario.pf, loadPfMiniport);
  const vf = await load(profile);
  // A guest that runs another system is started at once, when there is no time to load anything.
  const [other] = await Promise.allSettled([load(profile === 'linux' ? 'windows' : 'linux')]);
  return {
    pf,
    vf(own = profile) {
      if (own === profile) return vf;
      if (other.status === 'rejected') throw other.reason;
      return other.value;
    },
  };
}

async function driver<Factory extends object>(
  given: Driver<Factory>,
  load: (specifier: string) => Promise<Factory>,
): Promise<Factory> {
  if (given instanceof URL) return await load(fileURLToPath(given));
  return typeof given === 'string' ? await load(given) : given;
}
