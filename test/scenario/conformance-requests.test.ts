import { describe, expect, test } from 'vitest';
import type { VfMiniportFactory } from '#guest/ndis/vf-miniport.ts';
import { parseConfigBlockParameters } from '#host/ndis/config-block-parameters.ts';
import { NDIS_STATUS } from '#shared/ndis/ndis-status.ts';
import { OID } from '#shared/ndis/oid.ts';
import type { NdisOidRequest } from '#shared/ndis/oid-request.ts';
import { NTSTATUS } from '#shared/nt/ntstatus.ts';
import { turn } from '#test/kit/world/turn.ts';
import { createWorld } from '#test/kit/world/world.ts';
import { LegacyVf } from '#test/support/legacy-vf.ts';
import { RawHostBench } from '#test/support/raw-host-bench.ts';
import { RecordingPf } from '#test/support/recording-pf.ts';
import { RecordingVf } from '#test/support/recording-vf.ts';

const { NDIS_STATUS_SUCCESS, NDIS_STATUS_FAILURE, NDIS_STATUS_PENDING } = NDIS_STATUS;

describe('a status on the channel', () => {
  test.each([0x00000103, 0x00010003, 0x40000000, 0x80000005])(
    '0x%x, which is neither 0 nor an error, is no success to the guest [status.only-0-succeeds]',
    async (status) => {
      const bench = await new RawHostBench({
        onHost: (host) => {
          host.answers['READ_BLOCK'] = () => ({ status, bytes: 'ESI=' });
          host.answers['WRITE_BLOCK'] = () => ({ status });
        },
      }).run();
      const buffer = new Uint8Array(2);
      const { adapter } = bench.vf;
      expect(await adapter.ndisMReadConfigBlock(5, buffer, 2)).toBe(NDIS_STATUS_FAILURE);
      expect(buffer).toEqual(new Uint8Array(2));
      expect(await adapter.ndisMWriteConfigBlock(5, buffer, 2)).toBe(NDIS_STATUS_FAILURE);
    },
  );
});

describe('a call of a VF miniport', () => {
  test('that reads more than there is succeeds, and fills less [read.no-length-returned]', async () => {
    const vf = new RecordingVf();
    const pf = new RecordingPf({ readBlock: () => Uint8Array.of(0x11, 0x22) });
    await (await createWorld({ pf: pf.factory })).attachGuest(vf.factory);
    expect(await vf.current.read(5, 4)).toEqual(Uint8Array.of(0x11, 0x22, 0, 0));
  });

  test('that writes returns when the PF has completed it, and not before [write.returns-after-the-pf]', async () => {
    const vf = new RecordingVf();
    const pf = new RecordingPf();
    await (await createWorld({ pf: pf.factory })).attachGuest(vf.factory);
    pf.leavePending(OID.OID_SRIOV_WRITE_VF_CONFIG_BLOCK);
    const returned: number[] = [];
    void vf.current.write(5, Uint8Array.of(1)).then((status) => returned.push(status));
    await turn();
    expect(returned).toEqual([]);
    pf.finish(pf.last(OID.OID_SRIOV_WRITE_VF_CONFIG_BLOCK));
    await turn();
    expect(returned).toEqual([NDIS_STATUS_SUCCESS]);
  });
});

describe('a member that a page describes in the words of another structure', () => {
  test('BlockId of a VPCI_WRITE_BLOCK_INPUT is the block to write, of which nothing is read [contradiction.copied-sentences]', async () => {
    const pf = new RecordingPf();
    const vf = new LegacyVf({ majorNdisVersion: 6, minorNdisVersion: 20 });
    await (await createWorld({ pf: pf.factory })).attachGuest(vf.factory);
    pf.oids.length = 0;
    const { ends } = vf.write(5, Uint8Array.of(0xaa, 0xbb, 0xcc));
    await turn();
    expect(ends).toEqual([{ status: NTSTATUS.STATUS_SUCCESS, information: 3 }]);
    expect(pf.oids).toEqual(['OID_SRIOV_WRITE_VF_CONFIG_BLOCK']);
    const { informationBuffer } = pf.lastAsked(OID.OID_SRIOV_WRITE_VF_CONFIG_BLOCK);
    expect(parseConfigBlockParameters(informationBuffer)).toMatchObject({ blockId: 5, length: 3 });
    expect(informationBuffer.subarray(20)).toEqual(Uint8Array.of(0xaa, 0xbb, 0xcc));
  });

  test('VFId of NdisMInvalidateConfigBlock is the VF that is told, and no other is [contradiction.copied-sentences]', async () => {
    const pf = new RecordingPf();
    const vf = new RecordingVf();
    await (await createWorld({ pf: pf.factory })).attachGuest(vf.factory, { vfs: 2 });
    pf.invalidate(1, 0x20n);
    await turn();
    expect(vf.instances.map(({ adapter, masks }) => [adapter.name, masks])).toEqual([
      ['g1/0', []],
      ['g1/1', [0x20n]],
    ]);
  });
});

describe('an OID request', () => {
  test('has its documented members at the PF, which sets its own [layout.oid-request-members]', async () => {
    const pf = new RecordingPf();
    const vf = new RecordingVf();
    const world = await createWorld({ pf: pf.factory, oidTimeout: 7 });
    await world.attachGuest(vf.factory);
    await vf.current.read(5, 4);
    await vf.current.write(5, new Uint8Array(4));
    const read = pf.lastAsked(OID.OID_SRIOV_READ_VF_CONFIG_BLOCK);
    expect(read).toMatchObject({
      requestType: 12,
      timeout: 7,
      oid: 0x00010253,
      inputBufferLength: 20,
      outputBufferLength: 24,
      bytesWritten: 24,
      bytesRead: 20,
      bytesNeeded: 0,
    });
    expect(read.informationBuffer.byteLength).toBe(24);
    const write = pf.lastAsked(OID.OID_SRIOV_WRITE_VF_CONFIG_BLOCK);
    expect(write).toMatchObject({ requestType: 1, bytesRead: 24, supportedRevision: 1 });
    expect(write.requestId).not.toBe(read.requestId);
  });

  test('that the VF miniport leaves pending is over when it completes it [vf-oid.pending] [concurrency.one-oid-per-vf]', async () => {
    const held: NdisOidRequest[] = [];
    let complete: (request: NdisOidRequest) => void = () => {};
    const factory: VfMiniportFactory = (adapter) => {
      complete = (request) => adapter.ndisMOidRequestComplete(request, NDIS_STATUS_SUCCESS);
      return {
        miniportOidRequest: (request) => {
          held.push(request);
          return NDIS_STATUS_PENDING;
        },
      };
    };
    const pf = new RecordingPf();
    const world = await createWorld({ pf: pf.factory });
    await world.attachGuest(factory);
    for (const mask of [1n, 2n]) {
      pf.invalidate(0, mask);
      await turn();
    }
    expect(held).toHaveLength(1);
    for (const request of [...held]) complete(request);
    expect(held).toHaveLength(2);
    expect(world.eventsOf('vfMiniportOidRequestComplete')).toMatchObject([{ status: 0 }]);
    expect(world.eventsOf('vfContractViolated')).toEqual([]);
  });
});
