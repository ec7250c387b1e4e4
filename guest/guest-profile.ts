import type { LowerDevice } from './io/device-object.ts';
import type { VfMiniportFactory } from './ndis/vf-miniport.ts';
import type { NewVfLife } from './vf-life.ts';
import { VirtualFunction } from './virtual-function.ts';

export interface GuestProfileOptions {
  readonly vfMiniport: VfMiniportFactory;
  /** Puts something between NDIS and the VPCI driver of each VF, as a filter driver would be. */
  readonly interpose?: ((device: LowerDevice) => LowerDevice) | undefined;
}

/** How the VFs of a guest live. */
export function newLifeFor({ vfMiniport, interpose }: GuestProfileOptions): NewVfLife {
  return (options) => new VirtualFunction({ ...options, miniport: vfMiniport, interpose });
}
