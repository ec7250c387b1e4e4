import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { until } from '#test/kit/world/turn.ts';
import { scenarioFile, TemporaryFolder } from '../testing/files.ts';
import { CommandRun, runCommand } from './command-run.ts';

// Hundreds of runs, which take their time on a machine that is busy.
vi.setConfig({ testTimeout: 60_000 });

let folder: TemporaryFolder;
beforeAll(() => {
  folder = new TemporaryFolder();
});
afterAll(() => folder.remove());

/** The arguments of the line that a command says repeats what it found. */
function repeated(stdout: string): readonly string[] {
  const line = /^ *repeat: backchannel (.*)$/m.exec(stdout)?.[1];
  if (line === undefined) throw new Error(`no line repeats it:\n${stdout}`);
  return line.split(' ');
}

describe.each(['sweep', 'explore'])('%s', (command) => {
  test.each([
    ['missing', [], /there is no such file/],
    ['no', [], /exports no scenario/],
    ['lost-driver', [], /nowhere-vf\.ts: there is no such file/],
    ['healthy', ['--pf-miniport', 'nothing'], /PF miniport nothing: there is no such file/],
    ['healthy', ['--seed'], /unknown option/],
  ])('%s %j is used wrongly', async (name, flags, message) => {
    const result = await runCommand([command, scenarioFile(name), ...flags]);
    expect([result.code, result.stdout]).toEqual([2, '']);
    expect(result.message).toMatch(message);
  });

  test('Ctrl-C ends it with exit code 2, and it says how far it has come', async () => {
    const flags = command === 'explore' ? ['--seeds', '1000000'] : [];
    const run = new CommandRun([command, scenarioFile('healthy'), ...flags], {});
    await until('the first run', () => run.isInterruptible);
    run.interrupt();
    expect(await run.done).toBe(2);
    expect(run.stdout).toMatch(/stopped after \d+ of \d+ (runs|schedules): /);
  });

  test('finds what is wrong, and its line repeats just that', async () => {
    const flags = command === 'explore' ? ['--no-test'] : [];
    const { code, stdout } = await runCommand([command, scenarioFile('forgetful'), ...flags]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^(very )?late: \w+ number \d+ at \w+|^What it takes:\n {2}\w+/m);
    const again = await runCommand(repeated(stdout));
    expect(again.code).toBe(1);
    expect(again.stdout).toMatch(/^I5 +VIOLATED/m);
  });

  test('runs the drivers that are given instead of those of the scenario', async () => {
    const forgetful = scenarioFile('forgetful');
    const flags = command === 'explore' ? ['--seeds', '200', '--no-test'] : [];
    const drivers = ['--pf-miniport', 'hv-vhca', '--vf-miniport', 'hv-vhca'];
    const result = await runCommand([command, forgetful, ...flags, ...drivers]);
    expect([result.code, result.stdout.includes('repeat')]).toEqual([0, false]);
  });
});

