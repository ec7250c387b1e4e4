import { definePfMiniport, type PfAdapter } from '#host/ndis/pf-miniport.ts';
import { configBlockPf } from '#host/pf-miniport/config-block-pf.ts';
import { NDIS_STATUS } from '#shared/ndis/ndis-status.ts';
import { delay } from '#shared/time/clock.ts';
import { type Mail, mailBytes, parseMail, REPLY_BLOCK, REQUEST_BLOCK } from './mail.ts';

/** What a VF asks of the PF, and how it is answered. */
export interface Question {
  readonly vfId: number;
  readonly mail: Mail;
  /** Puts the answer into the VF's reply block, and invalidates that. */
  readonly reply: (value: number) => void;
}

/**
 * A PF that takes a VF's request with the write of its request block, which completes at once, and
 * answers later, in the reply block.
 */
export function mailboxPf(create: (adapter: PfAdapter) => (question: Question) => void) {
  return definePfMiniport((adapter) => {
    const serve = create(adapter);
    const replies = new Map<number, Uint8Array>();
    return configBlockPf(adapter, {
      readBlock: (vfId, _blockId, length) => replies.get(vfId) ?? new Uint8Array(length),
      writeBlock(vfId, blockId, data) {
        if (blockId !== REQUEST_BLOCK) return NDIS_STATUS.NDIS_STATUS_SUCCESS;
        const mail = parseMail(data);
        serve({
          vfId,
          mail,
          reply(value) {
            replies.set(vfId, mailBytes({ ...mail, value }));
            adapter.ndisMInvalidateConfigBlock(vfId, 1n << BigInt(REPLY_BLOCK));
          },
        });
        return NDIS_STATUS.NDIS_STATUS_SUCCESS;
      },
      vfFreed: (vfId) => void replies.delete(vfId),
    });
  });
}

/**
 * Serves one question after the other, as the service task of a PF does. The keyword `ReplyTakesMs`
 * has how long each takes, in milliseconds; those after the last take as long as it: `600,50`.
 */
export function oneByOne(answer: (question: Question) => number) {
  return (adapter: PfAdapter) => {
    const times = (adapter.configuration.get('ReplyTakesMs') ?? '0').split(',').map(Number);
    let last = Promise.resolve();
    let count = 0;
    return (question: Question): void => {
      const time = times[Math.min(count++, times.length - 1)] ?? 0;
      last = last
        .then(() => delay(adapter.clock, time))
        .then(() => question.reply(answer(question)));
    };
  };
}
