import { describe, expect, test } from 'vitest';
import { missesOf, type Report, ratioOf, resultOf } from '#cli/bench/report.ts';
import { reportText } from '#cli/bench/report-text.ts';
import { ROW_NAMES, ROWS } from '#cli/bench/rows.ts';

const FAST = resultOf('sequential', { subject: [0.11, 0.1, 0.36], baseline: [0.1, 0.1, 0.12] });
const SLOW = resultOf('in-flight', {
  subject: [40_000, 60_000],
  baseline: [100_000, 100_000],
  note: 'on a busy machine',
});

function reportOf(overrides: Partial<Report> = {}): Report {
  const results = [FAST, SLOW];
  return {
    machine: {
      cpu: 'Some Processor',
      cores: 4,
      memoryBytes: 2 ** 34,
      node: 'v20.19.0',
      os: 'Linux 6 x64',
    },
    pinned: { server: 2, client: 3 },
    revision: null,
    startedAt: '2026-01-01T00:00:00.000Z',
    results,
    ratios: results.map(ratioOf),
    ...overrides,
  };
}

describe('missesOf', () => {
  test('names each ratio that misses its first budget, and what was expected', () => {
    expect(missesOf([ratioOf(FAST), ratioOf(SLOW)])).toEqual([
      'in-flight is 0.50, expected at least 0.6',
    ]);
  });

  test('a ratio that misses the later budget alone is no miss', () => {
    const ratio = ratioOf(resultOf('memory', { subject: [25], baseline: [10] }));
    expect([ratio.meetsFirst, ratio.meetsLater]).toEqual([true, false]);
    expect(missesOf([ratio])).toEqual([]);
  });
});

describe('ratioOf', () => {
  test('is the median of the ratios of each turn, not the ratio of the medians', () => {
    const result = resultOf('sequential', { subject: [10, 30, 20], baseline: [10, 10, 40] });
    expect(ratioOf(result)).toMatchObject({ median: 1, least: 0.5, most: 3 });
  });
});

describe('reportText', () => {
  test('says when the processes were left to the scheduler', () => {
    expect(reportText(reportOf({ pinned: null }))).toContain('left to the scheduler');
  });

  test('shows median, spread, ratio and verdicts of each row, and the notes', () => {
    const lines = reportText(reportOf()).split('\n');
    expect(lines).toContain('Servers were kept on core 2, clients on core 3.');
    expect(lines).toContainEqual(
      expect.stringMatching(
        /^sequential\s+110 µs \(100-360\)\s+100 µs \(100-120\)\s+1\.10\s+<= 1\.3 ok\s+<= 1\.1 \w\w$/,
      ),
    );
    expect(lines).toContainEqual(
      expect.stringMatching(
        /^in-flight\s+50\.0 k\/s \(40\.0-60\.0\)\s+100 k\/s \(100-100\)\s+0\.50\s+>= 0\.6 no\s+>= 1\.3 no$/,
      ),
    );
    expect(lines).toContain('in-flight: on a busy machine');
  });

  test('fits into 80 columns, whatever is likely to be measured', () => {
    const likely = {
      ms: [0.123, 0.0456, 1.234],
      'reads/s': [123_456, 45_678, 234_567],
      bytes: [12_345, 9_876, 123_456],
    };
    const results = ROW_NAMES.map((row) => {
      const rounds = likely[ROWS[row].unit];
      return resultOf(row, { subject: rounds, baseline: rounds });
    });
    const text = reportText(reportOf({ results, ratios: results.map(ratioOf) }));
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  });
});
