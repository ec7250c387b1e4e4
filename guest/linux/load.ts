import { kindOfPlugIn, loadPlugIn, type PlugInKind } from '#shared/plug-in/load.ts';
import type { VfMiniportFactory } from '../ndis/vf-miniport.ts';
import { isBuiltInVfMiniport, loadVfMiniport } from '../vf-miniport/load.ts';
import {
  defineLinuxVfDriver,
  LINUX_VF_DRIVER,
  type LinuxKernel,
  type LinuxModule,
  type LinuxVfDriver,
} from './linux-vf-driver.ts';

const LINUX: PlugInKind<LinuxKernel, LinuxVfDriver> = {
  what: LINUX_VF_DRIVER,
  define: 'defineLinuxVfDriver',
  required: 'probe',
  builtIn: {
    'hv-vhca': async () => ({ default: (await import('./hv-vhca/index.ts')).default.init }),
  },
  factoryOf: (exported) => (isObject(exported) ? exported['init'] : undefined),
};

/**
 * The driver of a Linux guest that a setting names: a Linux VF driver, built in or in a file that
 * says so; any other name is that of a VF miniport, which runs on Linux as well.
 */
export async function loadLinuxVfDriver(name: string): Promise<VfMiniportFactory | LinuxModule> {
  const isLinux =
    Object.hasOwn(LINUX.builtIn, name) || (!isBuiltInVfMiniport(name) && (await isLinuxFile(name)));
  return isLinux ? defineLinuxVfDriver(await loadPlugIn(LINUX, name)) : await loadVfMiniport(name);
}

async function isLinuxFile(name: string): Promise<boolean> {
  return (await kindOfPlugIn(name)) === LINUX_VF_DRIVER;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
