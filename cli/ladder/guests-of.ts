import type { GuestProfile } from '#guest/guest-profile.ts';
import { HOPS } from '#shared/trace/hops.ts';
import { LINUX_HOPS } from '#shared/trace/linux-hops.ts';
import type { TraceEvent } from '#shared/trace/trace.ts';
import { GUEST_ACTORS } from './lanes.ts';

/** Which guest operating systems a trace shows: a VF with a hop that Windows does not have is Linux's. */
export function guestsOf(events: readonly TraceEvent[]): readonly GuestProfile[] {
  const linux = new Set<string | undefined>();
  const all = new Set<string | undefined>();
  for (const { hop, device } of events) {
    if (Object.hasOwn(LINUX_HOPS, hop)) linux.add(device);
    if (GUEST_ACTORS.includes(HOPS[hop].from)) all.add(device);
  }
  if (linux.size === 0) return ['windows'];
  return [...all].every((device) => linux.has(device)) ? ['linux'] : ['windows', 'linux'];
}
