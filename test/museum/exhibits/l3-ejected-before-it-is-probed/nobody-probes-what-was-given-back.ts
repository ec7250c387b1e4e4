import { type Checker, type Finding, verdict } from '../../../kit/check/checker.ts';

/** What the host has back is probed by nobody. */
export const nobodyProbesWhatWasGivenBack: Checker = {
  id: 'L3',
  rule: 'No driver probes a device after its guest has told the host that it is done with it.',
  check({ events }) {
    const breaches = events.flatMap((probe): readonly Finding[] => {
      if (probe.hop !== 'linuxProbe') return [];
      const complete = events.find(
        ({ hop, name, device, generation, seq }) =>
          hop === 'guestPacketSent' &&
          name === 'EJECT_COMPLETE' &&
          device === probe.device &&
          generation === probe.generation &&
          seq < probe.seq,
      );
      if (complete === undefined) return [];
      const why = `${probe.device} told the host at event ${complete.seq} that the device can be taken away, and probed it at event ${probe.seq}`;
      return [{ why, events: [complete.seq, probe.seq] }];
    });
    return verdict(this.id, breaches);
  },
};
