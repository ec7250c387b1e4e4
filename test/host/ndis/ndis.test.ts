import { describe, expect, test } from 'vitest';
import { newVfParameters, parseVfParameters } from '#host/ndis/vf-parameters.ts';
import {
  allocateVf,
  createSwitch,
  freeVf,
  readVfConfigBlock,
  resetVf,
  writeVfConfigBlock,
} from '#host/virtualization-stack/vf-oids.ts';
import { NDIS_STATUS, type NdisStatus } from '#shared/ndis/ndis-status.ts';
import { OID } from '#shared/ndis/oid.ts';
import { methodRequest } from '#shared/ndis/oid-request.ts';
import { turn } from '#test/kit/world/turn.ts';
import { ORIGIN, PfNdisBench, VF } from '#test/support/pf-ndis-bench.ts';
import { RecordingPf } from '#test/support/recording-pf.ts';

const {
  NDIS_STATUS_SUCCESS,
  NDIS_STATUS_FAILURE,
  NDIS_STATUS_INVALID_PARAMETER,
  NDIS_STATUS_FILE_NOT_FOUND,
  NDIS_STATUS_NOT_ACCEPTED,
  NDIS_STATUS_PENDING,
} = NDIS_STATUS;

describe('what host NDIS refuses before the PF miniport sees it', () => {
  test.each([
    ['SwitchId 1', 8, 1],
    ['a VFId that is set', 1626, 3],
    ['a RequestorId that is set', 1628, 3],
    ['a header of another size', 2, 0],
  ])(
    'OID_NIC_SWITCH_ALLOCATE_VF with %s: NDIS_STATUS_INVALID_PARAMETER [bring-up.ndis-checks-allocate-vf]',
    async (_what, offset, value) => {
      const bench = await new PfNdisBench().allocated();
      const buffer = newVfParameters(VF);
      new DataView(buffer.buffer).setUint16(offset, value, true);
      const { status } = await bench.issue(methodRequest(OID.OID_NIC_SWITCH_ALLOCATE_VF, buffer));
      expect(status).toBe(NDIS_STATUS_INVALID_PARAMETER);
      expect(bench.pf.oids).toEqual([]);
    },
  );

  test('OID_NIC_SWITCH_FREE_VF of a VF that was not allocated: NDIS_STATUS_FILE_NOT_FOUND [contradiction.free-vf-status]', async () => {
    const bench = await new PfNdisBench().allocated();
    const { status } = await bench.issue(freeVf(3, ORIGIN));
    expect(status).toBe(NDIS_STATUS_FILE_NOT_FOUND);
    expect(bench.pf.oids).toEqual([]);
  });

  test('what NDIS refuses is traced up to NDIS, and not at the PF miniport', async () => {
    const bench = await new PfNdisBench().allocated();
    bench.events.length = 0;
    await bench.issue(freeVf(3, ORIGIN));
    expect(bench.events.map((event) => event.hop)).toEqual(['oidRequest', 'oidRequestComplete']);
  });

  test('OID_NIC_SWITCH_FREE_VF a second time: NDIS_STATUS_FILE_NOT_FOUND', async () => {
    const bench = await new PfNdisBench().allocated();
    expect((await bench.issue(freeVf(0, ORIGIN))).status).toBe(NDIS_STATUS_SUCCESS);
    expect((await bench.issue(freeVf(0, ORIGIN))).status).toBe(NDIS_STATUS_FILE_NOT_FOUND);
    expect(bench.pf.oids).toEqual(['OID_NIC_SWITCH_FREE_VF']);
  });

  test('a VF that the PF refused to free can be freed again', async () => {
    const bench = await new PfNdisBench().allocated();
    bench.pf.intercept = () => NDIS_STATUS_FAILURE;
    expect((await bench.issue(freeVf(0, ORIGIN))).status).toBe(NDIS_STATUS_FAILURE);
    bench.pf.intercept = () => undefined;
    expect((await bench.issue(freeVf(0, ORIGIN))).status).toBe(NDIS_STATUS_SUCCESS);
  });
});

