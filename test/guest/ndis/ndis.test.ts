import { describe, expect, test } from 'vitest';
import { IOCTL } from '#guest/io/ioctl.ts';
import { IRP_MJ_INTERNAL_DEVICE_CONTROL, type Irp } from '#guest/io/irp.ts';
import { VfNdis } from '#guest/ndis/ndis.ts';
import type { VfMiniport } from '#guest/ndis/vf-miniport.ts';
import { NDIS_STATUS, type NdisStatus } from '#shared/ndis/ndis-status.ts';
import { OID } from '#shared/ndis/oid.ts';
import { NTSTATUS } from '#shared/nt/ntstatus.ts';
import { Trace, type TraceEvent } from '#shared/trace/trace.ts';
import { ManualClock } from '#test/kit/world/manual-clock.ts';
import { turn } from '#test/kit/world/turn.ts';
import { hex } from '#test/support/hex.ts';
import { recordingLog } from '#test/support/recording-log.ts';
import { RecordingVf, type RecordingVfInstance } from '#test/support/recording-vf.ts';

const { NDIS_STATUS_SUCCESS, NDIS_STATUS_FAILURE, NDIS_STATUS_PENDING } = NDIS_STATUS;

const noBusData = () => Promise.resolve({ count: 0, cause: 0 });

/** NDIS over a device that keeps every IRP, and a VF miniport that writes down what it is told. */
class Bench {
  readonly irps: Irp[] = [];
  readonly clock = new ManualClock();
  readonly events: TraceEvent[] = [];
  readonly log = recordingLog();
  readonly recording: RecordingVf;
  readonly ndis: VfNdis;

  constructor(
    recording = new RecordingVf(),
    change: (miniport: VfMiniport) => VfMiniport = (each) => each,
  ) {
    this.recording = recording;
    const trace = new Trace(() => 0);
    trace.listen((event) => this.events.push(event));
    this.ndis = new VfNdis({
      name: 'g1/0',
      miniport: (adapter) => change(recording.factory(adapter)),
      busInterface: { getBusData: noBusData, setBusData: noBusData },
      device: { ioCallDriver: (irp) => this.irps.push(irp) },
      configuration: new Map([['Mtu', '9000']]),
      clock: this.clock,
      trace,
      log: this.log.log,
      oidTimeout: 10,
      identity: () => ({ device: 'g1/0' }),
      serialNumber: 7,
      busStatistics: () => ({ framesSent: 1, framesReceived: 2, bytesSent: 3, bytesReceived: 4 }),
    });
  }

  get vf(): RecordingVfInstance {
    return this.recording.current;
  }

  /** The IRPs of one IOCTL. */
  of(code: number): readonly Irp[] {
    return this.irps.filter((irp) => irp.stackLocation.ioControlCode === code);
  }

  /** Completes the pended IOCTL_VPCI_INVALIDATE_BLOCK with a mask. */
  invalidate(mask: bigint): void {
    const irp = this.of(IOCTL.IOCTL_VPCI_INVALIDATE_BLOCK).at(-1);
    const output = irp?.stackLocation.type3InputBuffer ?? new Uint8Array(8);
    new DataView(output.buffer).setBigUint64(0, mask, true);
    irp?.complete(NTSTATUS.STATUS_SUCCESS, 0);
  }
}

