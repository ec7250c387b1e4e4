import { NDIS_STATUS } from '#shared/ndis/ndis-status.ts';
import { BLOCK_SIZE, REFERENCE_NIC_BLOCK } from '#shared/reference-nic/block.ts';
import {
  encodeMailboxRequest,
  MAILBOX_REQUEST_SIZE,
  type MailboxRequest,
} from '#shared/reference-nic/mailbox-request.ts';
import { decodeMailboxVerdict, type MailboxReason } from '#shared/reference-nic/mailbox-verdict.ts';
import type { VfAdapter } from '../../ndis/vf-miniport.ts';

/** What became of a request; `unanswered` when the PF's verdict on it cannot be had. */
export type MailboxResult = 'granted' | 'unanswered' | { readonly refused: MailboxReason };

/**
 * Asks the PF. A write that fails says no more than that, so the reason is read back; a verdict on
 * another request is none on this one.
 */
export async function askMailbox(
  adapter: VfAdapter,
  request: MailboxRequest,
): Promise<MailboxResult> {
  const status = await adapter.ndisMWriteConfigBlock(
    REFERENCE_NIC_BLOCK.mailbox,
    encodeMailboxRequest(request),
    MAILBOX_REQUEST_SIZE,
  );
  if (status === NDIS_STATUS.NDIS_STATUS_SUCCESS) return 'granted';
  const bytes = new Uint8Array(BLOCK_SIZE);
  const read = await adapter.ndisMReadConfigBlock(REFERENCE_NIC_BLOCK.mailbox, bytes, BLOCK_SIZE);
  if (read !== NDIS_STATUS.NDIS_STATUS_SUCCESS) return 'unanswered';
  const verdict = decodeMailboxVerdict(bytes);
  if (verdict === undefined || verdict.outcome === 'none') return 'unanswered';
  if (verdict.sequence !== request.sequence || verdict.kind !== request.kind) return 'unanswered';
  return verdict.outcome === 'granted' ? 'granted' : { refused: verdict.reason };
}
