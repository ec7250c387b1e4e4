import { describe, expect, test } from 'vitest';
import {
  newVPortParameters,
  parseVPortParameters,
  setVPortId,
} from '#host/ndis/vport-parameters.ts';
import { newMoveFilterParameters } from '#host/ndis/vport-requests.ts';
import {
  createSwitch,
  createVPort,
  deleteSwitch,
  deleteVPort,
  freeVf,
  moveFilter,
} from '#host/virtualization-stack/vf-oids.ts';
import { NDIS_STATUS } from '#shared/ndis/ndis-status.ts';
import { OID } from '#shared/ndis/oid.ts';
import { methodRequest, setRequest } from '#shared/ndis/oid-request.ts';
import { ORIGIN, PfNdisBench } from '#test/support/pf-ndis-bench.ts';

const {
  NDIS_STATUS_SUCCESS,
  NDIS_STATUS_FAILURE,
  NDIS_STATUS_INVALID_PARAMETER,
  NDIS_STATUS_INVALID_LENGTH,
  NDIS_STATUS_RESOURCES,
  NDIS_STATUS_FILE_NOT_FOUND,
} = NDIS_STATUS;

const PF = 0xffff;

function vportOf(vfId: number) {
  return createVPort({ name: 'g1/0', attachedFunctionId: vfId }, ORIGIN);
}

/** A request for a VPort of VF 0, with another value in a member of its structure. */
function vportWith(offset: number, value: number) {
  const buffer = newVPortParameters({ name: '', attachedFunctionId: 0 });
  new DataView(buffer.buffer).setUint16(offset, value, true);
  return methodRequest(OID.OID_NIC_SWITCH_CREATE_VPORT, buffer);
}

/** A request for a VPort that is attached to the PF. */
function vportOfPf(vportState = 2) {
  const buffer = newVPortParameters({ name: '', attachedFunctionId: PF });
  new DataView(buffer.buffer).setUint32(544, vportState, true);
  return methodRequest(OID.OID_NIC_SWITCH_CREATE_VPORT, buffer);
}

async function create(bench: PfNdisBench, request = vportOf(0)): Promise<number | undefined> {
  const { informationBuffer } = (await bench.issue(request)).request;
  return parseVPortParameters(informationBuffer)?.vportId;
}

describe('what NDIS refuses of OID_NIC_SWITCH_CREATE_VPORT before the PF miniport sees it', () => {
  test('an input of 571 bytes: NDIS_STATUS_INVALID_LENGTH, BytesNeeded 572', async () => {
    const bench = await PfNdisBench.withVfs(1);
    const { status, request } = await bench.issue({ ...vportOf(0), inputBufferLength: 571 });
    expect(status).toBe(NDIS_STATUS_INVALID_LENGTH);
    expect(request.bytesNeeded).toBe(572);
    expect(bench.pf.oids).toEqual([]);
  });

  test.each([
    ['a header of another size', 2, 571],
    ['SwitchId 1', 8, 1],
    ['a VPortId that is set', 12, 1],
    ['a VF that is not allocated', 532, 1],
    ['no queue pair', 536, 0],
    ['a VF and a VPortState that is not activated', 544, 2],
  ])(
    '%s: NDIS_STATUS_INVALID_PARAMETER [bring-up.ndis-checks-create-vport]',
    async (_what, offset, value) => {
      const bench = await PfNdisBench.withVfs(1);
      const { status } = await bench.issue(vportWith(offset, value));
      expect(status).toBe(NDIS_STATUS_INVALID_PARAMETER);
      expect(bench.pf.oids).toEqual([]);
    },
  );

  test('the PF and a VPortState that is activated: NDIS_STATUS_INVALID_PARAMETER [bring-up.ndis-checks-create-vport]', async () => {
    const bench = await PfNdisBench.withVfs(1);
    expect((await bench.issue(vportOfPf(1))).status).toBe(NDIS_STATUS_INVALID_PARAMETER);
  });

  test('a second VPort of a VF: NDIS_STATUS_INVALID_PARAMETER [bring-up.create-vport]', async () => {
    const bench = await PfNdisBench.withVfs(2);
    expect((await bench.issue(vportOf(0))).status).toBe(NDIS_STATUS_SUCCESS);
    expect((await bench.issue(vportOf(0))).status).toBe(NDIS_STATUS_INVALID_PARAMETER);
    expect(bench.pf.oids).toEqual(['OID_NIC_SWITCH_CREATE_VPORT']);
  });

  test('any while there is no switch: NDIS_STATUS_INVALID_PARAMETER', async () => {
    const bench = new PfNdisBench();
    expect((await bench.issue(vportOfPf())).status).toBe(NDIS_STATUS_INVALID_PARAMETER);
    await bench.issue(createSwitch(1));
    await bench.issue(deleteSwitch());
    expect((await bench.issue(vportOfPf())).status).toBe(NDIS_STATUS_INVALID_PARAMETER);
  });

  test('one VPort more than the VFs of the switch and the default one: NDIS_STATUS_RESOURCES [bring-up.vport-ids]', async () => {
    const bench = await PfNdisBench.withVfs(2);
    expect(await create(bench, vportOfPf())).toBe(1);
    expect(await create(bench, vportOfPf())).toBe(2);
    expect((await bench.issue(vportOf(0))).status).toBe(NDIS_STATUS_RESOURCES);
  });
});

