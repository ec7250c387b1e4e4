import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { TraceEvent } from '#shared/trace/trace.ts';
import {
  eventFailed,
  eventStatusName,
  MAX_FILTER_LENGTH,
  parseTraceFilter,
} from '#shared/trace/trace-filter.ts';

const EVENT: TraceEvent = {
  seq: 1,
  at: 0,
  hop: 'hostCompletionSent',
  name: 'READ_BLOCK',
  device: 'g1/0',
  pf: 'net',
  vfId: 1,
  generation: 2,
  transactionId: 7,
  blockId: 5,
  status: 0xc000000d,
};

function matches(expression: string, event: TraceEvent = EVENT): boolean {
  const parsed = parseTraceFilter(expression);
  if (!parsed.ok) throw new Error(parsed.error);
  return parsed.filter(event);
}

function errorOf(expression: string): string {
  const parsed = parseTraceFilter(expression);
  return parsed.ok ? '' : parsed.error;
}

describe('parseTraceFilter', () => {
  test.each([
    ['an unknown key', 'vfid=1', /^unknown key "vfid": expected a key of vf, device, /],
    ['a key that every object has', 'constructor=1', /^unknown key "constructor"/],
    ['a term without a value', 'vf', /^"vf": expected key=value, with a key of vf, /],
    ['an empty term', 'vf=1,', /^"": expected key=value/],
    ['an empty value', 'vf=', /^vf="": expected a VFId from 0 to 65535$/],
    ['an empty value among others', 'vf=1|', /^vf="": expected a VFId/],
    ['a VFId out of range', 'vf=65536', /^vf="65536": expected a VFId from 0 to 65535$/],
    ['a negative number', 'block=-1', /^block="-1": expected a BlockId from 0 to 4294967295$/],
    ['a number with something after it', 'transaction=1x', /^transaction="1x": expected a /],
    ['generation 0', 'generation=0', /^generation="0": expected a number from 1$/],
    ['an unknown hop', 'hop=ioCall', /^hop="ioCall": expected one of vfMiniportInitializeEx, /],
    ['an unknown status', 'status=STATUS_NONE', /^status="STATUS_NONE": expected failed, success,/],
    ['a status of too many digits', 'status=0x1C000000D', /^status="0x1C000000D": expected/],
    ['a key that appears twice', 'vf=1,vf=2', /^"vf" appears twice; write vf=one\|other$/],
    ['too long an expression', `name=${'a'.repeat(MAX_FILTER_LENGTH)}`, /longer than 1024 char/],
  ])('refuses %s, and says what it expected', (_what, expression, error) => {
    expect(errorOf(expression)).toMatch(error);
  });

  test('never throws, whatever it is given', () =>
    fc.assert(
      fc.property(fc.string(), fc.string(), (key, value) => {
        for (const name of [key, 'vf', 'name', 'status', 'hop', 'block']) {
          const parsed = parseTraceFilter(`${name}=${value}`);
          expect(parsed.ok ? typeof parsed.filter(EVENT) : parsed.error).toBeTruthy();
        }
      }),
    ));

  test('lets everything through where nothing is asked', () => {
    expect(matches('')).toBe(true);
    expect(matches('  ')).toBe(true);
  });

  test.each([
    ['vf=1', 'vf=2'],
    ['device=G1/0', 'device=g1/1'],
    ['device=g1/*', 'device=g2/*'],
    ['generation=2', 'generation=1'],
    ['pf=net', 'pf=ne'],
    ['hop=hostcompletionsent', 'hop=hostCompletionReceived'],
    ['hop=*sent', 'hop=*received'],
    ['name=read_block', 'name=READ'],
    ['name=*BLOCK', 'name=BLOCK*'],
    ['block=5', 'block=4'],
    ['block=0x5', 'block=0x50'],
    ['transaction=7', 'transaction=8'],
    ['status=failed', 'status=success'],
    ['status=0xC000000D', 'status=0xC000000E'],
    ['status=3221225485', 'status=0'],
    ['status=STATUS_INVALID_PARAMETER', 'status=NDIS_STATUS_INVALID_PARAMETER'],
    ['status=status_invalid*', 'status=*success'],
  ])('%s matches what %s does not', (expression, other) => {
    expect(matches(expression)).toBe(true);
    expect(matches(other)).toBe(false);
  });

  test('wants every term, and one value of each', () => {
    expect(matches('vf=2|1,name=WRITE_BLOCK|READ_BLOCK')).toBe(true);
    expect(matches('vf=2|1,name=WRITE_BLOCK')).toBe(false);
    expect(matches(' vf = 1 , status = failed | success ')).toBe(true);
  });

  test('does not match an event that lacks the field', () => {
    const bare: TraceEvent = { seq: 1, at: 0, hop: 'oidRequest', name: 'OID_SRIOV_RESET_VF' };
    for (const term of ['vf=0', 'pf=*', 'device=*', 'generation=1', 'block=0', 'transaction=1']) {
      expect(matches(term, bare)).toBe(false);
    }
    for (const status of ['failed', 'success', '0', '*', 'STATUS_*']) {
      expect(matches(`status=${status}`, bare)).toBe(false);
    }
  });

  test('finds the masks that name a block', () => {
    const { blockId: _none, ...masked } = { ...EVENT, mask: '0x8000000000000020' };
    expect(matches('block=5', masked)).toBe(true);
    expect(matches('block=63', masked)).toBe(true);
    expect(matches('block=4', masked)).toBe(false);
    expect(matches('block=69', masked)).toBe(false);
    expect(matches('block=5', { ...masked, mask: 'not a mask' })).toBe(false);
  });

  test.each([
    ['*', 'READ_BLOCK', true],
    ['READ*BLOCK', 'READ_BLOCK', true],
    ['*READ*BLOCK*', 'OID_SRIOV_READ_VF_CONFIG_BLOCK', true],
    ['READ_BLOCK*K', 'READ_BLOCK', false],
    ['*BLOCK*READ*', 'READ_BLOCK', false],
    ['a*a', 'a', false],
    ['a*b*b', 'ab', false],
    ['READ.BLOCK', 'READ_BLOCK', false],
  ])('takes %s for %s: %s', (pattern, name, expected) => {
    expect(matches(`name=${pattern}`, { ...EVENT, name })).toBe(expected);
  });

  test('is done at once with a pattern that is all wildcards', () => {
    const pattern = `name=${'*a'.repeat(500)}*b*`;
    expect(matches(pattern, { ...EVENT, name: 'a'.repeat(100_000) })).toBe(false);
  });
});

