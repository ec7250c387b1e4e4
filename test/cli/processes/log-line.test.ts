import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { describeLogLine } from '#cli/processes/log-line.ts';

const LINE = { level: 30, time: 1, pid: 7, msg: 'configuration applied', mtu: 1500, mac: '02:15' };

describe('a log line beside the ladder', () => {
  test('has the message and its fields, and not what only machines want', () => {
    expect(describeLogLine('g1', LINE, 80)).toBe(
      '· g1:  configuration applied  mtu 1500  mac 02:15',
    );
  });

  test('says when it is a warning or an error', () => {
    expect(describeLogLine('host', { level: 40, msg: 'refused' }, 80)).toBe(
      '· host:  warning: refused',
    );
    expect(describeLogLine('host', { level: 50, msg: 'failed' }, 80)).toBe(
      '· host:  error: failed',
    );
  });

  test.each<[number, string]>([
    [40, ''],
    [50, '\n    at my-pf.ts:12:5'],
  ])('of level %i with a stack ends with "%s"', (level, ending) => {
    const stack = `Error: broken\n    at readBlock (${join(process.cwd(), 'my-pf.ts')}:12:5)`;
    const line = describeLogLine('host', { level, msg: 'threw', stack }, 80);
    expect(line.slice(line.indexOf('threw') + 'threw'.length)).toBe(ending);
  });

  test('goes on in a further line between two fields where it is too wide', () => {
    expect(describeLogLine('g1', LINE, 40)).toBe(
      '· g1:  configuration applied  mtu 1500\n    mac 02:15',
    );
  });
});
