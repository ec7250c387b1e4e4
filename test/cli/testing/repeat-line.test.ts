import { describe, expect, test } from 'vitest';
import { repeatLine } from '#cli/testing/repeat-line.ts';
import { parseSchedule, scheduleWord } from '#cli/testing/schedule-text.ts';

const options = {
  seed: 7,
  latency: '5ms',
  faults: [{ when: { hop: 'guestPacketSent', nth: 2 }, do: { verb: 'kill', side: 'host' } }],
} as const;

describe('the line that repeats a run', () => {
  test('names the drivers that stood in for those of the scenario', () => {
    expect(repeatLine('a.scenario.ts', { pfMiniport: './pf.ts', vfMiniport: 'null' }, {})).toBe(
      'backchannel check a.scenario.ts --pf-miniport ./pf.ts --vf-miniport null --schedule e30',
    );
  });

  test('quotes what a shell would take apart', () => {
    expect(repeatLine('my files/a.ts', {}, {})).toBe(
      'backchannel check "my files/a.ts" --schedule e30',
    );
  });

  test('has the schedule as one word, which means what it was made of', () => {
    const word = scheduleWord(options);
    expect(word).toMatch(/^[\w-]+$/);
    expect(parseSchedule(word)).toEqual(options);
    expect(parseSchedule(JSON.stringify(options))).toEqual(options);
  });
});
