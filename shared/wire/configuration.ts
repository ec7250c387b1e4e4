import * as z from 'zod';
import { PCI_TYPE0_ADDRESSES } from '../pci/configuration-space.ts';
import { ntStatus, slot, u32 } from './codecs.ts';
import { defineRequest } from './descriptor.ts';
import { VERSION_1_1 } from './version.ts';

/** What a field says that is there with success alone. */
const onSuccess = 'with STATUS_SUCCESS only';

export const currentResourceRequirements = defineRequest(
  {
    type: 'CURRENT_RESOURCE_REQUIREMENTS',
    number: 0x42490005,
    direction: 'guest-to-host',
    since: VERSION_1_1,
    summary: 'Asks what the Base Address Registers (BARs) of the device read once probed.',
  },
  { slot },
  {
    status: ntStatus,
    probedBars: z.array(u32).length(PCI_TYPE0_ADDRESSES).optional().describe(onSuccess),
  },
);

const offset = u32.describe('bytes from the start of configuration space, below 256 and aligned');

/**
 * The two stand-ins of this channel, which are no VPCI messages. A guest reaches configuration space
 * through memory: FDO_D0_ENTRY names a window of 0x2000 bytes, a write of a dword into its first page
 * selects the slot, and its second page is the configuration space of the function in that slot. The
 * host intercepts each access. There is no memory between these processes, so that each intercepted
 * access, with the slot that was selected, is a packet. Their types are written unlike any
 * documented one, and they have no number.
 */
export const configWindowRead = defineRequest(
  {
    type: 'config-window-read',
    number: undefined,
    direction: 'guest-to-host',
    since: VERSION_1_1,
    summary:
      'Stands for a read in the configuration window that FDO_D0_ENTRY names, which the host intercepts.',
  },
  { slot, offset, bytesRequested: u32.describe('1, 2 or 4') },
  { status: ntStatus, value: u32.optional().describe(onSuccess) },
);

export const configWindowWrite = defineRequest(
  {
    type: 'config-window-write',
    number: undefined,
    direction: 'guest-to-host',
    since: VERSION_1_1,
    summary:
      'Stands for a write in the configuration window that FDO_D0_ENTRY names, which the host intercepts.',
  },
  {
    slot,
    offset,
    byteCount: u32.describe('1, 2 or 4'),
    value: u32.describe('of which the low bytes count'),
  },
  { status: ntStatus },
);
