import { ntStatus, slot } from './codecs.ts';
import { defineNotification } from './descriptor.ts';
import { VERSION_1_1 } from './version.ts';

export const eject = defineNotification(
  {
    type: 'EJECT',
    number: 0x4249000b,
    direction: 'host-to-guest',
    since: VERSION_1_1,
    summary: 'Asks the guest to halt the VF and give the device back.',
  },
  { slot },
);

export const ejectComplete = defineNotification(
  {
    type: 'EJECT_COMPLETE',
    number: 0x4249000f,
    direction: 'guest-to-host',
    since: VERSION_1_1,
    summary: 'The VF has been halted; the host may take it away.',
  },
  { slot, status: ntStatus.optional().describe('of Linux guests alone, as 0; it has no say') },
);
