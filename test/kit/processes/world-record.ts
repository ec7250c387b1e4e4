import type { TraceEvent } from '#shared/trace/trace.ts';
import type { VerifierReport } from '#shared/verifier/report.ts';
import type { AppliedFault } from '../faults/fault-engine.ts';
import { type MergedTrace, mergedTrace } from './merged-trace.ts';

/** What one process of a world has told. */
export interface SideRecord {
  readonly isHost: boolean;
  readonly events: TraceEvent[];
  readonly faults: AppliedFault[];
  readonly reports: VerifierReport[];
}

/** What all processes of a world have told, as one. */
export class WorldRecord {
  readonly #sides: SideRecord[] = [];
  #merged: { readonly count: number; readonly trace: MergedTrace } | undefined;

  /** A record for a further process. */
  newSide(isHost: boolean): SideRecord {
    const side: SideRecord = { isHost, events: [], faults: [], reports: [] };
    this.#sides.push(side);
    return side;
  }

  /** How many events there are so far. */
  get count(): number {
    return this.#sides.reduce((sum, { events }) => sum + events.length, 0);
  }

  /** Every event so far, in one order. */
  get events(): readonly TraceEvent[] {
    return this.#trace().events;
  }

  /** Every event of a guest so far; each guest's are in order. */
  get guestEvents(): readonly TraceEvent[] {
    return this.#sides.filter(({ isHost }) => !isHost).flatMap(({ events }) => events);
  }

  /** The events of all sides but one that happened after a time, in order. */
  eventsOfOthers(own: SideRecord, since: number): readonly TraceEvent[] {
    return this.#sides
      .filter((side) => side !== own)
      .flatMap(({ events }) => events.slice(events.findLastIndex(({ at }) => at <= since) + 1))
      .sort((left, right) => left.at - right.at);
  }

  /** The faults that befell events, in the order of those. */
  get faults(): readonly AppliedFault[] {
    const trace = this.#trace();
    return this.#sides
      .flatMap(({ events, faults }) =>
        faults.map((fault) => ({ ...fault, seq: trace.seqOf(events, fault.seq) ?? 0 })),
      )
      .sort((left, right) => left.seq - right.seq);
  }

  /** What the verifiers have reported, with the numbers of the common trace. */
  get reports(): readonly VerifierReport[] {
    const trace = this.#trace();
    return this.#sides.flatMap(({ events, reports }) =>
      reports.map((report) => ({
        ...report,
        events: report.events.map((each) => ({
          ...each,
          seq: trace.seqOf(events, each.seq) ?? each.seq,
        })),
      })),
    );
  }

  #trace(): MergedTrace {
    const { count } = this;
    if (this.#merged?.count !== count) {
      this.#merged = { count, trace: mergedTrace(this.#sides.map(({ events }) => events)) };
    }
    return this.#merged.trace;
  }
}
