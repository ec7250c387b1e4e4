import { RecurringLog } from '#shared/recurring-log.ts';
import type { MailboxRequest } from '#shared/reference-nic/mailbox-request.ts';
import type { VfAdapter } from '../../ndis/vf-miniport.ts';
import type { ReferenceVfKeywords } from './keywords.ts';
import { askMailbox } from './mailbox-client.ts';

/** What the keywords have the VF ask for, in this order. */
export function requestsOf(keywords: ReferenceVfKeywords): readonly MailboxRequest[] {
  const { requestMacAddress: macAddress, requestMtu: mtu } = keywords;
  return [
    ...(macAddress === undefined
      ? []
      : [{ kind: 'setMacAddress', sequence: 1, macAddress } as const]),
    ...(mtu === undefined ? [] : [{ kind: 'setMtu', sequence: 2, mtu } as const]),
  ];
}

/** Asks the PF for one after the other, and logs what became of each. */
export async function askFor(
  adapter: VfAdapter,
  requests: readonly MailboxRequest[],
  signal: AbortSignal,
): Promise<void> {
  const log = new RecurringLog(adapter.log, adapter.clock);
  for (const request of requests) {
    if (signal.aborted) return;
    const { kind } = request;
    const value = request.kind === 'setMacAddress' ? request.macAddress : request.mtu;
    const result = await askMailbox(adapter, request);
    const what = { kind, value };
    if (result === 'granted') log.info(`${kind} granted`, what, 'mailbox request granted');
    else if (result === 'unanswered') {
      log.warn(`${kind} unanswered`, what, 'mailbox request unanswered');
    } else {
      const why = { ...what, reason: result.refused };
      log.warn(`${kind} refused`, why, 'mailbox request refused');
    }
  }
}
