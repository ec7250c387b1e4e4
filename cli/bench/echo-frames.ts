import { VPCI_MAX_READ_WRITE_BLOCK_SIZE } from '#shared/vpci/config-block.ts';
import { readBlock } from '#shared/wire/block.ts';
import { bytesToWire } from '#shared/wire/codecs.ts';

/** A transaction id as it is in the midst of a measurement: six digits. */
const TRANSACTION_ID = 100_000;

/** The frame of a read of the longest block, as the guest sends it: what an echo client sends. */
export const REQUEST_TEXT = JSON.stringify(
  readBlock.frame.parse({
    packet: 'in-band',
    transactionId: TRANSACTION_ID,
    completionRequested: true,
    message: {
      type: 'READ_BLOCK',
      blockId: 0,
      slot: 0,
      bytesRequested: VPCI_MAX_READ_WRITE_BLOCK_SIZE,
    },
  }),
);

/** The frame of its completion: what an echo server answers. */
export const COMPLETION_TEXT = JSON.stringify(
  readBlock.completionFrame.parse({
    packet: 'completion',
    transactionId: TRANSACTION_ID,
    message: { status: 0, bytes: bytesToWire(new Uint8Array(VPCI_MAX_READ_WRITE_BLOCK_SIZE)) },
  }),
);
