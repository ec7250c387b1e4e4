import { delay } from '#shared/time/clock.ts';
import { mailboxVf } from '../../drivers/mailbox-vf.ts';

const ADD_MAC_ADDRESS = 10;
const ADDRESSES = 3;
const PAUSE_MS = 10;
const TIMEOUT_MS = 200;

/** A VF that adds three addresses, one after the other. */
export function asksThrice() {
  return mailboxVf(
    { timeoutMs: TIMEOUT_MS, answers: (request, reply) => request.matchId === reply.matchId },
    async (client, adapter) => {
      for (let address = 1; address <= ADDRESSES; address++) {
        await client.request(ADD_MAC_ADDRESS, address);
        await delay(adapter.clock, PAUSE_MS);
      }
    },
  );
}
