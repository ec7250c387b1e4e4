import { describe, expect, test } from 'vitest';
import { canEnter } from '#shared/state-table.ts';
import { defectsOf } from '#test/support/state-tables.ts';

const TABLE = {
  open: { what: 'it is open', to: { shut: 'somebody shuts it' } },
  shut: { what: 'it is shut', to: {} },
} as const;

describe('a table of states', () => {
  test('lets through what it lists, and nothing else', () => {
    expect(canEnter(TABLE, 'open', 'shut')).toBe(true);
    expect(canEnter(TABLE, 'open', 'open')).toBe(false);
    expect(canEnter(TABLE, 'shut', 'open')).toBe(false);
  });

  test('lets nothing through by a name that every object has', () => {
    const table: Record<string, (typeof TABLE)['open'] | (typeof TABLE)['shut']> = TABLE;
    expect(canEnter(table, 'open', 'toString')).toBe(false);
    expect(canEnter(table, 'nothing', 'open')).toBe(false);
  });

  test.each([
    [
      'a target that is none',
      { a: { what: 'x', to: { b: 'y' } } },
      'a leads to b, which is no state',
    ],
    [
      'a state that nothing leads to',
      { a: { what: 'x', to: {} }, b: { what: 'x', to: {} } },
      'b is never entered',
    ],
    [
      'a cause that is not said',
      { a: { what: 'x', to: { b: '' } }, b: { what: 'x', to: {} } },
      'a becomes b for no cause',
    ],
    ['a state that is not explained', { a: { what: '', to: {} } }, 'a is not explained'],
    [
      'a circle',
      { a: { what: 'x', to: { b: 'y' } }, b: { what: 'x', to: { a: 'y' } } },
      'a never ends',
    ],
  ])('with %s is found out by the tests of tables', (_defect, table, found) => {
    expect(defectsOf(table, 'a')).toContain(found);
  });
});
