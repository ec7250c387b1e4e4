import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { newLuid, newPfLuidInfo, parsePfLuidInfo } from '#host/ndis/pf-luid-info.ts';
import { NDIS_STATUS } from '#shared/ndis/ndis-status.ts';
import { OID } from '#shared/ndis/oid.ts';
import { type OidRequestParameters, queryRequest } from '#shared/ndis/oid-request.ts';
import { hex } from '#test/support/hex.ts';
import { PfNdisBench } from '#test/support/pf-ndis-bench.ts';

const { NDIS_STATUS_SUCCESS, NDIS_STATUS_NOT_ACCEPTED } = NDIS_STATUS;

const pfLuid = (size: number): OidRequestParameters =>
  queryRequest(OID.OID_SRIOV_PF_LUID, new Uint8Array(size).fill(0xee));

describe('NDIS_SRIOV_PF_LUID_INFO', () => {
  test('is 12 bytes with LowPart at 4 and HighPart at 8 [layout.pf-luid-info]', () => {
    const info = newPfLuidInfo(0x0000_0001_2345_6789n);
    expect(hex(info)).toBe('80 01 0C 00 89 67 45 23 01 00 00 00');
    expect(parsePfLuidInfo(info)).toBe(0x0000_0001_2345_6789n);
    expect(parsePfLuidInfo(info.subarray(0, 11))).toBeUndefined();
  });

  test('a LUID is never 0, and its HighPart, a LONG, never negative', () => {
    const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(random, random, (high, low) => {
        const draws = [high, low];
        const luid = newLuid(() => draws.shift() ?? 0);
        expect(luid > 0n && luid < 1n << 63n).toBe(true);
      }),
    );
  });
});

describe('OID_SRIOV_PF_LUID', () => {
  test('is the same until the PF is halted, and then no longer accepted [oids.pf-luid] [layout.pf-luid-info]', async () => {
    const bench = await new PfNdisBench().allocated();
    const { status, request } = await bench.issue(pfLuid(12));
    expect(status).toBe(NDIS_STATUS_SUCCESS);
    expect(request.bytesWritten).toBe(12);
    expect(hex(request.informationBuffer)).toBe('80 01 0C 00 00 00 00 80 00 00 00 40');
    expect((await bench.issue(pfLuid(12))).request.informationBuffer).toEqual(
      request.informationBuffer,
    );
    await bench.ndis.halt();
    expect((await bench.issue(pfLuid(12))).status).toBe(NDIS_STATUS_NOT_ACCEPTED);
    expect(bench.pf.oids).toEqual([]);
  });

  test('is there while the PF miniport is being initialized [oids.pf-luid]', async () => {
    const luids: string[] = [];
    const bench = new PfNdisBench(undefined, (miniport) => ({
      ...miniport,
      async miniportInitializeEx() {
        luids.push(hex((await bench.issue(pfLuid(12))).request.informationBuffer));
        return NDIS_STATUS_SUCCESS;
      },
    }));
    await bench.ndis.initialize();
    expect(luids).toEqual(['80 01 0C 00 00 00 00 80 00 00 00 40']);
  });
});
