import { describe, expect, test } from 'vitest';
import { IOCTL } from '#guest/io/ioctl.ts';
import { newWriteBlockInput } from '#guest/io/vpci-structures.ts';
import { NTSTATUS } from '#shared/nt/ntstatus.ts';
import { turn } from '#test/kit/world/turn.ts';
import { DriverBench } from '#test/support/driver-bench.ts';

const {
  STATUS_SUCCESS,
  STATUS_PENDING,
  STATUS_INVALID_PARAMETER,
  STATUS_NO_SUCH_DEVICE,
  STATUS_INVALID_DEVICE_REQUEST,
  STATUS_MORE_PROCESSING_REQUIRED,
  STATUS_DEVICE_NOT_CONNECTED,
  STATUS_NOT_SUPPORTED,
} = NTSTATUS;

const WRITE = {
  ioControlCode: IOCTL.IOCTL_VPCI_WRITE_BLOCK,
  type3InputBuffer: newWriteBlockInput(5, Uint8Array.of(1)),
} as const;

describe('a driver that breaks a rule of its IRPs is reported, and', () => {
  test('sends no IRP that is pending; what is under way goes on [ioctl.misused-irp]', async () => {
    const bench = new DriverBench();
    const end = bench.send(WRITE);
    expect(bench.wdm.ioCallDriver(bench.pdo, end.irp)).toBe(STATUS_INVALID_DEVICE_REQUEST);
    expect(bench.broken).toEqual(['irp.sent-while-pending']);
    bench.vpci.host.complete(1, { status: 0 });
    await turn();
    expect(end.irp.ioStatus).toEqual({ status: STATUS_SUCCESS, information: 1 });
    expect(end.completions).toBe(1);
    expect(bench.vpci.host.received).toHaveLength(1);
  });

  test('sends no IRP again that was completed and not reused [ioctl.misused-irp]', () => {
    const bench = new DriverBench();
    const end = bench.send({ ...WRITE, inputBufferLength: 0 });
    expect(bench.wdm.ioCallDriver(bench.pdo, end.irp)).toBe(STATUS_INVALID_DEVICE_REQUEST);
    expect(bench.broken).toEqual(['irp.sent-without-reuse']);
    expect(end.completions).toBe(1);
  });

  test('reuses and frees no IRP that is pending; what is under way goes on [ioctl.misused-irp]', async () => {
    const bench = new DriverBench();
    const end = bench.send(WRITE);
    bench.wdm.ioReuseIrp(end.irp, STATUS_SUCCESS);
    bench.wdm.ioFreeIrp(end.irp);
    expect(bench.broken).toEqual(['irp.reused-while-pending', 'irp.freed-while-pending']);
    expect(end.location.ioControlCode).toBe(WRITE.ioControlCode);
    bench.vpci.host.complete(1, { status: 0 });
    await turn();
    expect(end.completions).toBe(1);
  });

  test('uses no IRP that it has freed', () => {
    const bench = new DriverBench();
    const { irp, location } = bench.allocate(WRITE);
    bench.wdm.ioFreeIrp(irp);
    expect(bench.wdm.ioCallDriver(bench.pdo, irp)).toBe(STATUS_INVALID_PARAMETER);
    expect(bench.wdm.ioGetNextIrpStackLocation(irp)).not.toBe(location);
    bench.wdm.ioFreeIrp(irp);
    bench.wdm.ioReuseIrp(irp, STATUS_SUCCESS);
    expect(bench.wdm.ioCancelIrp(irp)).toBe(false);
    bench.wdm.ioSetCompletionRoutine(irp, () => STATUS_MORE_PROCESSING_REQUIRED);
    expect(bench.broken).toEqual(Array.from({ length: 6 }, () => 'irp.not-the-drivers-own'));
    expect(bench.violations[0]?.found).toBe('this one has been freed');
  });

  test('cancels and sends no IRP of another driver [pended.only-its-creator-cancels]', async () => {
    const other = new DriverBench();
    const end = other.send(WRITE);
    const bench = new DriverBench();
    expect(bench.wdm.ioCancelIrp(end.irp)).toBe(false);
    expect(bench.wdm.ioCallDriver(bench.pdo, end.irp)).toBe(STATUS_INVALID_PARAMETER);
    bench.wdm.ioFreeIrp(end.irp);
    expect(bench.broken).toEqual(Array.from({ length: 3 }, () => 'irp.not-the-drivers-own'));
    expect(other.broken).toEqual([]);
    other.vpci.host.complete(1, { status: 0 });
    await turn();
    expect(end.irp.ioStatus.status).toBe(STATUS_SUCCESS);
  });

  test("reaches no other VF's device object", async () => {
    const bench = new DriverBench();
    const other = new DriverBench();
    const { irp } = bench.allocate(WRITE);
    expect(bench.wdm.ioCallDriver(other.pdo, irp)).toBe(STATUS_NO_SUCH_DEVICE);
    expect(bench.broken).toEqual(['irp.device-object']);
    await turn();
    expect(other.vpci.host.received).toEqual([]);
  });

  test.each<[string, object]>([
    ['a buffer that is none', { type3InputBuffer: 'bytes' }],
    ['a proxy of a buffer', { type3InputBuffer: new Proxy(new Uint8Array(12), {}) }],
    ['a length that is no ULONG', { inputBufferLength: -1 }],
    ['a code that is no number', { ioControlCode: '0x002AC00F' }],
    ['a QueryInterface that is none', { queryInterface: 'GUID_VPCI_INTERFACE_STANDARD' }],
    [
      'an interface type that is no text',
      { queryInterface: { interfaceType: 1, size: 56, version: 1 } },
    ],
  ])('sends nothing with %s', (_what, change) => {
    const bench = new DriverBench();
    const { irp, location } = bench.allocate(WRITE);
    Object.assign(location, change);
    expect(bench.wdm.ioCallDriver(bench.pdo, irp)).toBe(STATUS_INVALID_PARAMETER);
    expect(bench.broken).toEqual(['irp.malformed']);
  });

  test('neither reuses nor frees an IRP of IoBuildDeviceIoControlRequest', () => {
    const bench = new DriverBench();
    const { irp } = bench.synchronous();
    bench.wdm.ioReuseIrp(irp, STATUS_SUCCESS);
    bench.wdm.ioFreeIrp(irp);
    expect(bench.broken).toEqual(['irp.synchronous-is-not-reused', 'irp.synchronous-is-not-freed']);
    expect(bench.wdm.ioCallDriver(bench.pdo, irp)).toBe(STATUS_PENDING);
  });

  test('gets no IRP with a stack size that cannot be', () => {
    const { wdm } = new DriverBench();
    for (const size of [0, 128, 1.5, Number.NaN]) expect(wdm.ioAllocateIrp(size)).toBeUndefined();
  });

  test('that has none pending when it is halted, and nothing comes to it after', () => {
    const bench = new DriverBench();
    const end = bench.send(WRITE);
    bench.io.close();
    expect(bench.violations).toMatchObject([{ rule: 'irp.pending-at-halt', found: '1 pending' }]);
    bench.vpci.host.complete(1, { status: 0 });
    expect(bench.wdm.ioCancelIrp(end.irp)).toBe(true);
    expect(end.completions).toBe(0);
    const { irp } = bench.allocate(WRITE);
    expect(bench.wdm.ioCallDriver(bench.pdo, irp)).toBe(STATUS_DEVICE_NOT_CONNECTED);
  });
});

