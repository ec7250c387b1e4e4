import { describe, expect, test } from 'vitest';
import { renderFields, renderTable } from '#cli/text/table.ts';

describe('renderTable', () => {
  test('what a guest wrote cannot reach the terminal', () => {
    const text = renderTable([{ head: 'DEVICE' }], [['g1\u001b[2J\n/0']]);
    expect(text).toBe('DEVICE\ng1?[2J?/0\n');
  });

  test('columns are parted by two spaces, and no line ends with one', () => {
    const columns = [{ head: 'VF', align: 'right' }, { head: 'STATE' }, { head: 'X' }] as const;
    expect(
      renderTable(columns, [
        ['12', 'running', ''],
        ['3', 'halted', 'y'],
      ]),
    ).toBe('VF  STATE    X\n12  running\n 3  halted   y\n');
  });
});

describe('renderFields', () => {
  test('values are aligned', () => {
    expect(
      renderFields([
        ['VFId', '1'],
        ['pending mask', 'none'],
        ['', 'more'],
      ]),
    ).toBe('VFId          1\npending mask  none\n              more\n');
  });
});
