import { describe, expect, test } from 'vitest';
import { createVPort, deleteVPort, moveFilter } from '#host/virtualization-stack/vf-oids.ts';
import { OID } from '#shared/ndis/oid.ts';
import { setRequest } from '#shared/ndis/oid-request.ts';
import { parseTraceFilter } from '#shared/trace/trace-filter.ts';
import { createWorld } from '#test/kit/world/world.ts';
import { ORIGIN, PfNdisBench } from '#test/support/pf-ndis-bench.ts';
import { RecordingPf } from '#test/support/recording-pf.ts';
import { RecordingVf } from '#test/support/recording-vf.ts';

/** What the trace says of a request, on its way to the PF miniport and back. */
async function traced(bench: PfNdisBench, parameters: Parameters<PfNdisBench['issue']>[0]) {
  bench.events.length = 0;
  await bench.issue(parameters);
  return bench.events.map(({ hop, vfId, note }) => [hop, vfId, note]);
}

describe('the trace of the OIDs of a VPort', () => {
  test('names the VF from the start, and the VPort once NDIS has chosen it', async () => {
    const bench = await PfNdisBench.withVfs(2);
    const request = createVPort({ name: 'g1/0', attachedFunctionId: 1 }, ORIGIN);
    expect(await traced(bench, request)).toEqual([
      ['oidRequest', 1, undefined],
      ['pfMiniportOidRequest', 1, 'VPort 1'],
      ['pfMiniportOidRequestComplete', 1, 'VPort 1'],
      ['oidRequestComplete', 1, 'VPort 1'],
    ]);
  });

  test('names no VF for a VPort of the PF', async () => {
    const bench = await PfNdisBench.withVfs(1);
    const request = createVPort({ name: '', attachedFunctionId: 0xffff }, ORIGIN);
    expect((await traced(bench, request)).at(0)).toEqual(['oidRequest', undefined, undefined]);
  });

  test('names the VPort that is deleted, and between which a filter moves', async () => {
    const bench = await PfNdisBench.withVfs(1);
    await bench.issue(createVPort({ name: '', attachedFunctionId: 0 }, ORIGIN));
    const move = { filterId: 1, sourceVPortId: 0, destVPortId: 1 };
    const notes = async (...issued: Parameters<typeof traced>) =>
      new Set((await traced(...issued)).map(([, , note]) => note));
    expect(await notes(bench, moveFilter(move, ORIGIN))).toEqual(
      new Set(['from VPort 0 to VPort 1']),
    );
    expect(await notes(bench, deleteVPort(1, ORIGIN))).toEqual(new Set(['VPort 1']));
  });

  test('names the VF of its issuer, where the buffer names a VPort or a filter alone', async () => {
    const bench = await PfNdisBench.withVfs(2);
    const origin = { ...ORIGIN, vfId: 1 };
    await bench.issue(createVPort({ name: '', attachedFunctionId: 1 }, origin));
    const move = { filterId: 1, sourceVPortId: 0, destVPortId: 1 };
    for (const request of [moveFilter(move, origin), deleteVPort(1, origin)]) {
      const vfs = (await traced(bench, request)).map(([, vfId]) => vfId);
      expect(vfs).toEqual([1, 1, 1, 1]);
    }
  });

  test.each([
    ['OID_NIC_SWITCH_CREATE_VPORT', OID.OID_NIC_SWITCH_CREATE_VPORT],
    ['OID_NIC_SWITCH_DELETE_VPORT', OID.OID_NIC_SWITCH_DELETE_VPORT],
    ['OID_RECEIVE_FILTER_MOVE_FILTER', OID.OID_RECEIVE_FILTER_MOVE_FILTER],
  ])('says nothing of a buffer in which %s has no structure', async (_name, oid) => {
    const bench = await PfNdisBench.withVfs(1);
    const [first] = await traced(bench, setRequest(oid, new Uint8Array(3)));
    expect(first).toEqual(['oidRequest', undefined, undefined]);
  });
});

describe('a filter on a VFId', () => {
  test('finds every OID request of the VF from its allocation to its end, and of no other VF', async () => {
    const pf = new RecordingPf();
    const world = await createWorld({ pf: pf.factory });
    await world.attachGuest(new RecordingVf().factory, { name: 'g0' });
    pf.oids.length = 0;
    const guest = await world.attachGuest(new RecordingVf().factory);
    await guest.os.stop();
    const parsed = parseTraceFilter('vf=1,hop=pfMiniportOidRequest*');
    const found = world.events.filter((event) => parsed.ok && parsed.filter(event));
    const delivered = found.filter(({ hop }) => hop === 'pfMiniportOidRequest');
    const names = delivered.map(({ name }) => name);
    // As long as the PF has not answered OID_NIC_SWITCH_ALLOCATE_VF there is no VFId.
    expect(['OID_NIC_SWITCH_ALLOCATE_VF', ...names]).toEqual(pf.oids);
    expect(names).toContain('OID_RECEIVE_FILTER_MOVE_FILTER');
    expect(names).toContain('OID_NIC_SWITCH_DELETE_VPORT');
    expect(new Set(found.map(({ device }) => device))).toEqual(new Set(['g1/0']));
    expect(found[0]).toMatchObject({ name: 'OID_NIC_SWITCH_ALLOCATE_VF', status: 0 });
  });
});
