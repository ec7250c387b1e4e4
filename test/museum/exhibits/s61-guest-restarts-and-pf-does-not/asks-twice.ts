import { mailboxVf } from '../../drivers/mailbox-vf.ts';

const GET_RESOURCES = 3;

/** A VF that asks two things, one after the other, and numbers them from 1. */
export function asksTwice() {
  return mailboxVf(
    { timeoutMs: 200, answers: (request, reply) => request.matchId === reply.matchId },
    async (client) => {
      await client.request(GET_RESOURCES, 1);
      await client.request(GET_RESOURCES, 2);
    },
  );
}
