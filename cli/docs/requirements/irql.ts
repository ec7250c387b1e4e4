import { MISSING } from './missing.ts';
import type { Area } from './requirement.ts';

/** At which IRQL each function may be called, or is called. */
export const IRQL: Area = {
  title: 'IRQL',
  requirements: [
    irql(
      'read-and-write-config-block',
      'NdisMReadConfigBlock and NdisMWriteConfigBlock are called at IRQL <= APC_LEVEL.',
      'Microsoft Learn: NdisMReadConfigBlock; ndis.h',
    ),
    irql(
      'invalidate-config-block',
      'NdisMInvalidateConfigBlock is called at IRQL <= DISPATCH_LEVEL.',
      'Microsoft Learn: NdisMInvalidateConfigBlock; ndis.h',
    ),
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
    irql(
      'oid-completion-and-cancel',
      'NdisMOidRequestComplete and MiniportCancelOidRequest are called at IRQL <= DISPATCH_LEVEL.',
      'Microsoft Learn: NdisMOidRequestComplete, MINIPORT_CANCEL_OID_REQUEST',
    ),
    irql(
      'traced',
      'A call at an IRQL that its page does not allow is reported with the level and the rule.',
      'Microsoft Learn: NdisMReadConfigBlock and the pages above',
    ),
  ],
};

function irql(id: string, rule: string, source: string): Area['requirements'][number] {
  return { id: `irql.${id}`, rule, source, status: 'planned', reason: MISSING.irql };
}
