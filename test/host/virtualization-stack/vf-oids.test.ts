import { describe, expect, test } from 'vitest';
import { dataOfRead, readVfConfigBlock } from '#host/virtualization-stack/vf-oids.ts';
import { newOidRequest } from '#test/contract/oid-requests.ts';

const ORIGIN = { device: 'g1/0', generation: 1 };

describe('the data of a completed read', () => {
  test.each<[string, unknown]>([
    ['nothing', 0],
    ['only the structure', 20],
    ['one byte beyond the buffer', 37],
    ['far beyond the buffer', 0xffff_ffff],
    ['a negative number', -1],
    ['no integer', 20.5],
    ['no number', Number.NaN],
    ['a bigint', 36n],
    ['a text', '36'],
    ['undefined', undefined],
  ])('is none when the PF miniport claims to have written %s', (_what, bytesWritten) => {
    const request = newOidRequest(readVfConfigBlock(0, 5, 16, ORIGIN, 0));
    Object.assign(request, { bytesWritten });
    expect(dataOfRead(request)).toBeUndefined();
  });

  test.each([1, 16])('is %i bytes from behind the structure', (length) => {
    const request = newOidRequest(readVfConfigBlock(0, 5, 16, ORIGIN, 0), {
      bytesWritten: 20 + length,
    });
    request.informationBuffer.fill(0xaa, 20);
    expect(dataOfRead(request)).toEqual(new Uint8Array(length).fill(0xaa));
  });
});
