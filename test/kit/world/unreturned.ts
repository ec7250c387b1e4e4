import type { HopName } from '#shared/trace/hops.ts';
import type { TraceEvent } from '#shared/trace/trace.ts';

/** The hops at which something is called, and those at which it has returned, or is completed. */
const RETURNS: readonly (readonly [call: HopName, back: HopName])[] = [
  ['pfMiniportInitializeEx', 'pfMiniportInitializeExReturn'],
  ['pfMiniportOidRequest', 'pfMiniportOidRequestComplete'],
  ['vfMiniportInitializeEx', 'vfMiniportInitializeExReturn'],
  ['vfMiniportOidRequest', 'vfMiniportOidRequestComplete'],
];

/** The calls of miniports that have not returned, in words: what a run that stands still waits for. */
export function unreturned(events: readonly TraceEvent[]): readonly string[] {
  return RETURNS.flatMap(([call, back]) => {
    const open = new Map<string, TraceEvent>();
    for (const event of events) {
      const { hop, name, device = '' } = event;
      const key = `${name} ${device}`;
      if (hop === call) open.set(key, event);
      if (hop === back) open.delete(key);
    }
    return [...open.values()].map(({ hop, name, device = 'the PF', seq }) => {
      const what = name.startsWith('OID') ? `${name} at ${hop}` : name;
      return `${what} of ${device} (event ${seq}) has not returned`;
    });
  });
}