describe('the OID requests of the virtualization stack', () => {
  test('have their documented request types and lengths [read.oid] [contradiction.write-oid-is-set]', async () => {
    const bench = await new PfNdisBench().allocated();
    await bench.issue(readVfConfigBlock(0, 5, 16, ORIGIN, 0));
    await bench.issue(writeVfConfigBlock(0, 5, new Uint8Array(3), ORIGIN, 0));
    await bench.issue(resetVf(0, ORIGIN));
    await bench.issue(freeVf(0, ORIGIN));
    expect(
      bench.pf.requests.map(({ oid, requestType, inputBufferLength, outputBufferLength }) => [
        oid,
        requestType,
        inputBufferLength,
        outputBufferLength,
      ]),
    ).toEqual([
      [OID.OID_NIC_SWITCH_CREATE_SWITCH, 12, 548, 548],
      [OID.OID_NIC_SWITCH_ALLOCATE_VF, 12, 1632, 1632],
      [OID.OID_SRIOV_READ_VF_CONFIG_BLOCK, 12, 20, 36],
      [OID.OID_SRIOV_WRITE_VF_CONFIG_BLOCK, 1, 23, 0],
      [OID.OID_SRIOV_RESET_VF, 1, 6, 0],
      [OID.OID_NIC_SWITCH_FREE_VF, 1, 12, 0],
    ]);
  });

  test('carry the timeout in seconds and an id of their own [concurrency.timeout-in-seconds]', async () => {
    const bench = await new PfNdisBench().allocated();
    expect(bench.pf.requests.map((request) => request.timeout)).toEqual([10, 10]);
    expect(new Set(bench.pf.requests.map((request) => request.requestId)).size).toBe(2);
  });

  test('the VFId is the answer of the PF', async () => {
    const bench = new PfNdisBench();
    await bench.issue(createSwitch(4));
    await bench.issue(allocateVf(VF, ORIGIN));
    const { request } = await bench.issue(allocateVf(VF, ORIGIN));
    expect(parseVfParameters(request.informationBuffer)?.vfId).toBe(1);
  });
});

describe('NdisMInvalidateConfigBlock', () => {
  test('a mask of 0 signals nobody, and is traced [invalidate.mask-0-of-the-pf]', () => {
    const bench = new PfNdisBench();
    bench.pf.invalidate(0, 0n);
    expect(bench.signals).toEqual([]);
    expect(bench.events).toMatchObject([
      { hop: 'ndisMInvalidateConfigBlock', vfId: 0, note: expect.stringContaining('mask of 0') },
    ]);
  });

  test('VFId 0xFFFF signals nobody, and is traced as dropped [contradiction.vfid-0xffff]', () => {
    const bench = new PfNdisBench();
    bench.pf.invalidate(0xffff, 1n);
    expect(bench.signals).toEqual([]);
    expect(bench.events.at(-1)).toMatchObject({ hop: 'blockMaskDropped', vfId: 0xffff });
  });

  test('what is beyond 64 bits is cut', () => {
    const bench = new PfNdisBench();
    bench.pf.invalidate(0, (1n << 64n) | 1n);
    bench.pf.invalidate(0, 1n << 64n);
    expect(bench.signals).toEqual([[0, 1n]]);
  });

  test('returns at once from inside the PF miniport, and signals the stack [invalidate.records-and-signals] [actors.host-ndis-signals-the-stack]', async () => {
    const bench = await new PfNdisBench().allocated();
    bench.pf.intercept = () => {
      bench.pf.invalidate(0, 0x21n);
      expect(bench.signals).toEqual([[0, 0x21n]]);
      return undefined;
    };
    await bench.issue(resetVf(0, ORIGIN));
    expect(bench.signals).toEqual([[0, 0x21n]]);
  });

  test('after the PF was halted signals nobody', async () => {
    const bench = new PfNdisBench();
    await bench.ndis.halt();
    bench.pf.invalidate(0, 1n);
    expect(bench.signals).toEqual([]);
  });
});

