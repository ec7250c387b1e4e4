import { blockBytes, ntStatus, slot, u32, wireMask } from './codecs.ts';
import { defineNotification, defineRequest } from './descriptor.ts';
import { VERSION_1_1 } from './version.ts';

export const readBlock = defineRequest(
  {
    type: 'READ_BLOCK',
    number: 0x42490009,
    direction: 'guest-to-host',
    since: VERSION_1_1,
    summary:
      'Reads 1 to 128 bytes of a VF configuration block. It names no VF: the channel is one.',
  },
  { blockId: u32, slot, bytesRequested: u32 },
  { status: ntStatus, bytes: blockBytes.optional().describe('with STATUS_SUCCESS only') },
);

export const writeBlock = defineRequest(
  {
    type: 'WRITE_BLOCK',
    number: 0x4249000a,
    direction: 'guest-to-host',
    since: VERSION_1_1,
    summary: 'Writes 1 to 128 bytes of a VF configuration block.',
  },
  {
    blockId: u32,
    slot,
    byteCount: u32.describe('what counts: up to 4 bytes of padding may follow'),
    bytes: blockBytes,
  },
  { status: ntStatus },
);

export const invalidateBlock = defineNotification(
  {
    type: 'INVALIDATE_BLOCK',
    number: 0x42490012,
    direction: 'host-to-guest',
    since: VERSION_1_1,
    summary: 'Says which of the first 64 blocks have changed.',
  },
  { slot, blockMask: wireMask },
);
