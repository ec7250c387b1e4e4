import { describe, expect, test } from 'vitest';
import { reportJson, vfJson } from '#host/control/vf-json.ts';
import { RecurringLog } from '#shared/recurring-log.ts';
import { recordingLog } from '#test/support/recording-log.ts';

const circular: Record<string, unknown> = {};
circular['self'] = circular;

/** A log at a time that stands still, and what it wrote. */
function newLog() {
  const { log, messages } = recordingLog();
  return { log: new RecurringLog(log, { now: () => 0 }), messages };
}

describe('reportJson', () => {
  test.each([
    ['no object', 5, /expected object/],
    ['nothing that JSON has', () => 1, /./],
    ['without blocks', { details: {} }, /blocks/],
    ['with a block that has no name', { blocks: [{ blockId: 0 }], details: {} }, /name/],
    ['with a BlockId of 33 bits', { blocks: [{ blockId: 2 ** 32, name: 'x' }], details: {} }, /./],
    ['circular', { blocks: [], details: circular }, /circular/i],
    [
      'throwing',
      {
        blocks: [],
        get details() {
          throw new Error('a broken getter');
        },
      },
      /a broken getter/,
    ],
    ['too large', { blocks: [], details: { text: 'x'.repeat(70_000) } }, /70\d{3} characters/],
  ])('a report that is %s is logged, and not shown', (_what, report, reason) => {
    const { log, messages } = newLog();
    expect(reportJson(report, log)).toBeNull();
    expect(messages).toHaveLength(1);
    expect(messages[0]).toMatch(reason);
  });

  test('a report that is asked for again and again does not fill the log', () => {
    const { log, messages } = newLog();
    for (let time = 0; time < 100; time++) reportJson(5, log);
    expect(messages).toHaveLength(7);
  });

  test('a PF miniport that shows nothing is no mistake', () => {
    const { log, messages } = newLog();
    expect(reportJson(undefined, log)).toBeNull();
    expect(messages).toEqual([]);
  });

  test('a bigint becomes text, wherever it is', () => {
    const report = { blocks: [], details: { speed: 25_000_000_000n, deep: [{ mask: 1n }] } };
    expect(reportJson(report, newLog().log)).toEqual({
      blocks: [],
      details: { speed: '25000000000', deep: [{ mask: '1' }] },
    });
  });
});

describe('vfJson', () => {
  const view = {
    vfId: 3,
    vportId: undefined,
    pciFunction: undefined,
    device: 'g1/0',
    state: 'exposed',
    generation: 2,
    protocolVersion: undefined,
    devicePowerState: 4,
    pendingMask: 0xffff_ffff_ffff_ffffn,
    outstanding: 1,
    framesSent: 2,
    framesReceived: 3,
    bytesSent: 4,
    bytesReceived: 5,
    allocatedAt: 1_700_000_000_123.456,
  } as const;

  test('a mask keeps its 64 bits, and a time is read in any language', () => {
    expect(vfJson(view, 'pf1')).toEqual({
      pf: 'pf1',
      ...view,
      vportId: null,
      protocolVersion: null,
      devicePowerState: 'NdisDeviceStateD3',
      pendingMask: '0xffffffffffffffff',
      allocatedAt: '2023-11-14T22:13:20.123Z',
    });
    const shown = vfJson({ ...view, vportId: 4, protocolVersion: 0x00010003 }, 'pf1');
    expect(shown).toMatchObject({ vportId: 4, protocolVersion: '1.3' });
  });
});
