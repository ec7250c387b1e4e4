import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadScenario } from '#cli/testing/scenario-file.ts';
import { verdict } from '#test/kit/check/checker.ts';
import { runScenario } from '#test/kit/scenario/run-scenario.ts';
import { traceFileText } from '#test/kit/trace-file/trace-file.ts';
import { scenarioFile, TemporaryFolder } from '../testing/files.ts';
import { runCommand } from './command-run.ts';

const SLOW = '{"seed":3,"latency":"4ms"}';

const LATE = JSON.stringify({
  faults: [
    {
      when: { hop: 'guestPacketSent', name: 'READ_BLOCK', nth: 2 },
      do: { verb: 'delay', by: '5ms' },
    },
  ],
});

let folder: TemporaryFolder;

/** Runs a scenario, and keeps its trace. Returns the file. */
async function saved(name: string, schedule: string, as: string): Promise<string> {
  const flags = ['--schedule', schedule, '--save', folder.path(as)];
  await runCommand(['check', scenarioFile(name), ...flags]);
  return folder.path(as);
}

let healthy: string;
beforeAll(async () => {
  folder = new TemporaryFolder();
  healthy = await saved('healthy', '{}', 'healthy.jsonl');
});
afterAll(() => folder.remove());

function trace(...args: readonly string[]) {
  return runCommand(['trace', ...args]);
}

describe.each(['show', 'diff', 'check', 'replay'])('trace %s', (command) => {
  test.each([
    ['is not there', () => folder.path('missing.jsonl'), /missing\.jsonl: ENOENT/],
    ['is empty', () => folder.write('empty.jsonl', ''), /line 1: expected the header of a trace/],
    ['is no trace', () => folder.write('garbage.jsonl', 'garbage\n'), /garbage\.jsonl: line 1: /],
    [
      'has a line that is none',
      () => folder.write('cut.jsonl', `${folder.read('healthy.jsonl').slice(0, -20)}`),
      /cut\.jsonl: line \d+: /,
    ],
  ])('refuses a file that %s', async (_what, file, message) => {
    const result = await trace(command, file(), ...(command === 'diff' ? [healthy] : []));
    expect([result.code, result.stdout]).toEqual([2, '']);
    expect(result.message).toMatch(message);
  });

  test('is used wrongly without a file', async () => {
    const result = await trace(command);
    expect([result.code, result.stdout]).toEqual([2, '']);
    expect(result.message).toMatch(/missing required argument/);
  });
});

describe('trace show', () => {
  test('refuses a format that it does not have', async () => {
    const result = await trace('show', healthy, '--format', 'xml');
    expect(result.code).toBe(2);
    expect(result.message).toMatch(/Allowed choices are ladder, lines, json, mermaid/);
  });

  test.each([
    ['an event that it does not have', ['--around', '99999'], /has no event 99999/],
    ['what is no number of an event', ['--around', '0'], /expected the number of an event, from 1/],
    ['a filter that is none', ['--filter', 'fv=1'], /--filter: /],
  ])('refuses %s', async (_what, flags, message) => {
    const result = await trace('show', healthy, ...flags);
    expect([result.code, result.stdout]).toEqual([2, '']);
    expect(result.message).toMatch(message);
  });

  test('prints the events that a filter chooses, with their numbers', async () => {
    const { stdout } = await trace(
      'show',
      healthy,
      '--filter',
      'hop=vfMiniportInitializeEx',
      '--format',
      'lines',
    );
    expect(stdout).toMatch(/^ *\d+ \S+Z .*\[vfMiniportInitializeEx\]\n$/);
  });

  test('prints ten events before and behind the one that is named', async () => {
    const { stdout } = await trace('show', healthy, '--around', '30', '--format', 'json');
    const numbers = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).seq);
    expect(numbers).toEqual(Array.from({ length: 21 }, (_, index) => 20 + index));
  });

  test.each([
    ['ladder', /│ {2}fault: delay: READ_BLOCK number 2/],
    ['lines', /^ +fault: delay: READ_BLOCK number 2/m],
    ['json', /^\{"seq":\d+,"fault":"delay: READ_BLOCK number 2/m],
    ['mermaid', /^ {2}Note over virtualization_stack: fault: delay: READ_BLOCK number 2/m],
  ])('shows in a %s what a fault did', async (format, text) => {
    const late = await saved('healthy', LATE, 'late-shown.jsonl');
    expect((await trace('show', late, '--format', format)).stdout).toMatch(text);
  });

  test.each([
    ['ladder', /^ +1 .*│.*\n[\s\S]*READ_BLOCK block 0/m],
    ['lines', /READ_BLOCK/],
    ['json', /^\{"seq":1,/],
    ['mermaid', /^sequenceDiagram\n/],
  ])('prints it as %s', async (format, text) => {
    const { code, stdout } = await trace('show', healthy, '--format', format);
    expect(code).toBe(0);
    expect(stdout).toMatch(text);
  });
});

describe('trace diff', () => {
  test('shows the first event in which two traces part, with exit code 1', async () => {
    const slow = await saved('healthy', SLOW, 'slow.jsonl');
    const { code, stdout } = await trace('diff', healthy, slow);
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /^the traces part at event \d+\n(?: {2}both: .*\n(?: {4}.*\n)*){4} {2}\S+healthy\.jsonl: .*\n(?: {4}.*\n)* {2}\S+slow\.jsonl: /,
    );
    const json = JSON.parse((await trace('diff', healthy, slow, '--json')).stdout);
    expect(json).toMatchObject({ same: false, index: expect.any(Number), left: {}, right: {} });
  });

  test('lets the same events come at other times, when it is asked to', async () => {
    const text = folder.read('healthy.jsonl').replace(/"at":(\d+)/, '"at":1$1');
    const late = folder.write('later.jsonl', text);
    expect((await trace('diff', healthy, late)).code).toBe(1);
    const { code, stdout } = await trace('diff', healthy, late, '--ignore-times');
    expect([code, stdout]).toEqual([0, 'the traces are the same\n']);
  });

  test('has nothing to show of two that are the same, with exit code 0', async () => {
    const again = await saved('healthy', '{}', 'again.jsonl');
    const result = await trace('diff', healthy, again);
    expect(result).toMatchObject({ code: 0, stdout: 'the traces are the same\n' });
    const json = JSON.parse((await trace('diff', healthy, again, '--json')).stdout);
    expect(json).toEqual({ same: true });
  });
});