describe('the VPortId', () => {
  test('is chosen by NDIS before the PF miniport sees the request: the lowest that is free, from 1 on [bring-up.create-vport] [bring-up.vport-ids]', async () => {
    const bench = await PfNdisBench.withVfs(3);
    const seen: unknown[] = [];
    bench.pf.intercept = ({ informationBuffer }) => {
      seen.push(parseVPortParameters(informationBuffer)?.vportId);
      return undefined;
    };
    for (const vfId of [2, 0, 1]) await bench.issue(vportOf(vfId));
    expect(seen).toEqual([1, 2, 3]);
    bench.pf.intercept = () => undefined;
    await bench.issue(deleteVPort(2, ORIGIN));
    expect(await create(bench, vportOf(0))).toBe(2);
  });

  test('that the PF miniport refused is chosen again', async () => {
    const bench = await PfNdisBench.withVfs(1);
    bench.pf.intercept = () => NDIS_STATUS_FAILURE;
    expect((await bench.issue(vportOf(0))).status).toBe(NDIS_STATUS_FAILURE);
    bench.pf.intercept = () => undefined;
    expect(await create(bench)).toBe(1);
  });

  test('stays what NDIS chose, whatever the PF miniport writes there', async () => {
    const bench = await PfNdisBench.withVfs(2);
    bench.pf.intercept = ({ informationBuffer }) => {
      setVPortId(informationBuffer, 77);
      return NDIS_STATUS_SUCCESS;
    };
    expect(await create(bench, vportOf(0))).toBe(1);
    expect(await create(bench, vportOf(1))).toBe(2);
  });
});

describe('a PF miniport that gives the buffer of its request away', () => {
  test('takes nothing down, and NDIS knows the VPort', async () => {
    const bench = await PfNdisBench.withVfs(1);
    bench.pf.intercept = ({ informationBuffer }) => {
      const { buffer } = informationBuffer;
      if (buffer instanceof ArrayBuffer) structuredClone(buffer, { transfer: [buffer] });
      expect(informationBuffer.byteLength).toBe(0);
      return NDIS_STATUS_SUCCESS;
    };
    expect((await bench.issue(vportOf(0))).status).toBe(NDIS_STATUS_SUCCESS);
    expect((await bench.issue(freeVf(0, ORIGIN))).status).toBe(NDIS_STATUS_FILE_NOT_FOUND);
  });
});

describe('a VF with a VPort', () => {
  test('is not freed: NDIS_STATUS_FILE_NOT_FOUND, until the VPort is deleted [teardown.delete-vport]', async () => {
    const bench = await PfNdisBench.withVfs(1);
    await create(bench);
    bench.pf.oids.length = 0;
    expect((await bench.issue(freeVf(0, ORIGIN))).status).toBe(NDIS_STATUS_FILE_NOT_FOUND);
    expect(bench.pf.oids).toEqual([]);
    await bench.issue(deleteVPort(1, ORIGIN));
    expect((await bench.issue(freeVf(0, ORIGIN))).status).toBe(NDIS_STATUS_SUCCESS);
  });

  test('keeps it when the PF miniport refuses to delete it', async () => {
    const bench = await PfNdisBench.withVfs(1);
    await create(bench);
    bench.pf.intercept = () => NDIS_STATUS_FAILURE;
    expect((await bench.issue(deleteVPort(1, ORIGIN))).status).toBe(NDIS_STATUS_FAILURE);
    expect((await bench.issue(freeVf(0, ORIGIN))).status).toBe(NDIS_STATUS_FILE_NOT_FOUND);
  });
});

