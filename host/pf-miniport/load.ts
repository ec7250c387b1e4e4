import { loadPlugIn } from '#shared/plug-in/load.ts';
import type { PfMiniportFactory } from '../ndis/pf-miniport.ts';

/** The PF miniport that a setting names: a built-in one, or the default export of a file. */
export function loadPfMiniport(name: string): Promise<PfMiniportFactory> {
  return loadPlugIn<PfMiniportFactory>(
    {
      what: 'PF miniport',
      define: 'definePfMiniport',
      builtIn: {
        reference: () => import('./reference/index.ts'),
        null: () => import('./null.ts'),
      },
    },
    name,
  );
}
