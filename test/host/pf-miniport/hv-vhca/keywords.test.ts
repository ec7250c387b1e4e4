import { describe, expect, test } from 'vitest';
import { readKeywords } from '#host/pf-miniport/hv-vhca/keywords.ts';

const statsCommand = (found: string) => readKeywords(new Map([['StatsCommand', found]]));

describe('the keywords of the hv_vhca PF', () => {
  test.each(['', '0', '65535', '65536', '100000', '-1', '1.5', 'Stop', 'every', '10 '])(
    'StatsCommand: %j is not valid',
    (found) => {
      const expected = 'stop, once, or 1 to 65534 units of 100 ms';
      expect(statsCommand(found)).toEqual({ keyword: 'StatsCommand', found, expected });
    },
  );

  test('a report every second is what the PF commands without them', () => {
    expect(readKeywords(new Map())).toEqual({ statsCommand: 10 });
  });

  test.each([
    ['stop', 0],
    ['once', 65_535],
    ['1', 1],
    ['65534', 65_534],
  ])('StatsCommand: %s is command %d', (found, command) => {
    expect(statsCommand(found)).toEqual({ statsCommand: command });
  });
});
