import { delay } from '#shared/time/clock.ts';
import type { Question } from '../../drivers/mailbox-pf.ts';
import { mailboxVf } from '../../drivers/mailbox-vf.ts';

const SET_RX_MODE = 0;
export const SET_QUEUE_PAIRS = 4;
const MOST_QUEUE_PAIRS = 4;
const WANTED_QUEUE_PAIRS = 8;
const PAUSE_MS = 2;

/** VIRTIO_NET_OK and VIRTIO_NET_ERR. */
const ACK = { ok: 0, error: 1 } as const;

/** The PF takes any command but more queue pairs than it has. */
export function acknowledge({ mail }: Question): number {
  return mail.code === SET_QUEUE_PAIRS && mail.value > MOST_QUEUE_PAIRS ? ACK.error : ACK.ok;
}

export function isRefused(ack: number): boolean {
  return ack !== ACK.ok;
}

/**
 * A VF that gives two commands, and takes for the answer to a command whatever is answered while it
 * waits, as a driver does whose queue gives back one buffer after the other.
 */
export function controlQueueUser(timeoutMs: number) {
  return mailboxVf({ timeoutMs, answers: () => true }, async (client, adapter) => {
    await client.request(SET_RX_MODE, 1);
    await delay(adapter.clock, PAUSE_MS);
    const reply = await client.request(SET_QUEUE_PAIRS, WANTED_QUEUE_PAIRS);
    const pairs = reply === undefined || isRefused(reply.value) ? 1 : WANTED_QUEUE_PAIRS;
    await client.report({ code: SET_QUEUE_PAIRS, matchId: 0, value: pairs });
  });
}
