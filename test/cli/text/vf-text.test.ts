import { describe, expect, test } from 'vitest';
import { vfDetailText, vfListText } from '#cli/text/vf-text.ts';
import { columnsOf } from '#shared/text/printable.ts';

const VF = {
  pf: 'pf0',
  vfId: 65_535,
  vportId: 65_535,
  device: 'g1/0',
  state: 'releasing',
  generation: 1,
  protocolVersion: '1.6',
  devicePowerState: 'NdisDeviceStateD0',
  pendingMask: '0x0000000000000000',
  outstanding: 64,
  framesSent: 1,
  framesReceived: 2_000,
  bytesSent: 100,
  bytesReceived: 5_000,
  allocatedAt: '2023-11-14T22:13:20.000Z',
  pciFunction: null,
};

const STATISTICS = {
  receivedAt: '2023-11-14T22:13:30.000Z',
  sequence: 12,
  source: 'machine',
  interval: 10_000,
  counters: {
    rxBytes: '18446744073709551615',
    rxPackets: '1234567',
    rxErrors: '0',
    rxDrops: '1',
    txBytes: '2048',
    txPackets: '2',
    txErrors: '3',
    txDrops: '4',
  },
};

/** The lines of the fields under a report, without the ones every VF has. */
function linesOf(details: Record<string, unknown>): string[] {
  const text = vfDetailText({ ...VF, report: { blocks: [], details } });
  return text
    .split('\n')
    .slice(14, -1)
    .map((line) => line.replace(/ {2,}/g, ' | '));
}

describe('vfListText', () => {
  test('the widest values fit 80 columns', () => {
    const device = `${'x'.repeat(63)}/65535`;
    const vf = { ...VF, device, generation: 99_999, pendingMask: '0xffffffffffffffff' };
    const lines = vfListText({ numPfs: 1, numVfs: 65_534, vfs: [vf] }).split('\n');
    expect(Math.max(...lines.map(columnsOf))).toBeLessThanOrEqual(80);
    expect(lines[1]).toContain('xxx…');
    expect(lines.at(-2)).toBe('1 of 65,534 VFs allocated');
  });

  test('VFs of several PFs stand beside their PF, in 80 columns as well', () => {
    const device = `${'x'.repeat(63)}/65535`;
    const wide = { ...VF, device, generation: 99_999, pendingMask: '0xffffffffffffffff' };
    const vfs = [
      { ...wide, pf: 'y'.repeat(63) },
      { ...VF, pf: 'net', vfId: 0 },
    ];
    const lines = vfListText({ numPfs: 2, numVfs: 128, vfs }).split('\n');
    expect(Math.max(...lines.map(columnsOf))).toBeLessThanOrEqual(80);
    expect(lines[0]).toMatch(/^PF +VF {2}DEVICE/);
    expect(lines[1]).toMatch(/^yyyyyyy… {2}65535 {2}xxxxxxxxxxx… /);
    expect(lines[2]).toMatch(/^net +0 {2}g1\/0 /);
  });

  test('a VF stands beside its PF although no other PF has one', () => {
    const lines = vfListText({ numPfs: 2, numVfs: 128, vfs: [{ ...VF, pf: 'net' }] }).split('\n');
    expect(lines[0]).toMatch(/^PF +VF {2}DEVICE/);
    expect(lines[1]).toMatch(/^net +65535 {2}g1\/0 /);
  });

  test('no VF is no table', () => {
    expect(vfListText({ numPfs: 2, numVfs: 1, vfs: [] })).toBe('0 of 1 VF allocated\n');
  });
});

describe('vfDetailText', () => {
  test('a PF that shows nothing leaves the fields that every VF has', () => {
    const vf = {
      ...VF,
      protocolVersion: null,
      pendingMask: '0x8000000000000021',
      vportId: null,
      report: null,
    };
    expect(vfDetailText(vf)).toBe(
      [
        'PF                     pf0',
        'VFId                   65535',
        'VPortId                none',
        'device                 g1/0',
        'state                  releasing',
        'device power state     NdisDeviceStateD0',
        'generation             1',
        'allocated              2023-11-14T22:13:20.000Z',
        'VPCI protocol version  not agreed on yet',
        'pending mask           0x8000000000000021: blocks 0, 5, 63',
        'outstanding            64 requests',
        'received               4.9 KiB in 2,000 frames',
        'sent                   100 B in 1 frame',
        'PCI function           not on the bus of a guest yet',
        '',
      ].join('\n'),
    );
  });

  test('a VF has the ids, the class and the BARs that its guest sees', () => {
    const ids = { vendorId: 0x15b3, deviceId: 0x1016, subVendorId: 0xfffe, subSystemId: 1 };
    const code = { revisionId: 1, baseClass: 2, subClass: 0, progIf: 0 };
    const memory = { space: 'memory', bits: 64, prefetchable: true } as const;
    const bars = [
      { ...memory, index: 0, length: 0x4000, start: '0x0000010000000000' },
      { ...memory, index: 2, bits: 32, prefetchable: false, length: 0x1000, start: null } as const,
      { index: 4, space: 'io', bits: 32, prefetchable: false, length: 32, start: null } as const,
    ];
    const pciFunction = { ...ids, ...code, bars };
    const lines = vfDetailText({ ...VF, pciFunction, report: null }).split('\n');
    expect(lines.slice(13, -1)).toEqual([
      'PCI function           15b3:1016, revision 1, class 020000, subsystem fffe:0001',
      'BAR 0                  16.0 KiB of 64-bit prefetchable memory at 0x0000010000000000',
      'BAR 2                  4.0 KiB of 32-bit memory',
      'BAR 4                  32 B of I/O ports',
    ]);
    const without = vfDetailText({
      ...VF,
      pciFunction: { ...pciFunction, bars: [] },
      report: null,
    });
    expect(without).toContain('BARs                   none\n');
  });

  test.each([
    [
      'a counter is no number',
      { ...STATISTICS, counters: { ...STATISTICS.counters, txDrops: 'x' } },
    ],
    ['a counter is missing', { ...STATISTICS, counters: { rxBytes: '1' } }],
    ['they are another device’s', { packets: 5 }],
  ])('statistics of which %s are details like any other', (_what, statistics) => {
    const lines = linesOf({ statistics });
    expect(lines.join('\n')).toMatch(/^statistics\./m);
    expect(lines.join('\n')).not.toContain('last statistics');
  });

  test('statistics of the reference NIC come last, in units for people', () => {
    expect(linesOf({ statistics: STATISTICS, mtu: 1500 })).toEqual([
      'mtu | 1500',
      'last statistics | report 12 at 2023-11-14T22:13:30.000Z, every 10 s, of the machine',
      ' | received | 16.0 EiB, packets 1,234,567, errors 0, drops 1',
      ' | transmitted | 2.0 KiB, packets 2, errors 3, drops 4',
    ]);
    expect(linesOf({ statistics: null })).toEqual(['last statistics | none yet']);
  });

  test('details of any shape are named by their path', () => {
    const details = {
      mac: null,
      ids: [1, 2],
      none: [],
      port: { speed: { gbit: { per: { lane: 25 } } }, up: true },
      list: [{ a: 1 }],
    };
    expect(linesOf(details)).toEqual([
      'mac | none',
      'ids | 1, 2',
      'none | none',
      'port.speed.gbit.per | {"lane":25}',
      'port.up | true',
      'list | {"a":1}',
    ]);
  });

  test('details however deep are printed', () => {
    let deep: unknown = 1;
    for (let depth = 0; depth < 1_000; depth++) deep = { deep };
    expect(linesOf({ deep })).toHaveLength(1);
  });
});
