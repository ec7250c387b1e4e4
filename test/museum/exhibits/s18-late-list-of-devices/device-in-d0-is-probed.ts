import { type Checker, type Finding, verdict } from '../../../kit/check/checker.ts';

/** A device on a bus that is in D0 gets its driver, whenever it was listed and however often. */
export const deviceInD0IsProbed: Checker = {
  id: 'S18',
  rule: 'A device that the host has listed on a bus in D0 is probed once.',
  check({ events }) {
    const breaches = events.flatMap((entered): readonly Finding[] => {
      const { hop, name, status, device } = entered;
      if (hop !== 'hostCompletionReceived' || name !== 'FDO_D0_ENTRY' || status !== 0) return [];
      const own = events.filter((event) => event.device === device);
      const probes = own.filter((event) => event.hop === 'linuxProbe').length;
      if (probes === 1) return [];
      const lists = own.filter(
        (event) => event.hop === 'hostPacketReceived' && event.name.startsWith('BUS_RELATIONS'),
      );
      const seqs = lists.map(({ seq }) => seq);
      const why = `${device} was listed at events ${seqs.join(' and ')}, its bus was in D0 from event ${entered.seq} on, and it was probed ${probes} times`;
      return [{ why, events: [entered.seq, ...seqs] }];
    });
    return verdict(this.id, breaches);
  },
};
