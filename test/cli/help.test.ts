import type { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { newProgram } from '#cli/main.ts';
import { columnsOf } from '#shared/text/printable.ts';

const COLUMNS = 80;

/** Every command below one, with all its names. */
function commandsOf(command: Command, above = ''): readonly (readonly [string, Command])[] {
  const name = `${above}${command.name()}`;
  const children = command.commands.flatMap((child) => commandsOf(child, `${name} `));
  return [[name, command], ...children];
}

/** What `--help` prints on a terminal of 80 columns. */
function helpOf(command: Command): string {
  let text = '';
  command.configureOutput({
    getOutHelpWidth: () => COLUMNS,
    writeOut: (written) => {
      text += written;
    },
  });
  command.outputHelp();
  return text;
}

const commands = commandsOf(await newProgram());

describe('the help of every command', () => {
  test('is that of every command', () => {
    const names = commands.map(([name]) => name);
    for (const name of ['start', 'vf list', 'block read', 'trace show', 'museum run', 'bench']) {
      expect(names).toContain(`backchannel ${name}`);
    }
  });

  test.each(commands)('%s --help fits into 80 columns', (_name, command) => {
    const text = helpOf(command);
    expect(text).toMatch(/^Usage: backchannel/);
    expect(text.split('\n').filter((line) => columnsOf(line) > COLUMNS)).toEqual([]);
  });
});
