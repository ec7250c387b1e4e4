import { loadPlugIn, type PlugInKind } from '#shared/plug-in/load.ts';
import type { VfAdapter, VfMiniport, VfMiniportFactory } from '../ndis/vf-miniport.ts';

const VF_MINIPORT: PlugInKind<VfAdapter, VfMiniport> = {
  what: 'VF miniport',
  define: 'defineVfMiniport',
  required: 'miniportOidRequest',
  builtIn: {
    reference: () => import('./reference/index.ts'),
    'hv-vhca': () => import('./hv-vhca/index.ts'),
    null: () => import('./null.ts'),
  },
};

/** Whether a setting names a VF miniport that comes with the project. */
export function isBuiltInVfMiniport(name: string): boolean {
  return Object.hasOwn(VF_MINIPORT.builtIn, name);
}

/** The VF miniport that a setting names: a built-in one, or the default export of a file. */
export function loadVfMiniport(name: string): Promise<VfMiniportFactory> {
  return loadPlugIn(VF_MINIPORT, name);
}
