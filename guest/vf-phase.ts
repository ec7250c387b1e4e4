import type { StateTable } from '#shared/state-table.ts';

/** How far a VF has come in its guest, and where it may go from there. */
export const VF_PHASES = {
  handshake: {
    what: 'the bus agrees on a version, enters D0, and takes its device into D0',
    to: {
      initializing: 'the device is in D0',
      gone: 'the channel is gone, or the handshake failed',
    },
  },
  initializing: {
    what: 'NDIS creates the VF miniport and calls its MiniportInitializeEx; on Linux the driver probes',
    to: {
      running: 'MiniportInitializeEx has succeeded',
      halting: 'MiniportInitializeEx has succeeded; meanwhile the guest was stopped or EJECT came',
      gone: 'the channel is gone, or MiniportInitializeEx has failed',
    },
  },
  running: {
    what: 'the VF miniport reads, writes and is told of invalidations',
    to: {
      suspending: 'the guest is suspended',
      halting:
        'the guest is stopped, or EJECT; Linux: the guest is suspended, or the list of the host has changed',
      gone: 'the channel is gone',
    },
  },
  suspending: {
    what: 'the VF miniport prepares for D3, the device enters D3, and the bus leaves D0',
    to: { suspended: 'the bus has left D0', gone: 'the channel is gone' },
  },
  suspended: {
    what: 'the bus is out of D0, the IOCTL stays pended, and no block is read or written',
    to: {
      resuming: 'the guest is resumed',
      halting: 'the guest is stopped',
      gone: 'the channel is gone; so ends an EJECT that was not answered in time',
    },
  },
  resuming: {
    what: 'the bus enters D0, the device enters D0, and the VF miniport is told',
    to: {
      running: 'the VF miniport is in D0 again',
      gone: 'the channel is gone, or the bus or the device did not enter D0',
    },
  },
  halting: {
    what: 'NDIS halts the VF miniport, or Linux removes the driver; then the guest answers EJECT, or leaves D0 and closes the channel',
    to: {
      gone: 'the channel is closed',
      handshake: 'Linux: the device is no longer in the list of the host',
      initializing: 'Linux: another device is in its slot',
    },
  },
  gone: {
    what: 'the channel is closed and the VF miniport has been halted',
    to: {},
  },
} as const satisfies StateTable;

export type VfPhase = keyof typeof VF_PHASES;

/** The place of a VF in its guest, which outlives the VFs that come and go in it. */
export const VF_SLOT_PHASES = {
  dialing: {
    what: 'there is no VF: the guest opens a channel, or waits until it tries again',
    to: {
      dialing: 'the host was not reached, and is tried again',
      handshake: 'the channel is open',
      suspended: 'the guest is suspended',
      ended: 'the guest is stopped, or another try makes no sense',
    },
  },
  ...VF_PHASES,
  suspended: {
    what: `${VF_PHASES.suspended.what}; or there is no VF, and the guest opens no channel`,
    to: {
      ...VF_PHASES.suspended.to,
      dialing: 'the guest is resumed, and has no VF',
      ended: 'the guest is stopped, and has no VF',
    },
  },
  gone: {
    what: VF_PHASES.gone.what,
    to: {
      dialing: 'the channel was lost, and the host is tried again',
      suspended: 'the guest is suspended, and has lost the VF or, on Linux, given it back',
      ended: 'the guest was stopped, the VF was ejected, or another try makes no sense',
    },
  },
  ended: {
    what: 'the guest attaches no VF here any more',
    to: {},
  },
} as const satisfies StateTable;

export type VfSlotPhase = keyof typeof VF_SLOT_PHASES;
