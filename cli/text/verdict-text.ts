import { printable } from '#shared/text/printable.ts';
import type { Checker, Verdict } from '#test/kit/check/checker.ts';
import type { RunResult } from '#test/kit/scenario/run-scenario.ts';
import { wrap } from './reflow.ts';

/** What is no terminal has no columns. */
export const UNLIMITED = Number.POSITIVE_INFINITY;

type Rule = Pick<Checker, 'id' | 'rule'>;

/** A line for each rule with its verdict, and beneath each that did not hold the sentences why. */
export function verdictsText(
  verdicts: readonly Verdict[],
  checkers: readonly Rule[],
  columns = UNLIMITED,
): string {
  const widest = Math.max(...verdicts.map(({ id }) => id.length));
  return verdicts
    .map(({ id, holds, why }) => {
      const rule = checkers.find((checker) => checker.id === id)?.rule ?? '';
      const head = `${printable(id).padEnd(widest)}  ${ANSWERS[`${holds}`]}  `;
      const lines = holds === true ? [] : why.map((sentence) => sentenceText(sentence, columns));
      return `${wrap(head + printable(rule), columns, ' '.repeat(head.length))}\n${lines.join('')}`;
    })
    .join('');
}

const ANSWERS = { true: 'holds   ', false: 'VIOLATED', unknown: 'unknown ' } as const;

/** The verdicts of a run, and what kept it from being whole. */
export function runText(
  run: Pick<RunResult, 'verdicts' | 'breaches' | 'failure' | 'broken' | 'unfired'>,
  rules: readonly Rule[],
  columns = UNLIMITED,
): string {
  const { verdicts, breaches, failure, broken, unfired } = run;
  const notes = [
    ...breaches.map((each) => `The verifier: ${each}`),
    ...(failure === undefined ? [] : [`${FAILED[broken ?? 'not']}: ${failure}`]),
    ...unfired.map((each) => `No event met the fault "${each}".`),
  ];
  const lines = notes.map((note) => `${wrap(printable(note), columns, '  ')}\n`);
  return verdictsText(verdicts, rules, columns) + lines.join('');
}

const FAILED = {
  'used wrongly': 'The scenario is broken',
  threw: 'The scenario did not come to its end, since it threw',
  not: 'The scenario did not come to its end',
} as const;

/** A sentence of a verdict on lines of its own. What a driver wrote in it cannot reach the terminal. */
export function sentenceText(sentence: string, columns = UNLIMITED): string {
  return `${wrap(`  ${printable(sentence)}`, columns, '    ')}\n`;
}
