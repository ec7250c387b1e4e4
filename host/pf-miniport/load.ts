import { loadPlugIn } from '#shared/plug-in/load.ts';
import type { PfAdapter, PfMiniport, PfMiniportFactory } from '../ndis/pf-miniport.ts';

/** The PF miniport that a setting names: a built-in one, or the default export of a file. */
export function loadPfMiniport(name: string): Promise<PfMiniportFactory> {
  return loadPlugIn<PfAdapter, PfMiniport>(
    {
      what: 'PF miniport',
      define: 'definePfMiniport',
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
