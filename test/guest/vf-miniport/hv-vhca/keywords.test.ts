import { describe, expect, test } from 'vitest';
import { readKeywords } from '#guest/vf-miniport/hv-vhca/keywords.ts';

const rings = (found: string) => readKeywords(new Map([['Rings', found]]));

describe('the keywords of the hv_vhca VF', () => {
  test.each(['', '-1', '1.5', '257', '0x2', '2 ', '1000'])('Rings: %j is not valid', (found) => {
    expect(rings(found)).toEqual({ keyword: 'Rings', found, expected: '0 to 256' });
  });

  test('two rings are what the VF has without them', () => {
    expect(readKeywords(new Map())).toEqual({ rings: 2 });
  });

  test('Rings may be at the ends of its range', () => {
    expect(rings('0')).toEqual({ rings: 0 });
    expect(rings('256')).toEqual({ rings: 256 });
  });
});
