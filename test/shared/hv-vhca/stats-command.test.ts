import { describe, expect, test } from 'vitest';
import { periodOfCommand, STATS_COMMAND, statsCommandName } from '#shared/hv-vhca/stats-command.ts';

describe('a command of the statistics', () => {
  test('0 stops and 65535 asks once, and neither has a period [vhca.commands]', () => {
    expect(STATS_COMMAND).toEqual({ stop: 0, once: 65_535 });
    expect(periodOfCommand(0)).toBeUndefined();
    expect(periodOfCommand(65_535)).toBeUndefined();
  });

  test.each([
    [1, 100],
    [10, 1_000],
    [65_534, 6_553_400],
  ])('%d has a period of %d ms', (command, period) => {
    expect(periodOfCommand(command)).toBe(period);
  });

  test.each([
    [0, 'stop'],
    [10, 'every 1000 ms'],
    [65_535, 'once'],
  ])('%d is called %s', (command, name) => {
    expect(statsCommandName(command)).toBe(name);
  });
});
