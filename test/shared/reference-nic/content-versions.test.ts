import { describe, expect, test } from 'vitest';
import {
  nextContentVersion,
  readContentVersions,
  writeContentVersions,
} from '#shared/reference-nic/content-versions.ts';
import { block, malformed } from './bytes.ts';

const HEADER = block('01 00 00 00 04 03 02 01 05 00 00 00 ff ff ff ff');

describe('content versions', () => {
  test.each(malformed(HEADER))('%s: no header', (_, bytes) => {
    expect(readContentVersions(bytes)).toBeUndefined();
  });

  test('the versions of blocks 0, 1 and 2 are at offsets 4, 8 and 12', () => {
    expect(readContentVersions(HEADER)).toEqual([0x01020304, 5, 0xffffffff]);
  });

  test('writing them leaves the rest of the block alone', () => {
    const bytes = block('01 00 00 00 aa aa aa aa aa aa aa aa aa aa aa aa bb');
    writeContentVersions(bytes, [0x01020304, 5, 0xffffffff]);
    expect(bytes).toEqual(block('01 00 00 00 04 03 02 01 05 00 00 00 ff ff ff ff bb'));
  });

  test('a version has 32 bits', () => {
    expect(nextContentVersion(1)).toBe(2);
    expect(nextContentVersion(0xffff_fffe)).toBe(0xffff_ffff);
    expect(nextContentVersion(0xffff_ffff)).toBe(0);
  });
});
