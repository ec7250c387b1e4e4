import { type Checker, type Finding, type Run, verdict } from '../../../kit/check/checker.ts';
import { type Life, lifeAt } from '../../../kit/check/lives.ts';
import { mailsAnswered, mailsWritten, REPLY_BLOCK, REQUEST_BLOCK } from '../../drivers/mail.ts';
import { PING_BLOCK } from './pinging-pf.ts';

const AT_MOST_MS = 100;

/** What one VF asks is answered soon, whatever another VF cannot do. */
export const nobodyWaitsForASleeper: Checker = {
  id: 'S39',
  rule: 'The PF answers a VF within 100 ms, whoever else does not answer the PF.',
  check(run) {
    const answers = mailsAnswered(run, REPLY_BLOCK);
    const breaches = mailsWritten(run, REQUEST_BLOCK).flatMap(
      ({ event, mail, life }): readonly Finding[] => {
        const answer = answers.find(
          (each) => each.life === life && each.mail.matchId === mail.matchId,
        );
        const took = answer === undefined ? undefined : answer.event.at - event.at;
        if (took !== undefined && took <= AT_MOST_MS) return [];
        const how = took === undefined ? 'never' : `${Math.round(took)} ms later`;
        const ping = silentPing(run, event.seq);
        const meanwhile =
          ping === undefined
            ? ''
            : `; before it the PF had sent VF ${ping.life.vfId} (${ping.life.device}) a message at event ${ping.seq}, and that VF has never introduced itself`;
        const why = `VF ${life.vfId} (${life.device}) asked at event ${event.seq} and was answered ${how}${meanwhile}`;
        return [{ why, events: [...(ping ? [ping.seq] : []), event.seq] }];
      },
    );
    return verdict(this.id, breaches);
  },
};

/** The last message before an event to a VF that has never asked the PF for anything. */
function silentPing(run: Run, before: number): { life: Life; seq: number } | undefined {
  const known = new Set(mailsWritten(run, REQUEST_BLOCK).map(({ life }) => life));
  return run.history.invalidations
    .flatMap(({ event, mask }) => {
      const life = lifeAt(run.history.lives, event.vfId, event.seq, event.pf);
      const isPing = (mask & (1n << BigInt(PING_BLOCK))) !== 0n && event.seq < before;
      return isPing && life !== undefined && !known.has(life) ? [{ life, seq: event.seq }] : [];
    })
    .at(-1);
}
