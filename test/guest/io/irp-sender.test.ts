import { describe, expect, test } from 'vitest';
import { type IoCompletionRoutine, STATUS_CONTINUE_COMPLETION } from '#guest/io/driver-irp.ts';
import type { IoViolation } from '#guest/io/io-violation.ts';
import { IOCTL } from '#guest/io/ioctl.ts';
import { newWriteBlockInput } from '#guest/io/vpci-structures.ts';
import { IRQL } from '#shared/nt/irql.ts';
import { NTSTATUS } from '#shared/nt/ntstatus.ts';
import { turn } from '#test/kit/world/turn.ts';
import { DriverBench } from '#test/support/driver-bench.ts';

const {
  STATUS_SUCCESS,
  STATUS_MORE_PROCESSING_REQUIRED,
  STATUS_INSUFFICIENT_RESOURCES,
  STATUS_CANCELLED,
} = NTSTATUS;

const WRITE = {
  ioControlCode: IOCTL.IOCTL_VPCI_WRITE_BLOCK,
  type3InputBuffer: newWriteBlockInput(5, Uint8Array.of(1)),
} as const;

describe('a completion routine', () => {
  test('runs at DISPATCH_LEVEL, whatever the level of who sends', () => {
    const bench = new DriverBench();
    let level: number | undefined;
    bench.send({ ...WRITE, inputBufferLength: 0 }, () => {
      level = bench.irql.level;
    });
    expect(level).toBe(IRQL.DISPATCH_LEVEL);
    expect(bench.irql.level).toBe(IRQL.PASSIVE_LEVEL);
  });

  test.each<[string, () => unknown, Partial<IoViolation>]>([
    [
      'that throws',
      () => {
        throw new Error('broken');
      },
      { rule: 'completion.threw', error: new Error('broken') },
    ],
    [
      'that returns nothing',
      () => undefined,
      { rule: 'completion.not-a-status', found: 'it returned undefined' },
    ],
    [
      'that waits',
      () => Promise.reject(new Error('broken')),
      { rule: 'completion.not-a-status', found: 'it returned a promise' },
    ],
  ])('%s is reported; the IRP stays with the driver', async (_what, routine, violation) => {
    const bench = new DriverBench();
    const { irp } = bench.allocate({ ...WRITE, inputBufferLength: 0 });
    bench.wdm.ioSetCompletionRoutine(irp, routine as IoCompletionRoutine);
    bench.wdm.ioCallDriver(bench.pdo, irp);
    await turn();
    expect(bench.violations[0]).toMatchObject(violation);
    bench.wdm.ioReuseIrp(irp, STATUS_SUCCESS);
    expect(bench.broken).not.toContain('irp.not-the-drivers-own');
  });

  test.each<[string, IoCompletionRoutine | undefined, boolean]>([
    ['is not set', undefined, true],
    ['lets the completion go on', () => STATUS_CONTINUE_COMPLETION, true],
    ['is not invoked for an error', () => STATUS_MORE_PROCESSING_REQUIRED, false],
  ])(
    'that %s leaves an allocated IRP to the I/O manager, which frees it; that is reported [ioctl.misused-irp]',
    (_what, routine, onError) => {
      const bench = new DriverBench();
      const { irp } = bench.allocate({ ...WRITE, inputBufferLength: 0 });
      if (routine !== undefined) bench.wdm.ioSetCompletionRoutine(irp, routine, true, onError);
      bench.wdm.ioCallDriver(bench.pdo, irp);
      expect(bench.broken).toEqual(['completion.not-stopped']);
      bench.wdm.ioFreeIrp(irp);
      expect(bench.broken[1]).toBe('irp.not-the-drivers-own');
    },
  );

  test('for cancelled requests alone is called for those', () => {
    const bench = new DriverBench();
    const { irp } = bench.allocate(WRITE);
    let status: number | undefined;
    const routine = () => {
      ({ status } = irp.ioStatus);
      return STATUS_MORE_PROCESSING_REQUIRED;
    };
    bench.wdm.ioSetCompletionRoutine(irp, routine, false, false, true);
    bench.wdm.ioCallDriver(bench.pdo, irp);
    bench.wdm.ioCancelIrp(irp);
    expect(status).toBe(STATUS_CANCELLED);
    expect(bench.broken).toEqual([]);
  });

  test('that sends its IRP again whatever the status is comes to an end', () => {
    const bench = new DriverBench();
    bench.vpci.driver.remove();
    const statuses: number[] = [];
    let calls = 0;
    const again: IoCompletionRoutine = (irp) => {
      calls++;
      bench.wdm.ioReuseIrp(irp, STATUS_SUCCESS);
      bench.fill(irp, WRITE);
      bench.wdm.ioSetCompletionRoutine(irp, again);
      statuses.push(bench.wdm.ioCallDriver(bench.pdo, irp));
      return STATUS_MORE_PROCESSING_REQUIRED;
    };
    const { irp } = bench.allocate(WRITE);
    bench.wdm.ioSetCompletionRoutine(irp, again);
    bench.wdm.ioCallDriver(bench.pdo, irp);
    expect(calls).toBe(16);
    expect(statuses[0]).toBe(STATUS_INSUFFICIENT_RESOURCES);
    expect(bench.broken).toEqual(['completion.recursion']);
  });

  test('of a driver that made its objects unwritable takes nothing down', () => {
    const bench = new DriverBench();
    const { irp } = bench.allocate({ ...WRITE, inputBufferLength: 0 });
    Object.freeze(irp.ioStatus);
    expect(bench.wdm.ioCallDriver(bench.pdo, irp)).toBe(NTSTATUS.STATUS_BUFFER_TOO_SMALL);
    expect(bench.broken).toEqual(['completion.threw']);
  });
});
