import type { Area } from './requirement.ts';

const BLOCKS = 'Microsoft Learn: NdisMReadConfigBlock, NdisMWriteConfigBlock';
const MASKS = 'Microsoft Learn: NdisMInvalidateConfigBlock';
const RESET = 'Microsoft Learn: OID_SRIOV_RESET_VF';

/** What block requests and invalidations come to in each state of a VF. */
export const VF_STATES: Area = {
  title: 'States of a VF',
  requirements: [
    {
      id: 'state.allocated.blocks',
      rule: 'Allocated, not yet exposed: the host looks at nothing that comes on the channel before it is offered.',
      source: BLOCKS,
      status: 'decision',
    },
    {
      id: 'state.allocated.invalidate',
      rule: 'Allocated, not yet exposed: an invalidation is ORed into the cache.',
      source: MASKS,
      status: 'decision',
    },
    {
      id: 'state.exposed.blocks',
      rule: 'Exposed, the bus not in D0: a read or write is STATUS_DEVICE_NOT_CONNECTED.',
      source: BLOCKS,
      status: 'decision',
    },
    {
      id: 'state.exposed.invalidate',
      rule: 'Exposed, the bus not in D0: an invalidation is ORed into the cache, and sent when D0 is reached.',
      source: MASKS,
      status: 'decision',
    },
    {
      id: 'state.running.blocks',
      rule: 'Running: reads and writes reach the PF.',
      source: BLOCKS,
      status: 'emulated',
    },
    {
      id: 'state.running.invalidate',
      rule: 'Running: an invalidation is ORed, sent, and completes the IOCTL.',
      source: MASKS,
      status: 'emulated',
    },
    {
      id: 'state.ejecting.blocks',
      rule: 'Ejecting: reads and writes work until the VF miniport is halted, so that it can say goodbye.',
      source: BLOCKS,
      status: 'decision',
    },
    {
      id: 'state.ejecting.invalidate',
      rule: 'Ejecting: an invalidation is sent still; nobody need take it.',
      source: MASKS,
      status: 'decision',
    },
    {
      id: 'state.halted.blocks',
      rule: 'Halted, the bus out of D0: a read or write is STATUS_DEVICE_NOT_CONNECTED.',
      source: BLOCKS,
      status: 'decision',
    },
    {
      id: 'state.halted.invalidate',
      rule: 'Halted, the bus out of D0: an invalidation is ORed into the cache, and sent when D0 is entered again.',
      source: MASKS,
      status: 'decision',
    },
    {
      id: 'state.reset.outstanding',
      rule: 'Reset: requests that are outstanding finish, and nothing of the backchannel starts anew.',
      source: RESET,
      status: 'decision',
    },
    {
      id: 'state.reset.mask',
      rule: 'Reset: the mask that waits is kept, or dropped where the setting says so.',
      source: RESET,
      status: 'decision',
    },
    {
      id: 'state.freed.channel-first',
      rule: 'Freed: the channel is rescinded before the VF is reset and freed.',
      source: 'Microsoft Learn: Virtual Function Teardown Sequence',
      status: 'decision',
    },
    {
      id: 'state.freed.blocks',
      rule: 'Freed, or never allocated: a driver that is left over is told STATUS_DEVICE_NOT_CONNECTED, and an OID that names the VF all the same is NDIS_STATUS_INVALID_PARAMETER.',
      source: BLOCKS,
      status: 'decision',
    },
    {
      id: 'state.freed.completion-routines',
      rule: 'Freed: no completion routine of a driver that has been halted is called, be it for a request that it left pending or for one that it sends all the same; on Windows its code may be gone by then.',
      source: 'Microsoft Learn: Halting a Miniport Adapter, IoSetCompletionRoutine',
      status: 'decision',
    },
    {
      id: 'state.freed.mask',
      rule: 'Freed: the mask goes with the VF, and a VFId that is used again starts clean.',
      source: MASKS,
      status: 'decision',
    },
  ],
};
