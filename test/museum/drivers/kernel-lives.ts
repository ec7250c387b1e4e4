import { type Checker, type Finding, verdict } from '../../kit/check/checker.ts';

/**
 * No message of a host brings the kernel of a guest down; the checker of exhibit `id`.
 *
 * @param messages the types of the messages that are to blame
 */
export function kernelLives(id: string, ...messages: readonly string[]): Checker {
  return {
    id,
    rule: 'Whatever the host sends, the kernel of a guest does nothing that brings it down.',
    check({ events }) {
      const breaches = events.flatMap((event): readonly Finding[] => {
        if (event.hop !== 'linuxContractViolated') return [];
        const received = events
          .filter(
            ({ hop, name, device, seq }) =>
              hop === 'hostPacketReceived' &&
              messages.includes(name) &&
              device === event.device &&
              seq < event.seq,
          )
          .slice(-2);
        const seqs = received.map(({ seq }) => seq);
        const got = received.map(({ name, seq }) => `${name} at event ${seq}`).join(' and ');
        const why = `${event.device} got ${got}, and its kernel came down at event ${event.seq}: ${event.note}`;
        return [{ why, events: [...seqs, event.seq] }];
      });
      return verdict(id, breaches);
    },
  };
}