describe('the start and the halt of a PF miniport', () => {
  test.each<[string, () => NdisStatus | Promise<NdisStatus>, string]>([
    [
      'throws',
      () => {
        throw new Error('no configuration');
      },
      'no configuration',
    ],
    [
      'throws what cannot be printed',
      () => {
        throw Object.create(null);
      },
      'cannot be printed',
    ],
    ['rejects', () => Promise.reject(new Error('no configuration')), 'no configuration'],
    ['fails', () => NDIS_STATUS_FAILURE, 'NDIS_STATUS_FAILURE'],
    [
      'answers what is no status',
      () => JSON.parse('"fine"'),
      'MiniportInitializeEx answered fine, which is no NDIS_STATUS',
    ],
  ])('a start that %s says why [bring-up.pf-initialize]', async (_how, initialize, why) => {
    const bench = new PfNdisBench(new RecordingPf({ initialize }));
    expect(await bench.ndis.initialize()).toContain(why);
  });

  test('a halt waits for what is outstanding, and what comes after is not accepted [teardown.halt-when-none-outstanding] [teardown.not-accepted]', async () => {
    const bench = await new PfNdisBench().allocated();
    bench.pf.leavePending(OID.OID_SRIOV_RESET_VF);
    const reset = bench.issue(resetVf(0, ORIGIN));
    const halted = bench.ndis.halt();
    await turn();
    expect(bench.pf.halts).toBe(0);
    expect((await bench.issue(resetVf(0, ORIGIN))).status).toBe(NDIS_STATUS_NOT_ACCEPTED);
    bench.pf.complete(bench.pf.last(OID.OID_SRIOV_RESET_VF), NDIS_STATUS_SUCCESS);
    await halted;
    expect((await reset).status).toBe(NDIS_STATUS_SUCCESS);
    expect(bench.pf.halts).toBe(1);
  });

  test('halted by two at once, the PF miniport is halted once', async () => {
    const bench = await new PfNdisBench().allocated();
    bench.pf.leavePending(OID.OID_SRIOV_RESET_VF);
    const reset = bench.issue(resetVf(0, ORIGIN));
    const halted = Promise.all([bench.ndis.halt(), bench.ndis.halt()]);
    bench.pf.complete(bench.pf.last(OID.OID_SRIOV_RESET_VF), NDIS_STATUS_SUCCESS);
    await Promise.all([halted, reset]);
    expect(bench.pf.halts).toBe(1);
  });

  test('a halt that throws is reported, and is a halt all the same', async () => {
    const bench = new PfNdisBench(
      new RecordingPf({
        halt: () => {
          throw new Error('broken');
        },
      }),
    );
    await bench.ndis.halt();
    expect(bench.log.messages).toEqual([expect.stringContaining('MiniportHaltEx threw: broken')]);
  });

  test('a report that throws is no report', () => {
    const bench = new PfNdisBench(new RecordingPf(), (miniport) => ({
      ...miniport,
      reportVf: () => {
        throw new Error('broken');
      },
    }));
    expect(bench.ndis.reportVf(0)).toBeUndefined();
    expect(bench.log.messages).toEqual([expect.stringContaining('reportVf threw: broken')]);
  });
});

describe('a PF miniport that breaks its contract', () => {
  test('is named in the log and in the trace, with the OID and the VF', async () => {
    const bench = await new PfNdisBench().allocated();
    bench.pf.intercept = () => {
      throw new Error('broken');
    };
    expect((await bench.issue(resetVf(0, ORIGIN))).status).toBe(NDIS_STATUS_FAILURE);
    expect(bench.log.messages).toEqual(['the miniport threw: broken']);
    expect(bench.events.find((event) => event.hop === 'pfContractViolated')).toMatchObject({
      name: 'OID_SRIOV_RESET_VF',
      device: 'g1/0',
      vfId: 0,
      note: 'the miniport threw: broken',
    });
  });

  test('a request that it holds too long is cancelled by its id [concurrency.timeout-cancels]', async () => {
    const bench = await new PfNdisBench().allocated();
    bench.pf.intercept = () => NDIS_STATUS_PENDING;
    const reset = bench.issue(resetVf(0, ORIGIN));
    await bench.clock.advance(10_000);
    const { status, request } = await reset;
    expect(status).toBe(NDIS_STATUS.NDIS_STATUS_REQUEST_ABORTED);
    expect(bench.pf.cancelled).toEqual([request.requestId]);
  });
});