describe('what NDIS refuses of OID_RECEIVE_FILTER_MOVE_FILTER before the PF miniport sees it', () => {
  const move = { filterId: 7, sourceVPortId: 0, destVPortId: 1 };

  test('an input of 23 bytes: NDIS_STATUS_INVALID_LENGTH, BytesNeeded 24', async () => {
    const bench = await PfNdisBench.withVfs(1);
    const request = { ...moveFilter(move, ORIGIN), inputBufferLength: 23 };
    const completed = await bench.issue(request);
    expect(completed.status).toBe(NDIS_STATUS_INVALID_LENGTH);
    expect(completed.request.bytesNeeded).toBe(24);
    expect(bench.pf.oids).toEqual([]);
  });

  test.each([
    ['a header of another size', 2, 23],
    ['another source queue', 8, 1],
    ['a source VPort that is not there', 12, 2],
    ['a source VPort on which the filter is not', 12, 1],
    ['another destination queue', 16, 1],
    ['a destination VPort that is not there', 20, 2],
    ['a destination that is the source', 20, 0],
  ])(
    '%s: NDIS_STATUS_INVALID_PARAMETER [bring-up.ndis-checks-move-filter]',
    async (_what, offset, value) => {
      const bench = await PfNdisBench.withVfs(1);
      await create(bench);
      bench.pf.oids.length = 0;
      const buffer = newMoveFilterParameters(move);
      new DataView(buffer.buffer).setUint16(offset, value, true);
      const { status } = await bench.issue(setRequest(OID.OID_RECEIVE_FILTER_MOVE_FILTER, buffer));
      expect(status).toBe(NDIS_STATUS_INVALID_PARAMETER);
      expect(bench.pf.oids).toEqual([]);
    },
  );

  test('a filter that was moved is where it was moved to, and nowhere else', async () => {
    const bench = await PfNdisBench.withVfs(2);
    await create(bench, vportOf(0));
    await create(bench, vportOf(1));
    const statusOf = async (sourceVPortId: number, destVPortId: number) =>
      (await bench.issue(moveFilter({ ...move, sourceVPortId, destVPortId }, ORIGIN))).status;
    expect(await statusOf(0, 1)).toBe(NDIS_STATUS_SUCCESS);
    expect(await statusOf(0, 2)).toBe(NDIS_STATUS_INVALID_PARAMETER);
    expect(await statusOf(1, 2)).toBe(NDIS_STATUS_SUCCESS);
    expect(await statusOf(2, 0)).toBe(NDIS_STATUS_SUCCESS);
    expect(await statusOf(2, 0)).toBe(NDIS_STATUS_INVALID_PARAMETER);
  });

  test('a filter that the PF miniport did not move is where it was', async () => {
    const bench = await PfNdisBench.withVfs(1);
    await create(bench);
    bench.pf.intercept = () => NDIS_STATUS_FAILURE;
    expect((await bench.issue(moveFilter(move, ORIGIN))).status).toBe(NDIS_STATUS_FAILURE);
    bench.pf.intercept = () => undefined;
    expect((await bench.issue(moveFilter(move, ORIGIN))).status).toBe(NDIS_STATUS_SUCCESS);
  });

  test('a filter that was on a VPort that is deleted is on the default one', async () => {
    const bench = await PfNdisBench.withVfs(1);
    await create(bench);
    await bench.issue(moveFilter(move, ORIGIN));
    await bench.issue(deleteVPort(1, ORIGIN));
    await create(bench);
    expect((await bench.issue(moveFilter(move, ORIGIN))).status).toBe(NDIS_STATUS_SUCCESS);
  });
});
