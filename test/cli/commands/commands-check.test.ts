import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { scenarioFile, TemporaryFolder } from '../testing/files.ts';
import { runCommand } from './command-run.ts';

const LATE = JSON.stringify({
  faults: [
    {
      when: { hop: 'guestPacketSent', name: 'READ_BLOCK', nth: 2 },
      do: { verb: 'delay', by: '5ms' },
    },
  ],
});

let folder: TemporaryFolder;
beforeAll(() => {
  folder = new TemporaryFolder();
});
afterAll(() => folder.remove());

function check(name: string, ...flags: readonly string[]) {
  return runCommand(['check', scenarioFile(name), ...flags]);
}

describe('check, used wrongly, says what was given and what is expected, with exit code 2:', () => {
  test.each([
    ['missing', [], /missing\.scenario\.ts: there is no such file/],
    ['no', [], /no\.scenario\.ts exports no scenario; expected: export default defineScenario/],
    ['throws', [], /throws\.scenario\.ts could not be loaded: this file throws/],
    [
      'lost-driver',
      [],
      /nowhere-vf\.ts: there is no such file .* the built-in ones are: reference/,
    ],
    ['healthy', ['--vf-miniport', 'nothing'], /VF miniport nothing: there is no such file/],
    ['healthy', ['--schedule', '{'], /^--schedule: /],
    ['healthy', ['--schedule', 'garbage'], /^--schedule: expected what sweep and explore print/],
    ['healthy', ['--schedule', '{"seeds":1}'], /^--schedule: .*seeds/],
    [
      'healthy',
      ['--schedule', '{"latency":"5h"}'],
      /^--schedule: latency: expected a duration: mi/,
    ],
    [
      'healthy',
      ['--schedule', '{"latency":"-4ms"}'],
      /^--schedule: latency: expected a duration: /,
    ],
    ['healthy', ['--schedule', '{"latency":"2min"}'], /^latency is 2min; expected 60s at most$/],
    [
      'healthy',
      ['--schedule', '{"faults":[{"when":{},"do":{"verb":"delay","by":"3 weeks"}}]}'],
      /^--schedule: faults\.0\.do\.by: expected a duration: milliseconds, or a number with us, ms/,
    ],
    [
      'healthy',
      ['--schedule', '{"faults":[{"when":{"hop":"nowhere"},"do":{"verb":"cut"}}]}'],
      /^--schedule: faults\.0\.when\.hop: /,
    ],
    [
      'healthy',
      ['--schedule', '{"faults":[{"when":{"hop":"channelClosed"},"do":{"verb":"drop"}}]}'],
      /^--schedule: drop is not possible at channelClosed, but at guestPacketSent/,
    ],
  ])('%s %j', async (name, flags, message) => {
    const result = await check(name, ...flags);
    expect([result.code, result.stdout]).toEqual([2, '']);
    expect(result.message).toMatch(message);
  });
});

describe('check', () => {
  test('says of a trace that cannot be kept where it was to be', async () => {
    const result = await check('healthy', '--save', folder.path('no/folder/run.jsonl'));
    expect([result.code, result.stdout]).toEqual([2, '']);
    expect(result.message).toMatch(/^--save: .*run\.jsonl could not be written: /);
  });

  test('tells which rule was violated, and why, with exit code 1', async () => {
    const { code, stdout } = await check('forgetful', '--schedule', LATE);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^I5 {3}VIOLATED {2}A read that starts after a mask was delivered /m);
    expect(stdout).toMatch(
      /^ {2}VF 0 \(g1\/0\) kept version 2 of block 1, read at event \d+; the PF/m,
    );
    expect(stdout).toMatch(/\nviolated: \d+ events, trace [0-9a-f]{16}\n$/);
  });

  test('tells why a scenario did not come to its end, with exit code 2 for one that threw', async () => {
    const { code, stdout } = await check('broken');
    expect(code).toBe(2);
    expect(stdout).toMatch(
      /^The scenario did not come to its end, since it threw: it broke\n\nbroken: \d+ events/m,
    );
    expect(stdout.match(/^I\d+ +holds /gm)).toHaveLength(10);
  });

  test('cannot tell anything of a fault that met no event, with exit code 2', async () => {
    const nowhere = '{"faults":[{"when":{"name":"NO_SUCH"},"do":{"verb":"cut"}}]}';
    const { code, stdout } = await check('healthy', '--schedule', nowhere);
    expect(code).toBe(2);
    expect(stdout).toMatch(/^No event met the fault "cut: every NO_SUCH"\.\n\nunknown: /m);
  });

  test('has every rule hold in a run that nothing befalls, with exit code 0', async () => {
    const { code, stdout } = await check('forgetful');
    expect(code).toBe(0);
    expect(stdout.match(/^I\d+ +holds /gm)).toHaveLength(10);
  });

  test('--json has verdicts, sentences, faults and hash', async () => {
    const { code, stdout } = await check('forgetful', '--schedule', LATE, '--json');
    expect(code).toBe(1);
    const result = JSON.parse(stdout);
    expect(result).toMatchObject({
      outcome: 'violated',
      unfired: [],
      leftovers: [],
      faults: [{ rule: 0, fault: { verb: 'delay', by: '5ms' } }],
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
      events: expect.any(Number),
    });
    expect(result.why).toEqual([expect.stringMatching(/^I5: VF 0 /)]);
    expect(result.verdicts).toHaveLength(10);
  });

  test.each([80, 120])('no line is wider than a terminal of %i columns', async (columns) => {
    const { stdout } = await runCommand(
      ['check', scenarioFile('forgetful'), '--schedule', LATE],
      {},
      columns,
    );
    const widest = Math.max(...stdout.split('\n').map(({ length }) => length));
    expect(widest).toBeLessThanOrEqual(columns);
    expect(widest).toBeGreaterThan(columns - 25);
  });
});

