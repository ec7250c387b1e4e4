import type { HopName } from '#shared/trace/hops.ts';
import { Trace, type TraceEvent } from '#shared/trace/trace.ts';
import { ManualClock } from './manual-clock.ts';

/** What happens in a world, in the order in which it does, by the clock of that world. */
export class WorldTrace {
  readonly clock = new ManualClock();
  readonly trace = new Trace(() => this.clock.now(), { keepsData: true });
  readonly events: TraceEvent[] = [];

  /** The names of the hops reported, in order; of those listed only, when some are. */
  hops(...only: readonly HopName[]): readonly HopName[] {
    const names = this.events.map((event) => event.hop);
    return only.length === 0 ? names : names.filter((name) => only.includes(name));
  }

  /** The events of one hop. */
  eventsOf(hop: HopName): readonly TraceEvent[] {
    return this.events.filter((event) => event.hop === hop);
  }
}
