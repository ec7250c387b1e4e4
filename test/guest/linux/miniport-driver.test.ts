import { describe, expect, test } from 'vitest';
import { NDIS_STATUS } from '#shared/ndis/ndis-status.ts';
import { queryRequest } from '#shared/ndis/oid-request.ts';
import { NTSTATUS } from '#shared/nt/ntstatus.ts';
import { CLOSE_CODES } from '#shared/transport/close-codes.ts';
import { turn } from '#test/kit/world/turn.ts';
import { bytes } from '#test/support/hex.ts';
import { answerAsLinuxExpects } from '#test/support/linux-bench.ts';
import { RawHostBench, type RawHostBenchOptions } from '#test/support/raw-host-bench.ts';
import { RecordingVf } from '#test/support/recording-vf.ts';

const { NDIS_STATUS_SUCCESS, NDIS_STATUS_FAILURE } = NDIS_STATUS;

/** A Linux guest whose VF is driven by a VF miniport. */
async function newBench(options: RawHostBenchOptions = {}): Promise<RawHostBench> {
  return await new RawHostBench({
    ...options,
    profile: 'linux',
    onHost: (host) => {
      answerAsLinuxExpects(host);
      options.onHost?.(host);
    },
  }).run();
}

/** What the VPCI driver of the shim completed IRPs with, in order. */
function statuses(bench: RawHostBench): readonly (number | undefined)[] {
  return bench.events.filter(({ hop }) => hop === 'ioCompleteRequest').map(({ status }) => status);
}

describe('a VF miniport that fails on Linux', () => {
  test('because its factory throws ends its VF with the reason', async () => {
    const factory = () => {
      throw Object.create(null);
    };
    const bench = await newBench({ vf: Object.assign(new RecordingVf(), { factory }) });
    expect(bench.host.closed).toMatchObject({
      code: CLOSE_CODES.initializeFailed.code,
      reason: expect.stringContaining('could not be created'),
    });
  });

  test('in MiniportInitializeEx ends its VF: D0 exit, then the close; it is not halted', async () => {
    const bench = await newBench({
      vf: new RecordingVf({ initialize: () => NDIS_STATUS_FAILURE }),
    });
    expect(bench.host.types.at(-1)).toBe('FDO_D0_EXIT');
    expect(bench.host.closed).toEqual({
      code: CLOSE_CODES.initializeFailed.code,
      reason: 'MiniportInitializeEx failed with NDIS_STATUS_FAILURE',
    });
    expect(bench.vf.halts).toEqual([]);
  });
});

