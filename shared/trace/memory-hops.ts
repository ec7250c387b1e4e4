import type { Hop } from './hop.ts';

/** The hops at which a miniport asks NDIS for memory. */
export const MEMORY_HOPS = {
  vfAllocateMemory: {
    from: 'vf-miniport',
    to: 'guest-ndis',
    phase: 'request',
    what: 'the VF miniport asks for memory',
  },
  pfAllocateMemory: {
    from: 'pf-miniport',
    to: 'host-ndis',
    phase: 'request',
    what: 'the PF miniport asks for memory',
  },
} as const satisfies Record<string, Hop>;