describe('sweep', () => {
  test('of a scenario that breaks by itself says so, and runs nothing else', async () => {
    const { code, stdout } = await runCommand(['sweep', scenarioFile('broken')]);
    expect([code, stdout]).toEqual([2, 'Without any fault:\n  the scenario: it broke\n']);
  });

  test('has a table of hops and what travels there, within 80 columns, and exit code 0', async () => {
    const { code, stdout } = await runCommand(['sweep', scenarioFile('healthy')], {}, 80);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^CUT POINT +RUNS {2}HELD {2}UNKNOWN {2}VIOLATED\n/);
    expect(stdout).toMatch(/^guestPacketSent\n {2}\w+ +\d+ +\d+ +0 +0$/m);
    expect(stdout).toMatch(/\n(\d+) runs: \1 held, 0 unknown, 0 violated\n$/);
    expect(Math.max(...stdout.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(80);
  });

  test('--json has every run with its rule, which is a schedule', async () => {
    const { stdout } = await runCommand(['sweep', scenarioFile('forgetful'), '--json']);
    const { baseline, runs, planned } = JSON.parse(stdout);
    expect(baseline).toEqual({ outcome: 'holds', why: [] });
    expect(runs).toHaveLength(planned);
    const [violated] = runs.filter(({ outcome }: { outcome: string }) => outcome === 'violated');
    const schedule = JSON.stringify({ faults: [violated.rule] });
    const again = await runCommand(['check', scenarioFile('forgetful'), '--schedule', schedule]);
    expect(again.code).toBe(1);
  });
});

describe('explore', () => {
  test.each([
    [['--seeds', '0'], /--seeds/],
    [['--first-seed', 'x'], /--first-seed/],
  ])('%j is used wrongly', async (flags, message) => {
    const result = await runCommand(['explore', scenarioFile('healthy'), ...flags]);
    expect(result.code).toBe(2);
    expect(result.message).toMatch(message);
  });

  test('that finds nothing has exit code 0, and writes no test', async () => {
    const test = folder.path('none.test.ts');
    const args = ['explore', scenarioFile('healthy'), '--seeds', '5', '--test', test];
    const { code, stdout } = await runCommand(args);
    expect([code, stdout]).toEqual([0, '5 schedules: no rule was broken, 0 unknown\n']);
    expect(() => folder.read('none.test.ts')).toThrow('ENOENT');
  });

  test('of what goes wrong by itself says so, with the exit code of that, and tries nothing', async () => {
    const broken = await runCommand(['explore', scenarioFile('broken')]);
    expect([broken.code, broken.stdout]).toEqual([
      2,
      'Without any fault:\n  the scenario: it broke\n',
    ]);
    const mine = folder.path('mine.test.ts');
    const args = ['explore', scenarioFile('never-told'), '--test', mine];
    const violated = await runCommand(args);
    expect(violated.code).toBe(1);
    expect(violated.stdout).toMatch(/^A rule is broken without any fault:\n {2}I5: VF 0 /);
    expect(folder.read('mine.test.ts')).toContain('faults: []');
  });

  test('writes no test over a file that is there', async () => {
    const mine = folder.write('own.test.ts', 'mine');
    const args = ['explore', scenarioFile('forgetful'), '--test', mine];
    const result = await runCommand(args);
    expect([result.code, result.stdout]).toEqual([2, '']);
    expect(result.message).toMatch(
      /own\.test\.ts is there already: name another file, or remove it/,
    );
    expect(folder.read('own.test.ts')).toBe('mine');
  });

  test('writes a test with the fewest faults, and says where it is', async () => {
    const test = folder.path('found.test.ts');
    const args = ['explore', scenarioFile('forgetful'), '--test', test];
    const { stdout } = await runCommand(args);
    expect(stdout).toMatch(/^Seed \d+ breaks a rule, after \d+ schedules?:\n {2}I5: VF 0 /);
    expect(stdout).toContain(`test:   ${test}\n`);
    expect(folder.read('found.test.ts')).toMatch(
      /assertHolds\(await runScenario\(scenario, options\)\)/,
    );
    const verbs = folder.read('found.test.ts').match(/"verb":/g) ?? [];
    expect(verbs.length).toBeLessThanOrEqual(1);
  });

  test('shows what it found also where its test cannot be written', async () => {
    const test = folder.path('no/folder/found.test.ts');
    const run = new CommandRun(['explore', scenarioFile('forgetful'), '--test', test], {});
    expect(await run.done).toBe(1);
    expect(run.progress).toMatch(/found\.test\.ts could not be written: /);
    expect(run.stdout).toMatch(/^repeat: backchannel check /m);
  });

  test('--json has the counterexample, its seed and where the test is', async () => {
    const test = folder.path('json.test.ts');
    const args = ['explore', scenarioFile('forgetful'), '--test', test, '--json'];
    const { code, stdout } = await runCommand(args);
    expect(code).toBe(1);
    const { counterexample, runs, test: written } = JSON.parse(stdout);
    expect(written).toBe(test);
    expect(counterexample).toMatchObject({ seed: runs, outcome: 'violated' });
    expect(counterexample.options.faults.length).toBeLessThanOrEqual(1);
  });
});
