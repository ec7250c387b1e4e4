import type { NdisHypervisorPartitionType } from '#shared/ndis/hypervisor-info.ts';
import {
  type AttributeServices,
  NDIS_OBJECT_TYPE_MINIPORT_ADAPTER_GENERAL_ATTRIBUTES,
} from '#shared/ndis/miniport-attributes.ts';
import { MiniportRegistration } from '#shared/ndis/miniport-registration.ts';

/** What a miniport that is held to its contract registers; what it does wrong is a breach. */
export class WatchedRegistration extends MiniportRegistration {
  readonly watchedServices: AttributeServices;
  #hasGeneral = false;

  constructor(partitionType: NdisHypervisorPartitionType, breaches: string[]) {
    super(partitionType, (why) => breaches.push(why));
    this.watchedServices = {
      ...this.services,
      ndisMSetMiniportAttributes: (attributes) => {
        this.#hasGeneral ||=
          attributes?.type === NDIS_OBJECT_TYPE_MINIPORT_ADAPTER_GENERAL_ATTRIBUTES;
        if (!this.#hasGeneral)
          breaches.push('it registered other attributes before the general ones');
        return this.services.ndisMSetMiniportAttributes(attributes);
      },
    };
  }
}