describe('NdisMReadConfigBlock and NdisMWriteConfigBlock', () => {
  test.each([
    NTSTATUS.STATUS_UNSUCCESSFUL,
    NTSTATUS.STATUS_INVALID_PARAMETER,
    NTSTATUS.STATUS_DEVICE_NOT_CONNECTED,
    NTSTATUS.STATUS_BUFFER_TOO_SMALL,
    NTSTATUS.STATUS_CANCELLED,
    NTSTATUS.STATUS_PENDING,
    0x40000000,
  ])(
    'every cause of failure, 0x%x, collapses to NDIS_STATUS_FAILURE [read.success-or-failure] [write.success-or-failure]',
    async (status) => {
      const bench = new Bench();
      const read = bench.vf.read(5, 16);
      const write = bench.vf.write(5, new Uint8Array(16));
      for (const irp of bench.irps) irp.complete(status, 0);
      expect(await read).toBe(NDIS_STATUS_FAILURE);
      expect(await write).toBe(NDIS_STATUS_FAILURE);
    },
  );

  test.each([
    ['a BlockId of -1', -1, 4, 4],
    ['a BlockId of 2^32', 2 ** 32, 4, 4],
    ['a BlockId that is no integer', 0.5, 4, 4],
    ['a Length beyond the buffer', 5, 4, 5],
    ['a Length of -1', 5, 4, -1],
    ['a Length that is no integer', 5, 4, 1.5],
    ['a Length that is no number', 5, 4, Number.NaN],
  ])('%s is NDIS_STATUS_FAILURE, and no IRP is built', async (_what, blockId, size, length) => {
    const bench = new Bench();
    const { adapter } = bench.vf;
    const buffer = new Uint8Array(size);
    expect(await adapter.ndisMReadConfigBlock(blockId, buffer, length)).toBe(NDIS_STATUS_FAILURE);
    expect(await adapter.ndisMWriteConfigBlock(blockId, buffer, length)).toBe(NDIS_STATUS_FAILURE);
    expect(bench.irps).toEqual([]);
  });

  test('a read becomes an IRP with IOCTL_VPCI_READ_BLOCK, and returns when that is completed [read.door-of-ndis] [ioctl.read.irp] [constants.method-neither]', async () => {
    const bench = new Bench();
    const buffer = new Uint8Array(32);
    let returned: NdisStatus | undefined;
    bench.vf.adapter.ndisMReadConfigBlock(5, buffer, 16).then(
      (status) => {
        returned = status;
      },
      () => {},
    );
    await turn();
    expect(returned).toBeUndefined();
    const [irp] = bench.irps;
    expect(irp?.stackLocation).toMatchObject({
      majorFunction: IRP_MJ_INTERNAL_DEVICE_CONTROL,
      ioControlCode: 0x002ac00b,
      inputBufferLength: 8,
      outputBufferLength: 16,
    });
    expect(hex(irp?.stackLocation.type3InputBuffer ?? buffer)).toBe('05 00 00 00 10 00 00 00');
    expect(irp?.userBuffer).toBe(buffer);
    irp?.complete(NTSTATUS.STATUS_SUCCESS, 16);
    await turn();
    expect(returned).toBe(NDIS_STATUS_SUCCESS);
  });

  test('a write becomes an IRP with IOCTL_VPCI_WRITE_BLOCK, UserBuffer NULL and the bytes of now [write.door-of-ndis] [write.irp]', async () => {
    const bench = new Bench();
    const data = Uint8Array.of(0xaa, 0xbb, 0xcc, 0xdd);
    const written = bench.vf.adapter.ndisMWriteConfigBlock(2, data, 3);
    data.fill(0);
    const [irp] = bench.irps;
    expect(irp?.stackLocation).toMatchObject({
      ioControlCode: 0x002ac00f,
      inputBufferLength: 12,
      outputBufferLength: 0,
    });
    expect(irp?.userBuffer).toBeUndefined();
    expect(hex(irp?.stackLocation.type3InputBuffer ?? data)).toBe(
      '02 00 00 00 03 00 00 00 AA BB CC 00',
    );
    irp?.complete(NTSTATUS.STATUS_SUCCESS, 3);
    expect(await written).toBe(NDIS_STATUS_SUCCESS);
  });

  test('several may be under way at once, and each returns by itself [concurrency.several-block-calls]', async () => {
    const bench = new Bench();
    const reads = [bench.vf.read(1, 1), bench.vf.read(2, 1)];
    bench.irps[1]?.complete(NTSTATUS.STATUS_SUCCESS, 1);
    expect(await reads[1]).toEqual(new Uint8Array(1));
    bench.irps[0]?.complete(NTSTATUS.STATUS_UNSUCCESSFUL, 0);
    expect(await reads[0]).toBe(NDIS_STATUS_FAILURE);
  });
});

describe('the start of a VF miniport', () => {
  const failed = 'MiniportInitializeEx failed with NDIS_STATUS_FAILURE';

  test.each<[string, () => NdisStatus | Promise<NdisStatus>, string]>([
    [
      'throws',
      () => {
        throw new Error('broken');
      },
      `${failed}: broken`,
    ],
    [
      'throws what cannot be printed',
      () => {
        throw Object.create(null);
      },
      `${failed}: something that cannot be printed`,
    ],
    ['rejects', () => Promise.reject(new Error('broken')), `${failed}: broken`],
    ['fails', () => NDIS_STATUS_FAILURE, failed],
    [
      'answers what is no status',
      () => JSON.parse('"fine"'),
      `${failed}: it answered fine, which is no NDIS_STATUS`,
    ],
  ])('that %s issues no IOCTL, and says why', async (_how, initialize, why) => {
    const bench = new Bench(new RecordingVf({ initialize }));
    expect(await bench.ndis.initialize()).toBe(why);
    expect(bench.irps).toEqual([]);
  });

  test('issues the first IOCTL_VPCI_INVALIDATE_BLOCK once it has succeeded, and not before [invalidate.first-ioctl] [ioctl.invalidate.irp]', async () => {
    let succeed: (status: NdisStatus) => void = () => {};
    const initialize = () =>
      new Promise<NdisStatus>((resolve) => {
        succeed = resolve;
      });
    const bench = new Bench(new RecordingVf({ initialize }));
    const initialized = bench.ndis.initialize();
    await turn();
    expect(bench.irps).toEqual([]);
    succeed(NDIS_STATUS_SUCCESS);
    await initialized;
    expect(bench.of(IOCTL.IOCTL_VPCI_INVALIDATE_BLOCK)).toHaveLength(1);
    expect(bench.irps[0]?.stackLocation).toMatchObject({
      majorFunction: IRP_MJ_INTERNAL_DEVICE_CONTROL,
      ioControlCode: IOCTL.IOCTL_VPCI_INVALIDATE_BLOCK,
      inputBufferLength: 8,
      outputBufferLength: 0,
      type3InputBuffer: new Uint8Array(8),
    });
    expect(bench.irps[0]?.userBuffer).toBeUndefined();
  });

  test('gives the miniport its settings, its counters and its name', () => {
    const { adapter } = new Bench().vf;
    expect(adapter.name).toBe('g1/0');
    expect(adapter.configuration.get('Mtu')).toBe('9000');
    expect(adapter.busStatistics()).toEqual({
      framesSent: 1,
      framesReceived: 2,
      bytesSent: 3,
      bytesReceived: 4,
    });
  });
});

