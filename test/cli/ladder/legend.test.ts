import { describe, expect, test } from 'vitest';
import { ASCII_GLYPHS } from '#cli/ladder/glyphs.ts';
import { guestsOf } from '#cli/ladder/guests-of.ts';
import { legend } from '#cli/ladder/legend.ts';
import { paintNothing } from '#cli/ladder/styles.ts';
import type { GuestProfile } from '#guest/guest-profile.ts';
import { columnsOf } from '#shared/text/printable.ts';
import type { HopName } from '#shared/trace/hops.ts';

const WINDOWS = 'guest OS       VF = VF miniport, NDIS = guest NDIS, VPCI = VPCI driver';
const LINUX = 'Linux guest    VF = VF driver, NDIS = NDIS of a VF miniport, VPCI = pci-hyperv';

describe('the legend of a ladder', () => {
  test.each<[readonly GuestProfile[], readonly string[]]>([
    [['windows'], [WINDOWS]],
    [['linux'], [LINUX]],
    [
      ['windows', 'linux'],
      [WINDOWS, LINUX],
    ],
  ])('names the actors of %j, in 80 columns', (guests, expected) => {
    const lines = legend(guests, ASCII_GLYPHS, paintNothing);
    expect(lines.slice(0, -2)).toEqual(expected);
    expect(lines.at(-2)).toMatch(/^management OS {2}STACK = /);
    expect(Math.max(...lines.map(columnsOf))).toBeLessThanOrEqual(80);
  });
});

describe('the guests of a trace', () => {
  function guests(...hops: readonly (readonly [device: string, HopName])[]) {
    const events = hops.map(([device, hop], index) => ({
      seq: index + 1,
      at: 0,
      hop,
      name: 'x',
      device,
    }));
    return guestsOf(events);
  }

  test('are of Windows where none has a hop of Linux', () => {
    expect(guests()).toEqual(['windows']);
    expect(guests(['g1/0', 'ndisMReadConfigBlock'], ['g1/0', 'guestPacketSent'])).toEqual([
      'windows',
    ]);
  });

  test('are of Linux where each has one', () => {
    expect(guests(['g1/0', 'guestPacketSent'], ['g1/0', 'linuxProbe'])).toEqual(['linux']);
  });

  test('are of both where one of several has one', () => {
    expect(guests(['g1/0', 'ioCallDriver'], ['g2/0', 'blockInvalidate'])).toEqual([
      'windows',
      'linux',
    ]);
  });
});
