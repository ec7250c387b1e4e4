import type { Area } from './requirement.ts';

const QUERYING = 'Microsoft Learn: IRP_MN_QUERY_INTERFACE';

/** What a driver that asks the VPCI driver for its interface gets, and for how long. */
export const VPCI_INTERFACE: Area = {
  title: 'GUID_VPCI_INTERFACE_STANDARD',
  requirements: [
    {
      id: 'vpci-interface.refused',
      rule: 'A query is STATUS_BUFFER_TOO_SMALL for less than 56 bytes and STATUS_INVALID_PARAMETER without Parameters.QueryInterface; one for another interface, or a version before 1, keeps its status.',
      source: QUERYING,
      status: 'decision',
    },
    {
      id: 'vpci-interface.other-pnp',
      rule: 'A PnP request that the VPCI driver does not handle is completed with the IoStatus.Status that it came with, which is STATUS_NOT_SUPPORTED.',
      source: QUERYING,
      status: 'emulated',
    },
    {
      id: 'vpci-interface.references',
      rule: 'Each query counts as one reference; after the last InterfaceDereference the routines are STATUS_INVALID_DEVICE_REQUEST, and the call is reported.',
      source: QUERYING,
      status: 'decision',
    },
    {
      id: 'vpci-interface.removed',
      rule: 'The routines of an interface whose device was removed are STATUS_DEVICE_NOT_CONNECTED.',
      source: 'Microsoft Learn: Handling an IRP_MN_SURPRISE_REMOVAL Request',
      status: 'decision',
    },
  ],
};
