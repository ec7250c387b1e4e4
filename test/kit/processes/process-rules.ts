import { HOPS, type HopName } from '#shared/trace/hops.ts';
import type { FaultRule } from '../faults/fault.ts';
import { describeRule, FaultEngine } from '../faults/fault-engine.ts';
import { FaultRuleError } from '../faults/fault-rule-error.ts';
import type { When } from '../faults/when.ts';

/** Which side reports a hop; undefined for one that both do. */
export function sideOf(hop: HopName): 'host' | 'guest' | undefined {
  if (hop === 'channelClosed') return undefined;
  const sender = /^(guest|host)(?:Packet|Completion)(Sent|Received)$/.exec(hop);
  if (sender !== null) return (sender[1] === 'host') === (sender[2] === 'Sent') ? 'host' : 'guest';
  const { from } = HOPS[hop];
  return from === 'vf-miniport' || from === 'guest-ndis' || from === 'vpci' ? 'guest' : 'host';
}

/**
 * Holds rules to what is possible between processes, each of which applies them by itself.
 *
 * @throws FaultRuleError that names the rule
 */
export function checkRules(rules: readonly FaultRule[]): void {
  // The engine refuses what is possible nowhere.
  new FaultEngine(rules, { cut() {}, kill() {} });
  for (const rule of rules) {
    const { when, do: fault } = rule;
    const until = 'until' in fault ? fault.until : undefined;
    const problem = problemOf(when) ?? (until === undefined ? undefined : problemOf(until));
    if (problem !== undefined) throw new FaultRuleError(`${describeRule(rule)}: ${problem}`);
  }
}

function problemOf(when: When): string | undefined {
  if (when.where !== undefined) {
    return 'a predicate is a function of this process, which no other process can be given: say it with hop, name, device, blockId, status and nth';
  }
  if (when.nth === undefined) return undefined;
  if (when.hop === undefined)
    return 'between processes, nth needs a hop: each counts its own events';
  return sideOf(when.hop) === undefined
    ? `between processes, ${when.hop} cannot be counted: both sides report it`
    : undefined;
}

/** Whether a rule counts the events of all guests, which several processes cannot. */
export function countsEveryGuest({ when, do: fault }: FaultRule): boolean {
  const until = 'until' in fault ? [fault.until] : [];
  return [when, ...until].some(
    ({ nth, hop, device }) =>
      nth !== undefined && hop !== undefined && device === undefined && sideOf(hop) === 'guest',
  );
}
