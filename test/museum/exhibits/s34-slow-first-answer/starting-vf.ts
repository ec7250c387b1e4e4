import { mailboxVf } from '../../drivers/mailbox-vf.ts';

const GET_RESOURCES = 3;

/** A VF that asks the PF for its resources, waits so long for them, and is set up when it has them. */
export function startingVf(timeoutMs: number) {
  return mailboxVf(
    { timeoutMs, answers: (request, reply) => request.matchId === reply.matchId },
    async (client) => {
      const reply = await client.request(GET_RESOURCES, 1);
      if (reply !== undefined) await client.report(reply);
    },
  );
}
