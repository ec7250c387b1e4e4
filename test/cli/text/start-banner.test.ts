import { describe, expect, test } from 'vitest';
import { type Started, startBanner } from '#cli/text/start-banner.ts';

const STARTED: Started = {
  host: { pid: 4_194_303 },
  channelUrl: 'ws://127.0.0.1:40400',
  controlUrl: 'http://127.0.0.1:40410',
  guests: [{ side: { pid: 4_194_304 }, name: 'g1', pf: undefined }],
  nicConfig: '.backchannel/nic.json',
};

describe('what stands above the ladder of start', () => {
  test('is at most 80 columns wide, however long the names of PFs are', () => {
    const guests = ['net', 'x'.repeat(63)].map((pf, index) => ({
      side: { pid: 4_194_304 },
      name: `g${index + 1}`,
      pf,
    }));
    const controlUrl = 'http://[2001:db8:85a3:8d3:1319:8a2e:370:7348]:40410';
    const lines = startBanner({ ...STARTED, controlUrl, guests }).split('\n');
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
    expect(lines.slice(3, 6)).toEqual([
      'guest OS       process 4194304, g1 on PF net',
      'guest OS       process 4194304, g2 on PF',
      `               ${'x'.repeat(63)}`,
    ]);
  });

  test('breaks no path, wherever the configuration is', () => {
    const nicConfig = `/${'deep/'.repeat(20)}nic.json`;
    const text = startBanner({ ...STARTED, nicConfig });
    expect(text).toContain(`configuration  ${nicConfig}:\n               save a change,`);
  });

  test('says what runs where, and how to end it', () => {
    expect(startBanner(STARTED)).toBe(
      [
        'management OS  process 4194303',
        '               channel ws://127.0.0.1:40400',
        '               control API http://127.0.0.1:40410',
        'guest OS       process 4194304, g1',
        'configuration  .backchannel/nic.json: save a change, and watch it travel',
        'Ctrl-C ends both.',
        '',
        '',
      ].join('\n'),
    );
  });
});