describe('OID_SRIOV_VF_INVALIDATE_CONFIG_BLOCK', () => {
  test('is a method request over the 16 bytes of its structure [contradiction.invalidate-oid-is-method] [contradiction.invalidate-info-header]', async () => {
    const requests: unknown[] = [];
    const bench = new Bench(new RecordingVf(), (miniport) => ({
      ...miniport,
      miniportOidRequest: (request) => {
        requests.push({ ...request, informationBuffer: hex(request.informationBuffer) });
        return miniport.miniportOidRequest(request);
      },
    }));
    await bench.ndis.initialize();
    bench.invalidate(0x21n);
    expect(requests).toMatchObject([
      {
        oid: OID.OID_SRIOV_VF_INVALIDATE_CONFIG_BLOCK,
        requestType: 12,
        inputBufferLength: 16,
        outputBufferLength: 16,
        timeout: 10,
        informationBuffer: '80 01 10 00 00 00 00 00 21 00 00 00 00 00 00 00',
      },
    ]);
  });

  test.each<[string, () => NdisStatus | Promise<NdisStatus>]>([
    [
      'throws',
      () => {
        throw new Error('broken');
      },
    ],
    ['rejects', () => Promise.reject(new Error('broken'))],
    ['fails', () => NDIS_STATUS_FAILURE],
  ])('that the miniport %s is over, and the next one comes', async (_how, answer) => {
    let calls = 0;
    const bench = new Bench(new RecordingVf(), (miniport) => ({
      ...miniport,
      miniportOidRequest: () => {
        calls++;
        return answer();
      },
    }));
    await bench.ndis.initialize();
    bench.invalidate(1n);
    await turn();
    bench.invalidate(2n);
    await turn();
    expect(calls).toBe(2);
  });

  test('that the miniport holds too long is aborted, named in the trace, and the next one comes', async () => {
    const cancelled: number[] = [];
    const bench = new Bench(new RecordingVf(), (miniport) => ({
      ...miniport,
      miniportOidRequest: (request) => {
        void miniport.miniportOidRequest(request);
        return NDIS_STATUS_PENDING;
      },
      miniportCancelOidRequest: (requestId) => cancelled.push(requestId),
    }));
    await bench.ndis.initialize();
    bench.invalidate(1n);
    bench.invalidate(2n);
    bench.invalidate(4n);
    await bench.clock.advance(10_000);
    expect(bench.vf.masks).toEqual([1n, 6n]);
    expect(cancelled).toHaveLength(1);
    expect(bench.events.filter((event) => event.hop === 'vfContractViolated')).toHaveLength(1);
  });
});

describe('the halt of a VF miniport', () => {
  test('cancels the pended IOCTL, waits for the OID that is outstanding, and comes once [pended.halt] [teardown.halt-when-none-outstanding]', async () => {
    let finish: () => void = () => {};
    const bench = new Bench(
      new RecordingVf({
        invalidated: () =>
          new Promise<void>((resolve) => {
            finish = resolve;
          }),
      }),
    );
    await bench.ndis.initialize();
    bench.invalidate(1n);
    const halted = Promise.all([
      bench.ndis.halt('NdisHaltDeviceDisabled'),
      bench.ndis.halt('NdisHaltDeviceSurpriseRemoved'),
    ]);
    await turn();
    expect(bench.of(IOCTL.IOCTL_VPCI_INVALIDATE_BLOCK).at(-1)?.cancelled).toBe(true);
    expect(bench.vf.halts).toEqual([]);
    finish();
    await halted;
    expect(bench.vf.halts).toEqual(['NdisHaltDeviceDisabled']);
  });

  test('no OID comes after it, though the IOCTL completes with a mask', async () => {
    const bench = new Bench();
    await bench.ndis.initialize();
    await bench.ndis.halt('NdisHaltDeviceDisabled');
    bench.invalidate(1n);
    await turn();
    expect(bench.vf.masks).toEqual([]);
  });

  test.each<[string, () => void | Promise<void>]>([
    [
      'throws',
      () => {
        throw new Error('broken');
      },
    ],
    [
      'throws what cannot be printed',
      () => {
        throw Object.create(null);
      },
    ],
    ['rejects', () => Promise.reject(new Error('broken'))],
  ])('that %s is reported, and is a halt all the same', async (_how, halt) => {
    const bench = new Bench(new RecordingVf({ halt }));
    await bench.ndis.initialize();
    await bench.ndis.halt('NdisHaltDeviceDisabled');
    expect(bench.log.messages).toEqual([expect.stringContaining('MiniportHaltEx threw')]);
  });
});
