import { describe, expect, test } from 'vitest';
import { wireJsonSchema } from '#shared/wire/json-schema.ts';
import { MESSAGES } from '#shared/wire/registry.ts';

/** Name, number, direction, and whether a completion is asked for, as the spec has them. */
const DOCUMENTED = [
  ['QUERY_PROTOCOL_VERSION', 0x13, 'guest-to-host', 'request'],
  ['QUERY_BUS_RELATIONS', 0x01, 'guest-to-host', 'notification'],
  ['FDO_D0_ENTRY', 0x07, 'guest-to-host', 'request'],
  ['CURRENT_RESOURCE_REQUIREMENTS', 0x05, 'guest-to-host', 'request'],
  ['BUS_RELATIONS', 0x00, 'host-to-guest', 'notification'],
  ['BUS_RELATIONS2', 0x19, 'host-to-guest', 'notification'],
  ['DEVICE_POWER_STATE_CHANGE', 0x04, 'guest-to-host', 'request'],
  ['READ_BLOCK', 0x09, 'guest-to-host', 'request'],
  ['WRITE_BLOCK', 0x0a, 'guest-to-host', 'request'],
  ['INVALIDATE_BLOCK', 0x12, 'host-to-guest', 'notification'],
  ['RESET_DEVICE', 0x1c, 'guest-to-host', 'request'],
  ['EJECT', 0x0b, 'host-to-guest', 'notification'],
  ['EJECT_COMPLETE', 0x0f, 'guest-to-host', 'notification'],
  ['FDO_D0_EXIT', 0x08, 'guest-to-host', 'request'],
] as const;

describe('the messages of the channel', () => {
  test.each(DOCUMENTED)(
    '%s has its documented number and direction',
    (type, low, direction, kind) => {
      const message = MESSAGES.find((each) => each.type === type);
      expect(message).toMatchObject({ number: 0x42490000 + low, direction, kind });
    },
  );

  test('are those and the stand-ins, which have no number and are written unlike any of them [messages.config-window]', () => {
    const known = new Set<string>(DOCUMENTED.map(([type]) => type));
    const others = MESSAGES.filter(({ type }) => !known.has(type));
    expect(MESSAGES).toHaveLength(DOCUMENTED.length + others.length);
    expect(others.map(({ type, number }) => [type, number])).toEqual([
      ['config-window-read', undefined],
      ['config-window-write', undefined],
    ]);
    for (const type of known) expect(type).toMatch(/^[A-Z0-9_]+$/);
  });

  test('those of blocks exist from version 1.1 on, BUS_RELATIONS2 from 1.3 and RESET_DEVICE from 1.5 [messages.versions]', () => {
    const since = Object.fromEntries(MESSAGES.map((message) => [message.type, message.since]));
    expect(since).toMatchObject({
      READ_BLOCK: 0x00010001,
      WRITE_BLOCK: 0x00010001,
      INVALIDATE_BLOCK: 0x00010001,
      BUS_RELATIONS2: 0x00010003,
      DEVICE_POWER_STATE_CHANGE: 0x00010001,
      RESET_DEVICE: 0x00010005,
    });
  });

  test('each says in a sentence what it is for', () => {
    for (const { summary } of MESSAGES) expect(summary).toMatch(/^[A-Z].*\.$/);
  });
});

interface StringSchema {
  readonly type: 'string';
  readonly const?: string;
  readonly pattern?: string;
}

/** The schemas of strings within a JSON Schema. */
function stringsIn(schema: unknown): readonly StringSchema[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const inner = Object.values(schema).flatMap(stringsIn);
  const isString = 'type' in schema && schema.type === 'string';
  return isString ? [schema as StringSchema, ...inner] : inner;
}

describe('the strings of frames', () => {
  test('are ASCII, by which what a channel has sent is counted', () => {
    const strings = stringsIn(wireJsonSchema());
    expect(strings.length).toBeGreaterThan(2 * MESSAGES.length);
    for (const { const: only, pattern } of strings) {
      if (only !== undefined) expect(only).toMatch(/^[ -~]*$/);
      else expect('AAAé').not.toMatch(new RegExp(pattern ?? ''));
    }
  });
});
