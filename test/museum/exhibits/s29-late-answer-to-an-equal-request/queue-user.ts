import { mailboxVf } from '../../drivers/mailbox-vf.ts';

/** Asks which of the PF's queues a queue of the VF is. */
const GET_QUEUE_ID_IN_PF = 14;
const QUEUES = 2;
const QUEUES_PER_VF = 16;
const FIRST_VF_QUEUE = 64;

/** The queue of the PF that a queue of a VF is. */
export function queueInPf(vfId: number, queue: number): number {
  return FIRST_VF_QUEUE + vfId * QUEUES_PER_VF + queue;
}

/**
 * A VF that asks for each of its queues which one it is in the PF, with the half second of patience
 * that the real one has; `looksAtMatchId` is whether an answer must be to this very request.
 */
export function queueUser(looksAtMatchId: boolean) {
  return mailboxVf(
    {
      timeoutMs: 500,
      answers: (request, reply) =>
        reply.code === request.code && (!looksAtMatchId || reply.matchId === request.matchId),
    },
    async (client) => {
      for (let queue = 0; queue < QUEUES; queue++) {
        const reply = await client.request(GET_QUEUE_ID_IN_PF, queue);
        if (reply === undefined) continue;
        await client.report({ code: GET_QUEUE_ID_IN_PF, matchId: queue, value: reply.value });
      }
    },
  );
}
