import type { HopName } from '#shared/trace/hops.ts';
import type { TraceEvent } from '#shared/trace/trace.ts';
import type { Fault, FaultRule } from './fault.ts';
import { faultProblem } from './fault-problem.ts';
import { FaultRuleError } from './fault-rule-error.ts';
import { verbProblem } from './verbs.ts';
import { describeWhen, Occurrences, type When, whenProblem } from './when.ts';

/** A fault that befell an event. */
export interface AppliedFault {
  /** The number of the rule, from 0. */
  readonly rule: number;
  /** The `seq` of the event. */
  readonly seq: number;
  readonly fault: Fault;
}

/** What a fault does outside the event's own hop. */
export interface FaultEffects {
  cut(event: TraceEvent): void;
  kill(side: 'guest' | 'host', event: TraceEvent): void;
}

interface ArmedRule {
  readonly rule: FaultRule;
  readonly occurrences: Occurrences;
  hits: number;
}

interface Waiting {
  readonly occurrences: Occurrences;
  readonly resume: () => void;
}

/**
 * Decides which events a fault befalls. It listens to the trace; the place in the chain that has
 * just reported an event takes the fault that is due there, in the same synchronous call.
 */
export class FaultEngine {
  readonly #rules: readonly ArmedRule[];
  readonly #effects: FaultEffects;
  readonly #applied: AppliedFault[] = [];
  #due: { readonly hop: HopName; readonly fault: Fault } | undefined;
  #waiting: Waiting[] = [];

  /**
   * @param met how many events each rule has been meant by before, for rules that count them
   * @throws FaultRuleError, for a rule that could never do anything
   */
  constructor(rules: readonly FaultRule[], effects: FaultEffects, met: readonly number[] = []) {
    for (const rule of rules) checkRule(rule);
    this.#rules = rules.map((rule, index) => ({
      rule,
      occurrences: new Occurrences(rule.when, met[index]),
      hits: 0,
    }));
    this.#effects = effects;
  }

  /** Whether there are rules at all; without any, nothing ever befalls an event. */
  get hasRules(): boolean {
    return this.#rules.length > 0;
  }

  /** Every fault that befell an event, in order. */
  get applied(): readonly AppliedFault[] {
    return this.#applied;
  }

  /** Rules that have met nothing, in words. */
  get unfired(): readonly string[] {
    return this.#rules.filter(({ hits }) => hits === 0).map(({ rule }) => describeRule(rule));
  }

  /** How often each rule has met an event. */
  get hits(): readonly number[] {
    return this.#rules.map(({ hits }) => hits);
  }

  /** An event was reported. Of several rules that meet it the first is applied. */
  event(event: TraceEvent): void {
    this.#due = undefined;
    if (this.#rules.length === 0 && this.#waiting.length === 0) return;
    // Every rule counts every event, also one that another rule is applied to.
    const meant = this.#rules.filter(({ occurrences }) => occurrences.isMeant(event));
    const [armed] = meant;
    if (armed !== undefined) {
      armed.hits++;
      this.#applied.push({
        rule: this.#rules.indexOf(armed),
        seq: event.seq,
        fault: armed.rule.do,
      });
      this.#apply(armed.rule.do, event);
    }
    this.#resume(event);
  }

  /** The fault that befalls the event of one of these hops that has just been reported. */
  take(hops: readonly HopName[]): Fault | undefined {
    const due = this.#due;
    if (due === undefined || !hops.includes(due.hop)) return undefined;
    this.#due = undefined;
    return due.fault;
  }

  /** Calls `resume` once, right after the next event that is meant. */
  onEvent(when: When, resume: () => void): void {
    this.#waiting.push({ occurrences: new Occurrences(when), resume });
  }

  /** Lets everything go that still waits for an event. Returns how much that was. */
  release(): number {
    const waiting = this.#waiting.splice(0);
    for (const { resume } of waiting) resume();
    return waiting.length;
  }

  #apply(fault: Fault, event: TraceEvent): void {
    if (fault.verb === 'cut') this.#effects.cut(event);
    else if (fault.verb === 'kill') this.#effects.kill(fault.side, event);
    else this.#due = { hop: event.hop, fault };
  }

  #resume(event: TraceEvent): void {
    if (this.#waiting.length === 0) return;
    const met = this.#waiting.filter(({ occurrences }) => occurrences.isMeant(event));
    if (met.length === 0) return;
    this.#waiting = this.#waiting.filter((each) => !met.includes(each));
    // Later, so that the event has happened when what waited for it goes on.
    queueMicrotask(() => {
      for (const { resume } of met) resume();
    });
  }
}

/** A rule in words: `drop: every EJECTED at hostPacketSent`. */
export function describeRule(rule: FaultRule): string {
  return `${rule.do.verb}: ${describeWhen(rule.when)}`;
}

function checkRule({ when, do: fault }: FaultRule): void {
  const problem = whenProblem(when) ?? faultProblem(fault) ?? verbProblem(fault.verb, when.hop);
  if (problem !== undefined) throw new FaultRuleError(problem);
}