describe('trace check', () => {
  test('has exit code 1 for a trace that breaks a rule, which it names', async () => {
    const text = folder.read('healthy.jsonl').split('\n');
    const withoutEnd = text.filter((line) => !line.includes('"hop":"ioCompleteRequest"'));
    const broken = folder.write('broken.jsonl', withoutEnd.join('\n'));
    const { code, stdout } = await trace('check', broken);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^I1 {3}VIOLATED {2}.*\n {2}g1\/0: NdisMReadConfigBlock/m);
    const verdicts = JSON.parse((await trace('check', broken, '--json')).stdout);
    expect(verdicts[0]).toMatchObject({ id: 'I1', holds: false });
  });

  test('has exit code 2 for a trace that ends too early to tell', async () => {
    const lines = folder.read('healthy.jsonl').split('\n').slice(0, 12);
    const { code, stdout } = await trace('check', folder.write('early.jsonl', lines.join('\n')));
    expect(code).toBe(2);
    expect(stdout).toMatch(/^I10 {2}unknown {3}/m);
  });

  test('has exit code 0 for one in which every rule held', async () => {
    const { code, stdout } = await trace('check', healthy);
    expect(code).toBe(0);
    expect(stdout.match(/^I\d+ +holds /gm)).toHaveLength(10);
  });
});

describe('trace check, of a run that `check` has judged', () => {
  test('tells what the versions of the blocks did, which the file keeps', async () => {
    const file = await saved('forgetful', LATE, 'stale.jsonl');
    const { code, stdout } = await trace('check', file);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^I5 {3}VIOLATED {2}.*\n {2}VF 0 \(g1\/0\) kept version 2 of block 1/m);
    const before = folder.read('stale.jsonl').replace('"versioned":true', '"other":true');
    const old = await trace('check', folder.write('old.jsonl', before));
    expect(old.code).toBe(2);
    expect(old.stdout).toMatch(/^I5 {3}unknown {3}.*\n {2}the file does not say which versions/m);
  });

  test('tells what the checkers of the scenario found, and what kept it from its end', async () => {
    const own = { id: 'own', rule: 'x', check: () => verdict('own', [{ why: 'no', events: [] }]) };
    const { scenario } = await loadScenario(scenarioFile('healthy'), {}, {});
    const run = await runScenario({ ...scenario, checkers: [own] });
    const violated = folder.write('own.jsonl', traceFileText('x', {}, run));
    expect(await trace('check', violated)).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/^own +VIOLATED {2}x\n {2}no\n/m),
    });
    const broken = await saved('broken', '{}', 'broken-scenario.jsonl');
    const { code, stdout } = await trace('check', broken);
    expect(code).toBe(2);
    expect(stdout).toMatch(/^The scenario did not come to its end, since it threw: it broke$/m);
  });
});

describe('trace replay', () => {
  test('of a trace that names no scenario asks for one', async () => {
    const { scenario } = await loadScenario(scenarioFile('healthy'), {}, {});
    const text = traceFileText(scenario.name, {}, await runScenario(scenario));
    const nameless = folder.write('nameless.jsonl', text);
    const result = await trace('replay', nameless);
    expect([result.code, result.stdout]).toEqual([2, '']);
    expect(result.message).toMatch(/names no scenario file: give --scenario/);
    const given = await trace('replay', nameless, '--scenario', scenarioFile('healthy'));
    expect(given).toMatchObject({ code: 0, stdout: 'the traces are the same\n' });
  });

  test('of a fault that is not possible says so', async () => {
    const faults = '"faults":[{"when":{"hop":"channelClosed"},"do":{"verb":"drop"}}]';
    const text = folder.read('healthy.jsonl').replace('"options":{', `"options":{${faults},`);
    const impossible = text.replace(',"faults":[]', '');
    const result = await trace('replay', folder.write('impossible.jsonl', impossible));
    expect(result.code).toBe(2);
    expect(result.message).toMatch(/impossible\.jsonl: drop is not possible at channelClosed/);
  });

  test('goes the same way again, faults included, with exit code 0', async () => {
    const late = await saved('forgetful', LATE, 'late.jsonl');
    expect(await trace('replay', late)).toMatchObject({
      code: 0,
      stdout: 'the traces are the same\n',
    });
  });

  test('runs the drivers that were given for it', async () => {
    const given = folder.path('given.jsonl');
    const flags = ['--pf-miniport', 'hv-vhca', '--vf-miniport', 'hv-vhca', '--save', given];
    await runCommand(['check', scenarioFile('healthy'), ...flags]);
    expect(await trace('replay', given)).toMatchObject({
      code: 0,
      stdout: 'the traces are the same\n',
    });
    expect((await trace('diff', given, healthy)).code).toBe(1);
  });

  test('of another scenario goes another way, with exit code 1', async () => {
    const { code, stdout } = await trace(
      'replay',
      healthy,
      '--scenario',
      scenarioFile('forgetful'),
    );
    expect(code).toBe(1);
    expect(stdout).toMatch(/^the traces part at event \d+\n/);
  });
});