describe('eventFailed', () => {
  test.each([
    [undefined, false],
    [0, false],
    [0x103, false],
    [0xc0000001, true],
    [0x00010003, true],
  ])('says of status %s: %s', (status, failed) => {
    expect(eventFailed({ ...EVENT, status })).toBe(failed);
  });
});

describe('eventStatusName', () => {
  test('names a negative errno, and finds it by that name', () => {
    const failed: TraceEvent = { ...EVENT, hop: 'hypervReadCfgBlkReturn', status: -5 };
    expect(eventStatusName(failed)).toBe('-EIO');
    expect(eventStatusName({ ...failed, status: 0 })).toBe('0');
    expect(eventFailed(failed)).toBe(true);
    expect(matches('status=-EIO', failed)).toBe(true);
    expect(matches('status=-EIO', { ...failed, status: -11 })).toBe(false);
  });

  test('names the status in the family of the hop, and as a number where there is none', () => {
    const status = 0xc0000001;
    expect(eventStatusName({ ...EVENT, status: undefined })).toBeUndefined();
    expect(eventStatusName({ ...EVENT, status })).toBe('STATUS_UNSUCCESSFUL');
    expect(eventStatusName({ ...EVENT, hop: 'oidRequestComplete', status })).toBe(
      'NDIS_STATUS_FAILURE',
    );
    expect(eventStatusName({ ...EVENT, hop: 'oidRequest', status })).toBe('0xC0000001');
  });
});
