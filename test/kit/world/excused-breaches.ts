import type { TraceEvent } from '#shared/trace/trace.ts';
import type { VerifierReport } from '#shared/verifier/report.ts';
import { LATE, SWALLOWING } from '../check/touched.ts';
import { milliseconds } from '../duration.ts';
import type { Fault } from '../faults/fault.ts';
import type { AppliedFault } from '../faults/fault-engine.ts';
import { CALL_HOPS, OID_HOPS } from '../faults/verbs.ts';

/** What befell a run so far. */
export interface Befallen {
  readonly events: readonly TraceEvent[];
  readonly faults: readonly AppliedFault[];
}

/**
 * Whether a fault, and no miniport, broke a rule of the verifier: by what it did in the name of the
 * miniport, or by what it kept from it.
 */
export function isOfFault(report: VerifierReport, { events, faults }: Befallen): boolean {
  const shown = new Set(report.events.map(({ seq }) => seq));
  return faults.some(({ seq, fault }) => {
    const event = events.find((each) => each.seq === seq);
    if (event === undefined || !isOfAdapter(event, report.actor)) return false;
    const isPutOff = LATE.has(fault.verb);
    // It threw, answered or waited in the miniport's place, in the very call that the report shows.
    if (isCall(event) && shown.has(seq)) return true;
    // What it put off, the miniport did when it had been halted.
    if (isCall(event) && isPutOff && report.id.startsWith('halt.')) return true;
    // The miniport waited for something that did not come, or not in time.
    const first = events.find((each) => shown.has(each.seq))?.at ?? 0;
    return report.id === 'oid.completed-in-time' && isKept(fault, event, first);
  });
}

/** Whether a fault keeps what it befell from coming, or did still at a time. */
function isKept(fault: Fault, event: TraceEvent, at: number): boolean {
  if (SWALLOWING.has(fault.verb)) return true;
  if (fault.verb === 'delay') return event.at + milliseconds(fault.by) >= at;
  return LATE.has(fault.verb);
}

function isCall({ hop }: TraceEvent): boolean {
  return OID_HOPS.includes(hop) || CALL_HOPS.includes(hop);
}

/** An actor is called as in `VF miniport g1/0`; what the PF miniport is called for may be of a VF. */
function isOfAdapter({ hop, device, pf }: TraceEvent, actor: string): boolean {
  const name = actor.slice(actor.lastIndexOf(' ') + 1);
  if (!actor.startsWith('PF ')) return device === name;
  return hop.startsWith('pfMiniport') && (pf === undefined || pf === name);
}
