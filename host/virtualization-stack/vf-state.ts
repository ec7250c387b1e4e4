import type { StateTable } from '#shared/state-table.ts';

/** Where a VF stands, as the virtualization stack sees it, and where it may go from there. */
export const VF_STATES = {
  allocated: {
    what: 'the PF has given out the VFId; the guest has no channel yet',
    to: {
      exposed: 'the stack offers the channel to the guest',
      releasing: 'the VF is ejected, the host stops, or a request of the bring-up has failed',
    },
  },
  exposed: {
    what: 'the channel is offered; the bus of the guest is not in D0',
    to: {
      running: 'FDO_D0_ENTRY',
      ejecting: 'EJECT, to a guest that has agreed on a version',
      releasing: 'the channel is gone, or the guest took more than 30 seconds to D0',
    },
  },
  running: {
    what: 'the bus is in D0: blocks can be read, written and invalidated',
    to: {
      halted: 'FDO_D0_EXIT: the guest stops the VF, or sleeps',
      ejecting: 'EJECT',
      releasing: 'the channel is gone',
    },
  },
  halted: {
    what: 'the bus has left D0: no block is read or written, and invalidations are cached',
    to: {
      running: 'FDO_D0_ENTRY: the guest resumes',
      ejecting: 'EJECT',
      releasing: 'the channel is gone',
    },
  },
  ejecting: {
    what: 'the host wants the VF back; while the bus is in D0, blocks work as before',
    to: {
      releasing: 'EJECT_COMPLETE, surprise removal when none came in time, or the channel is gone',
    },
  },
  releasing: {
    what: 'the channel is gone; the VF loses its VPort, is reset, and is freed',
    to: { freed: 'OID_NIC_SWITCH_FREE_VF has been completed' },
  },
  freed: {
    what: 'the VF is no more; its VFId may be given to another guest',
    to: {},
  },
} as const satisfies StateTable;

export type VfState = keyof typeof VF_STATES;
