import { describe, expect, test } from 'vitest';
import { readKeywords } from '#guest/vf-miniport/reference/keywords.ts';

describe('the keywords of the reference VF', () => {
  test.each([
    ['StatisticsIntervalMs', ''],
    ['StatisticsIntervalMs', '1'],
    ['StatisticsIntervalMs', '99'],
    ['StatisticsIntervalMs', '1e3'],
    ['StatisticsIntervalMs', '2147483648'],
    ['StatisticsIntervalMs', '10s'],
    ['RequestMacAddress', ''],
    ['RequestMacAddress', '02:15:5d:00:00'],
    ['RequestMtu', ''],
    ['RequestMtu', '1500.5'],
    ['RequestMtu', '4294967296'],
  ])('%s: %j is not valid', (keyword, found) => {
    expect(readKeywords(new Map([[keyword, found]]))).toMatchObject({ keyword, found });
  });

  test('are what the VF does without them', () => {
    expect(readKeywords(new Map())).toEqual({
      statisticsInterval: 10_000,
      requestMacAddress: undefined,
      requestMtu: undefined,
    });
  });

  test('may be at the end of their ranges', () => {
    const interval = (text: string) => readKeywords(new Map([['StatisticsIntervalMs', text]]));
    expect(interval('0')).toMatchObject({ statisticsInterval: 0 });
    expect(interval('100')).toMatchObject({ statisticsInterval: 100 });
    expect(interval('2147483647')).toMatchObject({ statisticsInterval: 2_147_483_647 });
    expect(readKeywords(new Map([['RequestMtu', '4294967295']]))).toMatchObject({
      requestMtu: 0xffff_ffff,
    });
  });

  test('may have an address in any spelling', () => {
    expect(readKeywords(new Map([['RequestMacAddress', '02-15-5D-00-0A-01']]))).toMatchObject({
      requestMacAddress: '02:15:5d:00:0a:01',
    });
  });
});
