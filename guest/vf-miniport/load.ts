import { loadPlugIn } from '#shared/plug-in/load.ts';
import type { VfAdapter, VfMiniport, VfMiniportFactory } from '../ndis/vf-miniport.ts';

/** The VF miniport that a setting names: a built-in one, or the default export of a file. */
export function loadVfMiniport(name: string): Promise<VfMiniportFactory> {
  return loadPlugIn<VfAdapter, VfMiniport>(
    {
      what: 'VF miniport',
      define: 'defineVfMiniport',
      required: 'miniportOidRequest',
      builtIn: {
        reference: () => import('./reference/index.ts'),
        'hv-vhca': () => import('./hv-vhca/index.ts'),
        null: () => import('./null.ts'),
      },
    },
    name,
  );
}
