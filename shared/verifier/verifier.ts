import type { Logger } from 'pino';
import type { ContractBreach } from '../ndis/contract-observer.ts';
import { isTold } from '../recurring-log.ts';
import type { HopName } from '../trace/hops.ts';
import type { Trace, TraceEvent } from '../trace/trace.ts';
import { RecentEvents } from './recent-events.ts';
import { headline, reportedEvents, type VerifierReport } from './report.ts';
import { type Severity, VERIFIER_RULES, type VerifierRuleId } from './rules.ts';

/** Reports that are kept; the breaches beyond are counted. */
const MAX_REPORTS = 256;

export interface VerifierOptions {
  /** Whether a violation stops the adapter. */
  readonly isFatal: boolean;
  readonly trace: Trace;
  readonly log: Logger;
  /** Told of every breach that is reported; must not throw. */
  readonly onReport?: ((report: VerifierReport) => void) | undefined;
}

/** One miniport that is watched. */
export interface WatchedActor {
  /** `VF miniport g1/0`. */
  readonly title: string;
  /** The hop with which a breach is traced. */
  readonly hop: HopName & `${'pf' | 'vf' | 'linux'}ContractViolated`;
  /** Which VF of which guest, for the trace. */
  readonly device?: string;
  readonly pf?: string;
  /** Stops the adapter; called once at most, and not from within its driver's code. */
  readonly stop: (report: VerifierReport) => void;
}

/** A driver that is running, and the events that explain why. */
export interface RunningDriver {
  readonly actor: WatchedActor;
  readonly context: readonly (TraceEvent | undefined)[];
}

/** A rule that somebody else watches. */
export type ForeignRule = Pick<VerifierReport, 'id' | 'rule' | 'source'>;

/** How a rule was broken. */
export interface Breach {
  readonly id: VerifierRuleId | ForeignRule;
  readonly what: string;
  /** The documented name of what was called or asked. */
  readonly name: string;
  readonly events: readonly (TraceEvent | undefined)[];
  /** When this breach is surer than the rule says. */
  readonly severity?: Severity;
  readonly stack?: string | undefined;
  /** NDIS has traced the breach by itself. */
  readonly isTraced?: boolean;
}

/** How often one miniport has broken one rule. */
export interface BreachCount {
  /** The id of the rule. */
  readonly id: string;
  /** `VF miniport g1/0`. */
  readonly actor: string;
  /** From 1. */
  readonly count: number;
}

/**
 * Collects what the miniports of one operating system do against their contract. It watches them from
 * outside, as Driver Verifier does: a miniport runs the same with it, unless `isFatal`.
 */
export class Verifier {
  readonly trace: Trace;
  readonly recent: RecentEvents;
  /** The driver whose routine is running; undefined when none is. */
  running: RunningDriver | undefined;
  readonly #options: VerifierOptions;
  readonly #reports: VerifierReport[] = [];
  /** By actor and rule; there are as many actors as adapters. */
  readonly #counts = new Map<string, Map<string, number>>();
  readonly #stopped = new WeakSet<WatchedActor>();

  constructor(options: VerifierOptions) {
    this.#options = options;
    this.trace = options.trace;
    this.recent = new RecentEvents(options.trace);
  }

  /** The first reports, in their order. */
  get reports(): readonly VerifierReport[] {
    return this.#reports;
  }

  /** Every rule that was broken, by whom, and how often; in the order of the first breaches of each. */
  get counts(): readonly BreachCount[] {
    return [...this.#counts].flatMap(([actor, counts]) =>
      [...counts].map(([id, count]) => ({ id, actor, count })),
    );
  }

  /** Takes a breach down; logs and traces it unless there were many, and stops the actor if it must. */
  report(actor: WatchedActor, breach: Breach): void {
    const count = this.#count(actor.title, idOf(breach));
    const rule = ruleOf(breach);
    const isFatal = this.#options.isFatal && rule.severity === 'violation';
    const stops = isFatal && !this.#stopped.has(actor);
    if (!isTold(count) && !stops) return;
    if (breach.isTraced !== true) this.#trace(actor, breach);
    const report = newReport(rule, actor, breach, count);
    if (this.#reports.length < MAX_REPORTS) this.#reports.push(report);
    this.#log(report);
    this.#options.onReport?.(report);
    if (!stops) return;
    this.#stopped.add(actor);
    queueMicrotask(() => actor.stop(report));
  }

  /** Takes down a breach that was found, traced and logged elsewhere. */
  found(actor: WatchedActor, breach: ContractBreach): void {
    const { id, rule, source, name, what } = breach;
    const stack = breach.stack ?? new Error('found').stack;
    const context = this.running?.actor === actor ? this.running.context : [];
    const events = [...context, this.recent.latest];
    this.report(actor, { id: { id, rule, source }, name, what, stack, events, isTraced: true });
  }

  /** `3 breaches: oid.completed-once 2 by PF miniport pf0, …`; or that there were none. */
  summary(): string {
    const { counts } = this;
    const all = counts.reduce((sum, { count }) => sum + count, 0);
    if (all === 0) return 'no rule was broken';
    const parts = counts.map(({ id, actor, count }) => `${id} ${count} by ${actor}`);
    return `${all} ${all === 1 ? 'breach' : 'breaches'}: ${parts.join(', ')}`;
  }

  #count(actor: string, id: string): number {
    const counts = this.#counts.get(actor) ?? new Map<string, number>();
    this.#counts.set(actor, counts);
    const count = (counts.get(id) ?? 0) + 1;
    counts.set(id, count);
    return count;
  }

  #trace({ hop, device, pf }: WatchedActor, breach: Breach): void {
    const { what, name, events } = breach;
    const { trace } = this.#options;
    const cause = events.findLast((event) => event !== undefined)?.seq;
    if (!trace.enabled) return;
    trace.record({ hop, name, device, cause, note: `${idOf(breach)}: ${what}` }, pf);
  }

  #log(report: VerifierReport): void {
    const { id, severity, source, count, events, stack } = report;
    const lines = events.map(({ seq, line }) => `${seq} ${line}`);
    const level = severity === 'violation' ? 'error' : 'warn';
    const fields = { rule: id, count, source, events: lines, stack };
    this.#options.log[level](fields, `verifier: ${headline(report)}`);
  }
}

function idOf({ id }: Breach): string {
  return typeof id === 'string' ? id : id.id;
}

/** What a report says of the rule that was broken. */
type ReportedRule = Pick<VerifierReport, 'id' | 'rule' | 'source' | 'severity'>;

function newReport(
  rule: ReportedRule,
  { title: actor }: WatchedActor,
  { what, events: found, stack }: Breach,
  count: number,
): VerifierReport {
  const events = reportedEvents(found.filter((event) => event !== undefined));
  return { ...rule, actor, what, count, events, stack };
}

function ruleOf(breach: Breach): ReportedRule {
  const { id } = breach;
  if (typeof id !== 'string') return { severity: 'violation', ...id };
  const { rule, source, severity } = VERIFIER_RULES[id];
  return { id, rule, source, severity: breach.severity ?? severity };
}