describe('a VF miniport on Linux', () => {
  test.each<[string, number, number]>([
    ['refuses', NTSTATUS.STATUS_INVALID_PARAMETER, NTSTATUS.STATUS_UNSUCCESSFUL],
    ['fails with what is no failure', NTSTATUS.STATUS_PENDING, NTSTATUS.STATUS_UNSUCCESSFUL],
  ])(
    'learns NDIS_STATUS_FAILURE when the host %s; the cause is in the trace [linux.miniport]',
    async (_how, status, completed) => {
      const bench = await newBench({
        onHost: (host) => {
          host.answers['READ_BLOCK'] = () => ({ status });
          host.answers['WRITE_BLOCK'] = () => ({ status });
        },
      });
      expect(await bench.vf.read(5, 16)).toBe(NDIS_STATUS_FAILURE);
      expect(await bench.vf.write(5, bytes('AA'))).toBe(NDIS_STATUS_FAILURE);
      expect(statuses(bench)).toEqual([completed, completed]);
    },
  );

  test('has its 65th request fail, where NDIS on Windows has it wait [linux.miniport] [linux.no-queue]', async () => {
    const bench = await newBench();
    for (let block = 0; block < 64; block++) void bench.vf.read(block, 4);
    await turn();
    expect(await bench.vf.read(64, 4)).toBe(NDIS_STATUS_FAILURE);
    expect(statuses(bench)).toEqual([NTSTATUS.STATUS_INSUFFICIENT_RESOURCES]);
    expect(bench.host.requestsOf('READ_BLOCK')).toHaveLength(64);
  });

  test('has what waits fail when the channel is rescinded, and is removed by surprise', async () => {
    const bench = await newBench();
    const read = bench.vf.read(5, 4);
    await turn();
    bench.host.close({ code: CLOSE_CODES.lost.code, reason: 'cut' });
    expect(await read).toBe(NDIS_STATUS_FAILURE);
    expect(statuses(bench)).toContain(NTSTATUS.STATUS_DEVICE_NOT_CONNECTED);
    await turn();
    expect(bench.vf.halts).toEqual(['NdisHaltDeviceSurpriseRemoved']);
  });

  test('takes padding for data at the end of a short read [linux.miniport] [linux.short-read]', async () => {
    const bench = await newBench({
      readPadding: 'marker',
      onHost: (host) => {
        host.answers['READ_BLOCK'] = () => ({ status: 0, bytes: 'EQ==' });
      },
    });
    const read = await bench.vf.read(5, 8);
    expect(read).toEqual(bytes('11 A5 A5 A5 00 00 00 00'));
  });

  test('loses an invalidation that comes before it is initialized [linux.miniport] [linux.no-latch]', async () => {
    let finish: () => void = () => {};
    const vf = new RecordingVf({
      initialize: () =>
        new Promise((resolve) => {
          finish = () => resolve(NDIS_STATUS_SUCCESS);
        }),
    });
    const bench = await newBench({ vf });
    bench.host.invalidate(1n);
    finish();
    await turn();
    bench.host.invalidate(2n);
    await turn();
    await turn();
    expect(bench.vf.masks).toEqual([2n]);
    const dropped = bench.events.filter(({ hop }) => hop === 'blockInvalidateDropped');
    expect(dropped).toMatchObject([{ mask: '0x0000000000000001' }]);
  });

  test('registers once it is initialized, and each mask becomes an OID request [linux.miniport]', async () => {
    const bench = await newBench();
    const hops = bench.events.map(({ hop }) => hop);
    expect(hops.slice(-4)).toEqual([
      'vfMiniportInitializeEx',
      'vfMiniportInitializeExReturn',
      'ioCallDriver',
      'hypervRegBlockInvalidate',
    ]);
    for (const mask of [1n, 0x20n]) {
      bench.host.invalidate(mask);
      await turn();
      await turn();
    }
    expect(bench.vf.masks).toEqual([1n, 0x20n]);
  });

  test('may read blocks in its OID handler: that is no longer the callback', async () => {
    const reads: unknown[] = [];
    const vf = new RecordingVf({
      invalidated: async (each) => void reads.push(await each.read(5, 1)),
    });
    const bench = await newBench({
      vf,
      onHost: (host) => {
        host.answers['READ_BLOCK'] = () => ({ status: 0, bytes: 'EQ==' });
      },
    });
    bench.host.invalidate(1n);
    await turn();
    await turn();
    expect(reads).toEqual([bytes('11')]);
    expect(bench.log.messages).toEqual([]);
  });

  test('is told nothing of a storm beyond 1,024 masks in one turn [linux.no-memory]', async () => {
    const bench = await newBench();
    for (let each = 0; each < 2_000; each++) bench.host.invalidate(1n);
    for (let each = 0; each < 1_100; each++) await turn();
    const dropped = bench.events.filter(({ hop }) => hop === 'blockInvalidateDropped');
    expect(dropped).toHaveLength(2_000 - 1_024);
    expect(dropped[0]?.note).toBe('no memory for the work that would tell of it');
    expect(bench.vf.masks.length).toBeGreaterThan(0);
    expect(bench.vf.masks.every((mask) => mask === 1n)).toBe(true);
  });

  test('has an adapter, to which OID requests are issued as on Windows', async () => {
    const bench = await newBench();
    const unknown = queryRequest(0xff01_0001, new Uint8Array(4));
    const answer = await bench.os.oidRequest(0, unknown);
    expect(answer).toMatchObject({ status: NDIS_STATUS.NDIS_STATUS_NOT_SUPPORTED });
    await bench.os.stop();
    expect(await bench.os.oidRequest(0, unknown)).toBeUndefined();
  });

  test('is halted before EJECT_COMPLETE, and before the bus leaves D0', async () => {
    const bench = await newBench();
    bench.host.eject();
    await turn();
    expect(bench.vf.halts).toEqual(['NdisHaltDeviceDisabled']);
    expect(bench.host.types.at(-1)).toBe('EJECT_COMPLETE');
    bench.host.invalidate(1n);
    await turn();
    expect(bench.vf.masks).toEqual([]);
    const other = await newBench();
    await other.os.stop();
    expect(other.vf.halts).toEqual(['NdisHaltDeviceDisabled']);
    expect(other.host.types.at(-1)).toBe('FDO_D0_EXIT');
    expect(await other.vf.read(0, 1)).toBe(NDIS_STATUS_FAILURE);
  });
});
