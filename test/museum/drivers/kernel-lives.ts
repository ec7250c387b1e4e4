import type { HopName } from '#shared/trace/hops.ts';
import { type Checker, type Finding, verdict } from '../../kit/check/checker.ts';

const RECEIVED: readonly HopName[] = ['hostPacketReceived', 'hostCompletionReceived'];

/**
 * Nothing brings the kernel of a guest down; the checker of exhibit `id`.
 *
 * @param messages the types of the messages that are to blame, if any is
 */
export function kernelLives(id: string, ...messages: readonly string[]): Checker {
  return {
    id,
    rule: 'Whatever the host does, the kernel of a guest does nothing that brings it down.',
    check({ events }) {
      const breaches = events.flatMap((event): readonly Finding[] => {
        if (event.hop !== 'linuxContractViolated') return [];
        const received = events
          .filter(
            ({ hop, name, device, seq }) =>
              RECEIVED.includes(hop) &&
              messages.includes(name) &&
              device === event.device &&
              seq < event.seq,
          )
          .slice(-2);
        const seqs = received.map(({ seq }) => seq);
        const got = received.map(({ name, seq }) => `${name} at event ${seq}`).join(' and ');
        const before = seqs.length === 0 ? '' : `${event.device} got ${got}, and then `;
        const why = `${before}the kernel of ${event.device} came down at event ${event.seq}: ${event.note}`;
        return [{ why, events: [...seqs, event.seq] }];
      });
      return verdict(id, breaches);
    },
  };
}
