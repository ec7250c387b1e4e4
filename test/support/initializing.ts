import type { NdisHypervisorPartitionType } from '#shared/ndis/hypervisor-info.ts';
import type { AttributeServices } from '#shared/ndis/miniport-attributes.ts';
import { MiniportRegistration } from '#shared/ndis/miniport-registration.ts';

/** What NDIS gives to a miniport whose MiniportInitializeEx has not returned; it never does here. */
export function initializing(partitionType: NdisHypervisorPartitionType): AttributeServices {
  const registration = new MiniportRegistration(partitionType, (why) => {
    throw new Error(why);
  });
  void registration.during(() => new Promise<never>(() => {}));
  return registration.services;
}
