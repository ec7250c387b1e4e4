import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { invariants } from '#test/kit/check/index.ts';
import type { Exhibit } from '#test/museum/exhibit.ts';
import { EXHIBITS, exhibit, SAME_AS, shownAs } from '#test/museum/index.ts';
import { NOT_SHOWN, type NotShown } from '#test/museum/not-shown.ts';
import { placeOf } from '#test/museum/place-of.ts';
import { type ExhibitResult, runExhibit } from '#test/museum/run-exhibit.ts';
import { EXIT, UsageError } from '../failure.ts';
import { jsonText } from '../text/json-text.ts';
import { reflow, wrap } from '../text/reflow.ts';
import { renderTable } from '../text/table.ts';
import { type CommandIo, print, processIo } from './command-io.ts';

interface Flags {
  readonly json?: true;
}

/** What every terminal has. */
const COLUMNS = 80;

const EXAMPLES = `
Examples:
  backchannel museum list
  backchannel museum run
  backchannel museum run S10`;

/** Adds `museum list` and `museum run`. */
export function registerMuseum(program: Command, io: CommandIo = processIo): void {
  const museum = program
    .command('museum')
    .description('replay bugs that real drivers had, with the rule that tells each from its repair')
    .addHelpText('after', EXAMPLES);
  museum
    .command('list')
    .description('list the bugs')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  backchannel museum list --json')
    .action((flags: Flags) => list(flags, io));
  museum
    .command('run')
    .description('replay one bug, told as a story, or all')
    .argument('[id]', 'the bug, as the list has it')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  backchannel museum run S10\n  backchannel museum run --json',
    )
    .action((id: string | undefined, flags: Flags) => run(id, flags, io));
}

async function all(): Promise<readonly Exhibit[]> {
  const modules = await Promise.all(Object.values(EXHIBITS).map((load) => load()));
  return modules.map((module) => module.default);
}

async function list({ json }: Flags, io: CommandIo): Promise<void> {
  const facts = (await all()).map(({ id, title, rule, sources }) => ({ id, rule, title, sources }));
  if (json === true) {
    await print(io, `${jsonText({ exhibits: facts, sameAs: SAME_AS, notShown: NOT_SHOWN }, 2)}\n`);
    return;
  }
  const table = renderTable(
    [{ head: 'ID' }, { head: 'RULE' }, { head: 'BUG' }],
    facts.map(({ id, rule, title }) => [id, rule, title]),
  );
  const same = Object.entries(SAME_AS).map(([id, other]) => `${id} is ${other}`);
  const others = `\nThe same bug under another id: ${same.join(', ')}.`;
  await print(io, `${table}${wrap(others, COLUMNS, '')}\n${NOT_SHOWN.map(notShownText).join('')}`);
}

function notShownText({ id, title, lacks }: NotShown, index: number): string {
  const head = index === 0 ? '\nNot shown, and what the kit lacks for it:\n' : '';
  const lines = [`${id.padEnd(4)} ${title}`, `     ${lacks}`];
  return `${head}${lines.map((line) => `${wrap(line, COLUMNS, '     ')}\n`).join('')}`;
}

async function run(id: string | undefined, { json }: Flags, io: CommandIo): Promise<void> {
  const chosen = id === undefined ? await all() : [await one(id)];
  const results: { readonly exhibit: Exhibit; readonly result: ExhibitResult }[] = [];
  for (const each of chosen) results.push({ exhibit: each, result: await runExhibit(each) });
  if (results.some(({ result }) => !result.isToldApart)) process.exitCode = EXIT.failed;
  if (json === true) {
    await print(io, `${jsonText(await Promise.all(results.map(factsOf)), 2)}\n`);
    return;
  }
  const [only] = id === undefined ? [] : results;
  if (only !== undefined) await print(io, await story(only.exhibit));
  await print(io, results.map(textOf).join('\n'));
  if (only !== undefined) await print(io, await lookAt(only));
}

async function one(id: string): Promise<Exhibit> {
  const found = await exhibit(id);
  if (found !== undefined) return found;
  const notShown = NOT_SHOWN.find((each) => each.id === shownAs(id));
  if (notShown !== undefined) {
    const { title, lacks } = notShown;
    throw new UsageError(`${notShown.id} is not shown (${title}): ${lacks}`);
  }
  throw new UsageError(`there is no bug ${id}; there are ${Object.keys(EXHIBITS).join(', ')}`);
}

async function story({ story, sources }: Exhibit): Promise<string> {
  const text = reflow(await readFile(story, 'utf8'), COLUMNS);
  return `${text}\n${sources.map((source) => `${source}\n`).join('')}\n`;
}

interface Ran {
  readonly exhibit: Exhibit;
  readonly result: ExhibitResult;
}

async function factsOf({ exhibit, result }: Ran) {
  const { id, rule, title } = exhibit;
  const { buggy, fixed, isToldApart, problems } = result;
  const where = await placeOf(exhibit);
  const verdicts = { buggy: buggy.verdicts, fixed: fixed.verdicts };
  return { id, rule, title, where, isToldApart, problems, ...verdicts };
}

/** What the rule says, how it went without the bug, and where to read on. */
async function lookAt({ exhibit, result }: Ran): Promise<string> {
  const { rule, scenario } = exhibit;
  const checkers = [...invariants(scenario.versionOf), ...(scenario.checkers ?? [])];
  const words = checkers.find(({ id }) => id === rule)?.rule ?? '';
  const lines = [
    ...(result.isToldApart ? ['without it: every rule holds'] : []),
    `${rule}: ${words}`,
    'the line that makes the difference:',
  ];
  const text = lines.map((line) => `${wrap(`  ${line}`, COLUMNS, '    ')}\n`).join('');
  return `${text}    ${await placeOf(exhibit)}\n`;
}

function textOf({ exhibit: { id, rule, title }, result }: Ran): string {
  const why = result.buggy.verdicts.find((verdict) => verdict.id === rule)?.why ?? [];
  const verdict = result.isToldApart ? 'told apart' : 'NOT told apart';
  const lines = [
    wrap(`${id}  ${title}: ${verdict} by ${rule}`, COLUMNS, '     '),
    ...why.map((sentence) => wrap(`  with the bug: ${sentence}`, COLUMNS, '    ')),
    ...result.problems.map((problem) => wrap(`  ${problem}`, COLUMNS, '    ')),
  ];
  return `${lines.join('\n')}\n`;
}
