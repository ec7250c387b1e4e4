import type { PfAdapter } from '#host/ndis/pf-miniport.ts';
import { delay } from '#shared/time/clock.ts';
import type { Question } from '../../drivers/mailbox-pf.ts';

/** How much a VF may leave waiting; what is above it is dropped. */
const QUOTA = 8;

/** Serves the VFs by turns, one question of each, as `ReplyTakesMs` says for each answer. */
export function byTurns({ clock, configuration }: PfAdapter) {
  const time = Number(configuration.get('ReplyTakesMs'));
  const queues = new Map<number, Question[]>();
  let isServing = false;
  async function serve(): Promise<void> {
    isServing = true;
    while (queues.size > 0) {
      for (const [vfId, queue] of queues) {
        const question = queue.shift();
        if (question === undefined) queues.delete(vfId);
        else {
          await delay(clock, time);
          question.reply(question.mail.value);
        }
      }
    }
    isServing = false;
  }
  return (question: Question): void => {
    const queue = queues.get(question.vfId) ?? [];
    queues.set(question.vfId, queue);
    if (queue.length < QUOTA) queue.push(question);
    if (!isServing) void serve();
  };
}
