import { MAIL_LENGTH, mailBytes, REQUEST_BLOCK } from '../../drivers/mail.ts';
import { workingVf } from '../../drivers/working-vf.ts';

const FLOOD = 100;
const ADD_MAC_ADDRESS = 10;

/** A VF that asks one thing; in the guest `flood`, a hundred things. */
export function neighbour() {
  return workingVf(async (adapter) => {
    const requests = adapter.name.startsWith('flood') ? FLOOD : 1;
    for (let matchId = 1; matchId <= requests; matchId++) {
      const mail = mailBytes({ code: ADD_MAC_ADDRESS, matchId, value: matchId });
      await adapter.ndisMWriteConfigBlock(REQUEST_BLOCK, mail, MAIL_LENGTH);
    }
  });
}