describe('check between processes', { timeout: 60_000 }, () => {
  test('has every rule hold where the simulated world has, and both agree, with exit code 0', async () => {
    const { code, stdout } = await check('healthy', '--world', 'both');
    expect(code, stdout).toBe(0);
    expect(stdout).toMatch(/^In a simulated world:\nI1 {3}holds/);
    expect(stdout).toMatch(/\n\nBetween processes:\nI1 {3}holds/);
    expect(stdout).toMatch(/\nholds: the worlds agree\n$/);
  });

  test('--json has both runs, and where they differ', async () => {
    const { code, stdout } = await check('healthy', '--world', 'both', '--json');
    expect(code, stdout).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      simulated: { outcome: 'holds', events: expect.any(Number) },
      processes: { outcome: 'holds', events: expect.any(Number) },
      differences: [],
      leftToRealTime: [],
      outcome: 'holds',
    });
  });

  test('tells where the worlds differ, with both chains and exit code 1', async () => {
    const { code, stdout } = await check('hurried', '--world', 'both');
    expect(code, stdout).toBe(1);
    expect(stdout).toMatch(
      /\n\nThey differ:\nin-no-time holds in the simulated world, is violated between processes\n/,
    );
    expect(stdout).toMatch(/\n {2}between processes:\n {4}VF miniport -> guest NDIS: NdisMRead/);
    expect(stdout).toMatch(/\nviolated: the worlds differ\n$/);
  });

  test('leaves to real time what the scenario does, with exit code 0', async () => {
    const { code, stdout } = await check('patient', '--world', 'both');
    expect(code, stdout).toBe(0);
    expect(stdout).toMatch(
      /\n\nThey may differ:\nleft to real time, since a channel takes time: in-no-time holds/,
    );
    expect(stdout).toMatch(/\nholds: the worlds agree\n$/);
    expect((await check('patient', '--world', 'processes')).code).toBe(1);
  });

  test('keeps a trace that is held to the rules again, and refuses to replay it', async () => {
    const saved = folder.path('processes.jsonl');
    const { code } = await check('healthy', '--world', 'processes', '--save', saved);
    expect(code).toBe(0);
    expect((await runCommand(['trace', 'check', saved])).code).toBe(0);
    const replay = await runCommand(['trace', 'replay', saved]);
    expect([replay.code, replay.stdout]).toEqual([2, '']);
    expect(replay.message).toMatch(/is a run between processes, which never goes the same way/);
  });

  test.each([
    ['healthy', ['--world', 'nowhere'], /--world <world>.*simulated, processes, both/],
    ['healthy', ['--world', 'both', '--save', 'x.jsonl'], /^--save keeps one run: give --world/],
    [
      'healthy',
      ['--world', 'processes', '--schedule', '{"faults":[{"when":{"nth":1},"do":{"verb":"cut"}}]}'],
      /^--schedule: cut: event number 1: between processes, nth needs a hop/,
    ],
  ])('is used wrongly: %s %j', async (name, flags, message) => {
    const result = await check(name, ...flags);
    expect([result.code, result.stdout]).toEqual([2, '']);
    expect(result.message).toMatch(message);
  });
});
