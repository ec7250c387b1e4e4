import type { Area } from './requirement.ts';

/** What may happen at the same time, and in which order. */
export const CONCURRENCY: Area = {
  title: 'Concurrency',
  requirements: [
    {
      id: 'concurrency.one-oid-per-adapter',
      rule: 'While a miniport holds an OID request, NDIS does not call its MiniportOidRequest again for that adapter.',
      source: 'Microsoft Learn: MINIPORT_OID_REQUEST',
      status: 'emulated',
    },
    {
      id: 'concurrency.slow-vf-delays-all',
      rule: 'A request of one VF that the PF miniport holds delays those of all VFs of that PF, and the allocation, reset and freeing of VFs.',
      source: 'Microsoft Learn: MINIPORT_OID_REQUEST',
      status: 'emulated',
    },
    {
      id: 'concurrency.first-in-first-out',
      rule: 'OID requests that wait for an adapter are delivered first in, first out.',
      source: 'Microsoft Learn: MINIPORT_OID_REQUEST',
      status: 'decision',
    },
    {
      id: 'concurrency.one-oid-per-vf',
      rule: 'The VF miniport too gets one OID request at a time: a second invalidation waits until the first is completed.',
      source: 'Microsoft Learn: MINIPORT_OID_REQUEST',
      status: 'emulated',
    },
    {
      id: 'concurrency.masks-merge-while-held',
      rule: 'Masks that arrive while the VF miniport holds an OID request are ORed into one request that waits.',
      source: 'Microsoft Learn: OID_SRIOV_VF_INVALIDATE_CONFIG_BLOCK',
      status: 'decision',
    },
    {
      id: 'concurrency.several-block-calls',
      rule: 'Several calls of NdisMReadConfigBlock and NdisMWriteConfigBlock of one VF may be under way at once.',
      source: 'Microsoft Learn: NdisMReadConfigBlock; Linux pci-hyperv',
      status: 'emulated',
    },
    {
      id: 'concurrency.guest-keeps-to-64',
      rule: 'A guest has at most 64 requests outstanding on a channel, and keeps the rest back, first in, first out.',
      source: 'Linux pci-hyperv',
      status: 'decision',
    },
    {
      id: 'concurrency.host-refuses-the-65th',
      rule: 'A block request beyond 64 that wait is STATUS_INSUFFICIENT_RESOURCES; the 64 are served.',
      source: 'Linux pci-hyperv',
      status: 'decision',
    },
    {
      id: 'concurrency.order-on-the-channel',
      rule: 'What one side sends on a channel arrives in its order: a completion and an invalidation do not overtake each other.',
      source: 'Linux pci-hyperv',
      status: 'emulated',
    },
    {
      id: 'concurrency.pf-waits-for-its-own-vf',
      rule: 'A PF miniport that holds a write until the VF has read waits for a read that cannot be delivered; only the timeout ends that.',
      source: 'Microsoft Learn: MINIPORT_OID_REQUEST',
      status: 'emulated',
    },
    {
      id: 'concurrency.deadlock-is-named',
      rule: 'A PF miniport that waits inside an OID request for a read of the same adapter is told so by name.',
      source: 'Microsoft Learn: MINIPORT_OID_REQUEST',
      status: 'decision',
    },
    {
      id: 'concurrency.timeout-in-seconds',
      rule: 'The Timeout of an OID request is in seconds; 0 waits for ever.',
      source: 'Microsoft Learn: NDIS_OID_REQUEST',
      status: 'emulated',
    },
    {
      id: 'concurrency.timeout-cancels',
      rule: 'When the timeout of an OID request runs out, NDIS calls MiniportCancelOidRequest, and the miniport completes it with NDIS_STATUS_REQUEST_ABORTED.',
      source: 'Microsoft Learn: NDIS_OID_REQUEST, MINIPORT_CANCEL_OID_REQUEST',
      status: 'emulated',
    },
    {
      id: 'concurrency.cancel-is-not-obeyed',
      rule: 'A request that the miniport does not complete when it is cancelled ends with NDIS_STATUS_REQUEST_ABORTED all the same, and the next one is delivered.',
      source: 'Microsoft Learn: MINIPORT_CANCEL_OID_REQUEST',
      status: 'decision',
    },
    {
      id: 'concurrency.late-completion',
      rule: 'A completion of a request that was aborted is ignored, and reported.',
      source: 'Microsoft Learn: NdisMOidRequestComplete',
      status: 'decision',
    },
    {
      id: 'concurrency.invalidate-inside-an-oid',
      rule: 'A PF miniport may call NdisMInvalidateConfigBlock from inside its MiniportOidRequest; the call returns at once.',
      source: 'Microsoft Learn: NdisMInvalidateConfigBlock',
      status: 'emulated',
    },
    {
      id: 'concurrency.ndis-does-not-validate',
      rule: 'NDIS leaves the contents of an OID request to the miniport, but for the length of the structure of its OID, and for what it checks before a VF is allocated or freed, a VPort created or a receive filter moved.',
      source: 'Microsoft Learn: MINIPORT_OID_REQUEST',
      status: 'emulated',
    },
  ],
};
