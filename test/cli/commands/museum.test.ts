import { describe, expect, test, vi } from 'vitest';
import { EXIT } from '#cli/failure.ts';
import { EXHIBITS } from '#test/museum/index.ts';
import { NOT_SHOWN } from '#test/museum/not-shown.ts';
import { CommandRun } from './command-run.ts';

// The list loads every exhibit, on a machine that is busy.
vi.setConfig({ testTimeout: 30_000 });

/** Lines that do not fit a terminal of 80 columns, but for addresses. */
function tooLong(text: string): readonly string[] {
  return text.split('\n').filter((line) => line.length > 80 && !URL.canParse(line));
}

describe('museum', () => {
  test('refuses a bug that it does not have, and names those that it has', async () => {
    const command = new CommandRun(['museum', 'run', 'S99'], {});
    expect(await command.done).toBe(EXIT.usage);
    expect(command.message).toMatch(/no bug S99; there are .*S10/);
  });

  test('says of a bug that it does not show what the kit lacks for it, and knows one by both of its ids', async () => {
    const command = new CommandRun(['museum', 'run', 's33'], {});
    expect(await command.done).toBe(EXIT.usage);
    expect(command.message).toMatch(/S33 is not shown \(.*\): memory that is not initialised/);
    const same = new CommandRun(['museum', 'run', 'l1', '--json'], {});
    expect(await same.done).toBe(EXIT.ok);
    expect(JSON.parse(same.stdout)).toMatchObject([{ id: 'S04' }]);
  });

  test('lists every bug, and what it does not show, in 80 columns', async () => {
    const command = new CommandRun(['museum', 'list'], {});
    expect(await command.done).toBe(EXIT.ok);
    const ids = [...Object.keys(EXHIBITS), ...NOT_SHOWN.map(({ id }) => id)];
    expect(ids.filter((id) => !command.stdout.includes(`\n${id} `))).toEqual([]);
    expect(tooLong(command.stdout)).toEqual([]);
  });

  test('tells a bug as a story in 80 columns, and what told it from its repair', async () => {
    const command = new CommandRun(['museum', 'run', 's10'], {});
    expect(await command.done).toBe(EXIT.ok);
    expect(command.stdout).toMatch(/^# S10: .*\nS10 .*told apart\s+by I5\n {2}with the bug: VF 0/s);
    expect(command.stdout).toMatch(
      /\n {2}without it: every rule holds\n {2}I5: .*\n {4}\S*background-reader\.ts:\d+\n$/s,
    );
    expect(tooLong(command.stdout)).toEqual([]);
  });

  test('gives the verdicts of both runs as JSON', async () => {
    const command = new CommandRun(['museum', 'run', 'S10', '--json'], {});
    expect(await command.done).toBe(EXIT.ok);
    expect(JSON.parse(command.stdout)).toMatchObject([
      {
        id: 'S10',
        isToldApart: true,
        problems: [],
        where: expect.stringMatching(/background-reader\.ts:\d+$/),
      },
    ]);
  });
});
