import { describe, expect, test } from 'vitest';
import { pfDetailText, pfListText } from '#cli/text/pf-text.ts';
import { columnsOf } from '#shared/text/printable.ts';

const PF = { name: 'net', driver: null, numVfs: 64, allocatedVfs: 0 };
const UNKNOWN = { luid: null, hardwareCapabilities: null, currentCapabilities: null };

describe('pfListText', () => {
  test('the widest values fit 80 columns', () => {
    const wide = { name: 'x'.repeat(63), driver: 'y'.repeat(200), numVfs: 65_534 };
    const text = pfListText({ pfs: [{ ...wide, allocatedVfs: 65_534 }] });
    expect(Math.max(...text.split('\n').map(columnsOf))).toBeLessThanOrEqual(80);
    expect(text).toContain('x… ');
  });

  test('a driver that nobody has named is said to be none', () => {
    expect(pfListText({ pfs: [PF] })).toMatch(/^net {2}unnamed +0 +64$/m);
  });
});

describe('pfDetailText', () => {
  test('a PF of which NDIS tells nothing has its name and NumVFs', () => {
    expect(pfDetailText({ ...PF, ...UNKNOWN, switches: [], vfs: [] })).toBe(
      [
        'PF                     net',
        'driver                 unnamed',
        'LUID                   none',
        'hardware capabilities  none',
        'current capabilities   none',
        'NumVFs                 64',
        'allocated VFs          none',
        '',
      ].join('\n'),
    );
  });

  test('capabilities have their documented names, and bits that have none are left out', () => {
    const text = pfDetailText({
      ...PF,
      ...UNKNOWN,
      hardwareCapabilities: 0x8000_0003,
      currentCapabilities: 0x8000_0000,
      switches: [],
      vfs: [],
    });
    expect(text).toContain(
      'hardware capabilities  NDIS_SRIOV_CAPS_SRIOV_SUPPORTED | NDIS_SRIOV_CAPS_PF_MINIPORT\n',
    );
    expect(text).toMatch(/^current capabilities +none$/m);
  });
});
