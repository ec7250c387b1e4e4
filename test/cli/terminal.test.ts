import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { printCompletion } from '#cli/commands/completion.ts';
import { LiveLadder } from '#cli/processes/live-ladder.ts';
import { describeLogLine } from '#cli/processes/log-line.ts';
import { NDIS_STATUS } from '#shared/ndis/ndis-status.ts';
import { ManualClock } from '#test/kit/world/manual-clock.ts';
import { CommandRun, runCommand } from './commands/command-run.ts';
import { scenarioFile, TemporaryFolder } from './testing/files.ts';

vi.setConfig({ testTimeout: 60_000 });

/** Clears a terminal, in the form of seven and of eight bits, turns text around, and ends the line. */
const EVIL = '\u001b[2J\u009b2J\u202e\nhost: all is well';

/** What a terminal would obey or misread; line ends stand between the lines of a command. */
const OBEYED = /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

/** Expects text that says what was in it, and holds nothing that a terminal obeys. */
function expectHarmless(text: string): void {
  expect(text).not.toMatch(OBEYED);
  expect(text).not.toMatch(/^host: all is well/m);
  expect(text).toContain('2J');
}

/** What makes the driver of the scenario break a rule. */
const LATE = JSON.stringify({
  faults: [{ when: { hop: 'guestPacketSent', name: EVIL }, do: { verb: 'delay', by: '5ms' } }],
});

let folder: TemporaryFolder;
beforeAll(() => {
  folder = new TemporaryFolder();
});
afterAll(() => folder.remove());

/** A trace file whose texts are all evil. */
function traceFile(name: string, device = EVIL): string {
  const base = { at: 1, name: EVIL, device, note: EVIL, pf: EVIL };
  const events = [
    { ...base, seq: 1, hop: 'guestPacketSent', transactionId: 1 },
    { ...base, seq: 2, hop: 'hostPacketReceived', transactionId: 1, cause: 1 },
    { ...base, seq: 3, hop: 'pfContractViolated' },
    { ...base, seq: 4, hop: 'pfMiniportOidRequest', vfId: 0 },
    { ...base, seq: 5, hop: 'pfMiniportHaltEx' },
  ];
  const evil = { scenario: EVIL, leftovers: [EVIL] };
  const header = { format: 1, version: '0', options: {}, hash: '', ...evil };
  const lines = [{ header }, ...events.map((event) => ({ event }))];
  return folder.write(name, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
}

describe('what a trace file says reaches a terminal as harmless text', () => {
  test.each(['ladder', 'lines', 'json', 'mermaid'])(
    'with trace show --format %s',
    async (format) => {
      const { stdout } = await runCommand([
        'trace',
        'show',
        traceFile('evil.jsonl'),
        '--format',
        format,
      ]);
      expectHarmless(stdout);
    },
  );

  test.each([[], ['--json']])('with trace diff %s', async (...flags) => {
    const other = traceFile('other.jsonl', `${EVIL}2`);
    const { stdout } = await runCommand([
      'trace',
      'diff',
      traceFile('evil.jsonl'),
      other,
      ...flags,
    ]);
    expectHarmless(stdout);
  });

  test.each([[], ['--json']])('with trace check %s', async (...flags) => {
    const { stdout } = await runCommand(['trace', 'check', traceFile('evil.jsonl'), ...flags]);
    expectHarmless(stdout);
  });

  test('with a time that no calendar has', async () => {
    const text = folder.read('evil.jsonl').replaceAll('"at":1,', '"at":1e300,');
    const file = folder.write('time.jsonl', text);
    const { code, message } = await runCommand(['trace', 'show', file, '--format', 'lines']);
    expect([code, message]).toEqual([2, expect.stringMatching(/time\.jsonl: line 2: /)]);
  });
});

describe('what a scenario and its drivers say reaches a terminal as harmless text', () => {
  test.each([
    ['check', ['--schedule', LATE]],
    ['sweep', []],
    ['explore', ['--no-test', '--seeds', '200']],
  ])('with %s', async (command, flags) => {
    const { stdout } = await runCommand([command, scenarioFile('escaping'), ...flags]);
    expectHarmless(stdout);
  });

  test('with explore, that cannot write its test', async () => {
    const file = `nowhere/${EVIL}.ts`;
    const run = new CommandRun(['explore', scenarioFile('escaping'), '--test', file], {});
    await run.done;
    expectHarmless(run.progress);
  });
});

describe('what a process says reaches a terminal as harmless text', () => {
  test('in the message and in the fields of its log, and in its name', () => {
    const line = { level: 50, msg: EVIL, reason: EVIL, [`x${EVIL}`]: { deep: EVIL } };
    const stack = `Error: ${EVIL}\n    at readBlock (/tmp/\u001b[2J/my-pf.ts:12:5)`;
    const text = describeLogLine(`g1${EVIL}`, { ...line, stack }, 400);
    expectHarmless(text);
    expect(text.split('\n')).toHaveLength(2);
  });

  test('on lines that are no log', async () => {
    const clock = new ManualClock();
    let written = '';
    const ladder = new LiveLadder({ write: (text) => (written += text) }, clock, 'windows');
    ladder.print('g1', EVIL);
    await clock.advance(1_000);
    expectHarmless(written);
    expect(written.split('\n')).toHaveLength(2);
  });
});

test('the status that a host answers with reaches a terminal as harmless text', async () => {
  let stdout = '';
  const write = (text: string, done: (error?: Error | null) => void): boolean => {
    stdout += text;
    done();
    return true;
  };
  const io = { stdout: { write, on: () => {}, listeners: () => [] } };
  const answer = { status: NDIS_STATUS.NDIS_STATUS_SUCCESS, statusName: EVIL };
  await printCompletion(io as never, {}, 'VF 1: OID_SRIOV_RESET_VF', answer);
  expectHarmless(stdout);
});

test('what a command fails with reaches a terminal as harmless text', () => {
  const command = fileURLToPath(new URL('../../cli/backchannel.mjs', import.meta.url));
  const args = [command, 'trace', 'show', EVIL];
  const { stderr, status } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  expect(status).toBe(2);
  expect(stderr).toMatch(/^backchannel: /);
  expectHarmless(stderr.replaceAll('\nhost: ', '\n      '));
});
