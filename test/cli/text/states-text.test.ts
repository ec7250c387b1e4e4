import { describe, expect, test } from 'vitest';
import { LIFECYCLES, SIDES } from '#cli/states/lifecycles.ts';
import { statesText } from '#cli/text/states-text.ts';

const DOOR = {
  title: 'A door',
  about: 'It is in the wall.',
  table: {
    open: { what: 'one can go through', to: { shut: 'somebody shuts it, or the wind does so' } },
    shut: { what: 'nobody goes through', to: {} },
  },
};

describe('the states of a life as text', () => {
  test('are each explained, with what leads where below', () => {
    expect(statesText(DOOR, 80)).toBe(
      `A door

open      one can go through
  → shut  somebody shuts it, or the wind does so

shut      nobody goes through
`,
    );
  });

  test('go on in the next line at a space where the terminal ends', () => {
    expect(statesText(DOOR, 34)).toContain(
      '\n  → shut  somebody shuts it, or\n          the wind does so\n',
    );
  });

  test('are told on a terminal that is narrower than their names', () => {
    expect(statesText(DOOR, 5)).toContain('one can go through\n');
  });

  test.each(SIDES.flatMap((side) => [80, 120].map((columns) => [side, columns] as const)))(
    'of a VF, on the side of the %s, keep within %i columns',
    (side, columns) => {
      const { table } = LIFECYCLES[side];
      const lines = statesText(LIFECYCLES[side], columns).split('\n');
      expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(columns);
      const names = lines.flatMap((line) => line.match(/^[a-z]+(?= {2})/) ?? []);
      expect(names).toEqual(Object.keys(table));
    },
  );
});
