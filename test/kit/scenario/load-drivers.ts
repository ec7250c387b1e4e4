import { fileURLToPath } from 'node:url';
import type { VfDriver } from '#guest/guest-profile.ts';
import { loadVfDriver } from '#guest/load-vf-driver.ts';
import type { PfMiniportFactory } from '#host/ndis/pf-miniport.ts';
import { loadPfMiniport } from '#host/pf-miniport/load.ts';
import type { Driver, Scenario } from './scenario.ts';

/**
 * The drivers of a scenario, found where it says.
 *
 * @throws PlugInError when a file cannot be loaded, or exports no driver of the kind
 */
export async function loadDrivers(
  scenario: Scenario,
): Promise<{ readonly pf: PfMiniportFactory; readonly vf: VfDriver }> {
  const { profile = 'windows' } = scenario;
  return {
    pf: await driver(scenario.pf, loadPfMiniport),
    vf: await driver(scenario.vf, (name) => loadVfDriver(profile, name)),
  };
}

async function driver<Factory extends object>(
  given: Driver<Factory>,
  load: (specifier: string) => Promise<Factory>,
): Promise<Factory> {
  if (given instanceof URL) return await load(fileURLToPath(given));
  return typeof given === 'string' ? await load(given) : given;
}
