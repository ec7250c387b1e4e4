import { authorsFrame } from '../authors-frame.ts';
import { printable } from '../text/printable.ts';
import { formatEvent } from '../trace/format-event.ts';
import type { TraceEvent } from '../trace/trace.ts';
import type { Severity } from './rules.ts';

/** A trace event as a report shows it. */
export interface ReportedEvent {
  /** Its number in the trace of the process. */
  readonly seq: number;
  /** What it says, in one line. */
  readonly line: string;
}

/** One breach of a rule by one miniport. Only plain data. */
export interface VerifierReport {
  /** Of `VERIFIER_RULES`, or of the rules for what a driver sends by itself. */
  readonly id: string;
  readonly severity: Severity;
  /** The rule in one sentence. */
  readonly rule: string;
  /** The document that states it. */
  readonly source: string;
  /** Whose breach it is: `VF miniport g1/0`. */
  readonly actor: string;
  /** How the rule was broken this time. */
  readonly what: string;
  /** Which breach of this rule by this actor it is, from 1. */
  readonly count: number;
  /** The trace events that show it, in their order; at most {@link MAX_REPORTED_EVENTS}. */
  readonly events: readonly ReportedEvent[];
  /** Where the driver's code was; undefined when none of it was running. */
  readonly stack: string | undefined;
}

/** A report with more events shows the last of them. */
export const MAX_REPORTED_EVENTS = 8;

/** These events, each once, in the order of the trace. */
export function reportedEvents(events: readonly TraceEvent[]): readonly ReportedEvent[] {
  return [...new Set(events)]
    .sort((left, right) => left.seq - right.seq)
    .slice(-MAX_REPORTED_EVENTS)
    .map((event) => ({ seq: event.seq, line: formatEvent(event) }));
}

/** A report in one line: `VF miniport g1/0 broke irql.config-block: …`. */
export function headline({ actor, id, what }: VerifierReport): string {
  return printable(`${actor} broke ${id}: ${what}`);
}

/** A report in lines for people, each of printable text. */
export function formatReport(report: VerifierReport): string {
  const { rule, source, count, events, stack } = report;
  const place = stack === undefined ? undefined : authorsFrame(stack);
  const lines = [
    headline(report),
    `  rule: ${rule}`,
    `  source: ${source}`,
    ...(count > 1 ? [`  for the ${ordinal(count)} time`] : []),
    ...(place === undefined ? [] : [`  at ${place}`]),
    ...events.map(({ seq, line }) => `  event ${seq}: ${line}`),
  ];
  return lines.map(printable).join('\n');
}

/** `2nd`, `3rd`, `11th`. */
function ordinal(count: number): string {
  const teens = count % 100 > 10 && count % 100 < 14;
  const suffix = teens ? 'th' : (['th', 'st', 'nd', 'rd'][count % 10] ?? 'th');
  return `${count}${suffix}`;
}
