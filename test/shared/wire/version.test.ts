import { describe, expect, test } from 'vitest';
import { ALL_VERSIONS, versionName, versionNamed } from '#shared/wire/version.ts';

describe('the VPCI protocol versions', () => {
  test('are those that know the block messages, newest first [messages.versions]', () => {
    expect(ALL_VERSIONS).toEqual([
      0x00010006, 0x00010005, 0x00010004, 0x00010003, 0x00010002, 0x00010001,
    ]);
  });

  test('a version that is not in the table has no number', () => {
    expect(versionNamed('1.0')).toBeUndefined();
    expect(versionNamed('2')).toBeUndefined();
  });

  test('are named by their major and minor numbers', () => {
    expect(versionName(0x00010003)).toBe('1.3');
    expect(versionNamed('1.6')).toBe(0x00010006);
  });
});
