import { ntStatus, slot, u32 } from './codecs.ts';
import { defineRequest } from './descriptor.ts';
import { VERSION_1_1, VERSION_1_5 } from './version.ts';

export const devicePowerStateChange = defineRequest(
  {
    type: 'DEVICE_POWER_STATE_CHANGE',
    number: 0x42490004,
    direction: 'guest-to-host',
    since: VERSION_1_1,
    summary: 'The device on the bus enters D0 or D3; the bus has a power state of its own.',
  },
  { slot, powerState: u32.describe('D0 is 1, D3 is 4; any other is STATUS_BAD_DATA') },
  { status: ntStatus },
);

export const resetDevice = defineRequest(
  {
    type: 'RESET_DEVICE',
    number: 0x4249001c,
    direction: 'guest-to-host',
    since: VERSION_1_5,
    summary: 'Resets the device on the bus; STATUS_NOT_SUPPORTED below version 1.5.',
  },
  { slot },
  { status: ntStatus },
);