describe('an IRP of IoAllocateIrp', () => {
  test('is as new after IoReuseIrp, with the status that was given [ioctl.drivers-own-irps]', () => {
    const bench = new DriverBench();
    const { irp, location } = bench.send({ ...WRITE, inputBufferLength: 0 });
    irp.userBuffer = new Uint8Array(1);
    const { ioStatus } = irp;
    bench.wdm.ioReuseIrp(irp, STATUS_NOT_SUPPORTED);
    expect(irp).toEqual({
      ioStatus: { status: STATUS_NOT_SUPPORTED, information: 0 },
      userBuffer: undefined,
      userEvent: undefined,
      userIosb: undefined,
    });
    expect(irp.ioStatus).toBe(ioStatus);
    expect(bench.wdm.ioGetNextIrpStackLocation(irp)).toBe(location);
    expect(location.ioControlCode).toBe(0);
    expect(bench.broken).toEqual([]);
  });

  test('may be sent again by its completion routine, and freed [ioctl.drivers-own-irps]', () => {
    const bench = new DriverBench();
    const request = { ...WRITE, inputBufferLength: 0 };
    let isFreed = false;
    const end = bench.send(request, (irp) => {
      bench.wdm.ioReuseIrp(irp, STATUS_SUCCESS);
      bench.fill(irp, request);
      bench.wdm.ioSetCompletionRoutine(irp, () => {
        bench.wdm.ioFreeIrp(irp);
        isFreed = true;
        return STATUS_MORE_PROCESSING_REQUIRED;
      });
      bench.wdm.ioCallDriver(bench.pdo, irp);
    });
    expect(end.completions).toBe(1);
    expect(isFreed).toBe(true);
    expect(bench.broken).toEqual([]);
    bench.wdm.ioFreeIrp(end.irp);
    expect(bench.broken).toEqual(['irp.not-the-drivers-own']);
  });
});
