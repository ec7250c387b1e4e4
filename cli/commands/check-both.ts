import { printable } from '#shared/text/printable.ts';
import { invariants } from '#test/kit/check/index.ts';
import { type BothWorlds, checkBothWorlds } from '#test/kit/processes/both-worlds.ts';
import type { RunOptions } from '#test/kit/scenario/run-scenario.ts';
import type { Scenario } from '#test/kit/scenario/scenario.ts';
import type { Outcome } from '#test/kit/search/outcome.ts';
import { OUTCOME_EXIT, outcomeOf, worst } from '../testing/outcome-exit.ts';
import { runFacts } from '../testing/run-facts.ts';
import { runOnce } from '../testing/run-once.ts';
import { jsonText } from '../text/json-text.ts';
import { wrap } from '../text/reflow.ts';
import { runText, UNLIMITED } from '../text/verdict-text.ts';
import { type CommandIo, print } from './command-io.ts';

/**
 * Runs a scenario in either world. That they differ is as bad as a rule that is violated; what is left to
 * real time is judged by the simulated run, with which the other agrees in all else.
 */
export async function checkBoth(
  scenario: Scenario,
  schedule: RunOptions,
  flags: { readonly json?: true },
  io: CommandIo,
): Promise<void> {
  const both = await runOnce(() => checkBothWorlds(scenario, schedule), '--schedule');
  const { simulated, processes, differences } = both;
  const agree: Outcome = differences.length === 0 ? 'holds' : 'violated';
  const outcome = worst([outcomeOf(simulated), agree]);
  process.exitCode = OUTCOME_EXIT[outcome];
  const facts = { simulated: runFacts(simulated), processes: runFacts(processes) };
  const text =
    flags.json === true
      ? `${jsonText({ ...both, ...facts, outcome }, 2)}\n`
      : textOf(scenario, both, outcome, io);
  await print(io, text);
}

function textOf(
  { checkers = [] }: Scenario,
  { simulated, processes, differences, leftToRealTime }: BothWorlds,
  outcome: Outcome,
  { stdout }: CommandIo,
): string {
  const columns = stdout.columns ?? UNLIMITED;
  const rules = [...checkers, ...invariants()];
  const parts = [
    ['In a simulated world:', runText(simulated, rules, columns)],
    ['Between processes:', runText(processes, rules, columns)],
    ['They differ:', linesText(differences, columns)],
    ['They may differ:', linesText(leftToRealTime, columns)],
  ].filter(([, text]) => text !== '');
  return `${parts.map((part) => part.join('\n')).join('\n')}
${outcome}: ${differences.length === 0 ? 'the worlds agree' : 'the worlds differ'}
`;
}

function linesText(differences: readonly string[], columns: number): string {
  return differences
    .flatMap((each) => each.split('\n'))
    .map((line) => `${wrap(printable(line), columns, `${/^ */.exec(line)?.[0] ?? ''}  `)}\n`)
    .join('');
}
