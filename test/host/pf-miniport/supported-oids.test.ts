import { expect, test } from 'vitest';
import type { PfAdapter, PfMiniport } from '#host/ndis/pf-miniport.ts';
import { configBlockPf } from '#host/pf-miniport/config-block-pf.ts';
import { NDIS_STATUS } from '#shared/ndis/ndis-status.ts';
import { OID } from '#shared/ndis/oid.ts';
import { setRequest } from '#shared/ndis/oid-request.ts';
import { newOidRequest } from '#test/contract/oid-requests.ts';
import { PfNdisBench } from '#test/support/pf-ndis-bench.ts';

test('the PF driver in terms of blocks lists the OIDs that it serves, and no other [oids.supported-oid-list]', async () => {
  const lists: (readonly number[])[] = [];
  const served: number[] = [];
  const miniports: PfMiniport[] = [];
  const bench = new PfNdisBench(undefined, (_ordinary, adapter) => {
    const miniport = configBlockPf(adapter, {
      readBlock: () => NDIS_STATUS.NDIS_STATUS_FAILURE,
      writeBlock: () => NDIS_STATUS.NDIS_STATUS_FAILURE,
    });
    miniports.push(miniport);
    const watched: PfAdapter = {
      ...adapter,
      ndisMSetMiniportAttributes: (attributes) => {
        if ('supportedOidList' in attributes) lists.push(attributes.supportedOidList);
        return adapter.ndisMSetMiniportAttributes(attributes);
      },
    };
    return {
      ...miniport,
      miniportInitializeEx: () =>
        miniport.miniportInitializeEx?.(watched) ?? NDIS_STATUS.NDIS_STATUS_FAILURE,
    };
  });
  expect(await bench.ndis.initialize()).toBeUndefined();
  for (const oid of Object.values(OID)) {
    const status = await miniports[0]?.miniportOidRequest(
      newOidRequest(setRequest(oid, new Uint8Array(0))),
    );
    if (status !== NDIS_STATUS.NDIS_STATUS_NOT_SUPPORTED) served.push(oid);
  }
  expect(lists.map((list) => list.toSorted())).toEqual([served.toSorted()]);
  expect(served.length).toBeGreaterThan(7);
});
