import { Command, CommanderError } from 'commander';
import { describe, expect, test } from 'vitest';
import { ratioOf, resultOf } from '#cli/bench/report.ts';
import { ROW_NAMES } from '#cli/bench/rows.ts';
import { registerBench, throwMisses } from '#cli/commands/bench.ts';
import { CommandFailure } from '#cli/failure.ts';

/** Parses a use of the command that ends before anything is measured; returns what it says. */
async function said(...args: readonly string[]): Promise<string> {
  let text = '';
  const write = (part: string): void => {
    text += part;
  };
  const program = new Command('backchannel');
  registerBench(program);
  for (const command of [program, ...program.commands]) {
    command.exitOverride().configureOutput({ writeOut: write, writeErr: write });
  }
  const parsing = program.parseAsync(['node', 'backchannel', 'bench', ...args]);
  await expect(parsing).rejects.toBeInstanceOf(CommanderError);
  return text;
}

describe('bench', () => {
  test.each([
    [
      ['--only', 'speed'],
      `argument 'speed' is invalid. Allowed choices are ${ROW_NAMES.join(', ')}`,
    ],
    [['--only'], "option '--only <row>' argument missing"],
    [['--fast'], "unknown option '--fast'"],
    [['memory'], 'too many arguments'],
  ])('%j is used wrongly', async (args, message) => {
    expect(await said(...args)).toContain(message);
  });

  test('its help names every row, and gives an example', async () => {
    const help = await said('--help');
    for (const name of ROW_NAMES) expect(help).toContain(`\n  ${name} `);
    expect(help).toContain('backchannel bench --check --json');
  });
});

describe('--check', () => {
  const miss = ratioOf(resultOf('memory', { subject: [40], baseline: [10] }));
  const hit = ratioOf(resultOf('memory', { subject: [30], baseline: [10] }));

  test('fails with every ratio that misses its first budget', () => {
    expect(() => throwMisses({ ratios: [hit, miss] })).toThrow(CommandFailure);
    expect(() => throwMisses({ ratios: [hit, miss] })).toThrow(
      'a budget is missed: memory is 4.00, expected at most 3',
    );
  });

  test('passes when none does', () => {
    expect(() => throwMisses({ ratios: [hit] })).not.toThrow();
  });
});
