import type { Area } from './requirement.ts';

/** At which IRQL each function may be called, or is called. */
export const IRQL: Area = {
  title: 'IRQL',
  requirements: [
    {
      id: 'irql.read-and-write-config-block',
      rule: 'NdisMReadConfigBlock and NdisMWriteConfigBlock are called at IRQL <= APC_LEVEL.',
      source: 'Microsoft Learn: NdisMReadConfigBlock; ndis.h',
      status: 'emulated',
    },
    {
      id: 'irql.invalidate-config-block',
      rule: 'NdisMInvalidateConfigBlock is called at IRQL <= DISPATCH_LEVEL.',
      source: 'Microsoft Learn: NdisMInvalidateConfigBlock; ndis.h',
      status: 'emulated',
    },
    {
      id: 'irql.vpci-routines',
      rule: 'ReadVfConfigBlock and WriteVfConfigBlock are called at IRQL <= APC_LEVEL.',
      source: 'vpci.h',
      status: 'emulated',
    },
    {
      id: 'irql.query-interface',
      rule: 'GUID_VPCI_INTERFACE_STANDARD is queried at PASSIVE_LEVEL only.',
      source: 'Microsoft Learn: NdisMReadConfigBlock',
      status: 'emulated',
    },
    {
      id: 'irql.oid-request',
      rule: 'MiniportOidRequest is called at PASSIVE_LEVEL.',
      source: 'Microsoft Learn: MINIPORT_OID_REQUEST',
      status: 'emulated',
    },
    {
      id: 'irql.timers',
      rule: 'The timers of an adapter fire at DISPATCH_LEVEL, and its work items run at PASSIVE_LEVEL.',
      source: 'Microsoft Learn: NDIS_TIMER_FUNCTION, NDIS_IO_WORKITEM_FUNCTION',
      status: 'emulated',
    },
    {
      id: 'irql.after-an-await',
      rule: 'What follows an await runs at PASSIVE_LEVEL, whatever the IRQL was before: only code that may wait can have come there.',
      source: 'Microsoft Learn: Managing Hardware Priorities',
      status: 'decision',
    },
    {
      id: 'irql.oid-completion-and-cancel',
      rule: 'NdisMOidRequestComplete and MiniportCancelOidRequest are called at IRQL <= DISPATCH_LEVEL.',
      source: 'Microsoft Learn: NdisMOidRequestComplete, MINIPORT_CANCEL_OID_REQUEST',
      status: 'emulated',
    },
    {
      id: 'irql.traced',
      rule: 'A call at an IRQL that its page does not allow is reported with the level and the rule.',
      source: 'Microsoft Learn: NdisMReadConfigBlock and the pages above',
      status: 'emulated',
    },
  ],
};
