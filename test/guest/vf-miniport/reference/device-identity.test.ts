import { describe, expect, test } from 'vitest';
import { createReferenceVf } from '#guest/vf-miniport/reference/index.ts';
import { NDIS_STATUS } from '#shared/ndis/ndis-status.ts';
import { VfUnderTest } from './vf-under-test.ts';

describe('the VF of the reference NIC, at its start', () => {
  test('says which device it is, by what its configuration space holds', async () => {
    const vf = new VfUnderTest(createReferenceVf());
    vf.pf.space = Uint8Array.of(0xb3, 0x15, 0x16, 0x10);
    expect(await vf.initialize()).toBe(NDIS_STATUS.NDIS_STATUS_SUCCESS);
    expect(vf.logged.lines[0]).toEqual({
      level: 'info',
      msg: 'device identified',
      vendorId: '0x15b3',
      deviceId: '0x1016',
    });
  });

  test.each([0, 2])('runs though it can read no more than %i bytes of it', async (count) => {
    const vf = new VfUnderTest(createReferenceVf());
    vf.pf.space = new Uint8Array(count);
    expect(await vf.initialize()).toBe(NDIS_STATUS.NDIS_STATUS_SUCCESS);
    expect(vf.logged.lines[0]).toEqual({
      level: 'warn',
      msg: 'device not identified: its configuration space cannot be read',
      count,
    });
  });
});
