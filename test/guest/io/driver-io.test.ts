import { describe, expect, test } from 'vitest';
import { IOCTL } from '#guest/io/ioctl.ts';
import { newWriteBlockInput } from '#guest/io/vpci-structures.ts';
import { IRQL } from '#shared/nt/irql.ts';
import { NTSTATUS } from '#shared/nt/ntstatus.ts';
import { turn } from '#test/kit/world/turn.ts';
import { DriverBench } from '#test/support/driver-bench.ts';

const { STATUS_SUCCESS, STATUS_PENDING, STATUS_TIMEOUT, STATUS_UNSUCCESSFUL, STATUS_CANCELLED } =
  NTSTATUS;

const WRITE = {
  ioControlCode: IOCTL.IOCTL_VPCI_WRITE_BLOCK,
  type3InputBuffer: newWriteBlockInput(5, Uint8Array.of(1)),
} as const;

describe('a driver at DISPATCH_LEVEL', () => {
  test('can neither build a request to wait for nor wait: it has the completion routine alone [contradiction.user-event]', async () => {
    const bench = new DriverBench();
    const event = bench.wdm.keInitializeEvent('NotificationEvent', true);
    bench.irql.set(IRQL.DISPATCH_LEVEL);
    expect(() => bench.synchronous()).toThrow('gave none');
    expect(await bench.wdm.keWaitForSingleObject(event)).toBe(STATUS_UNSUCCESSFUL);
    expect(bench.violations).toMatchObject([
      { rule: 'irql.synchronous-irp', found: 'it was at DISPATCH_LEVEL' },
      { rule: 'irql.wait', found: 'it was at DISPATCH_LEVEL' },
    ]);
    const end = bench.send(WRITE);
    bench.vpci.host.complete(1, { status: 0 });
    await turn();
    expect(end.completions).toBe(1);
  });

  test('may ask whether an event is signaled', async () => {
    const bench = new DriverBench();
    const event = bench.wdm.keInitializeEvent('NotificationEvent', false);
    bench.irql.set(IRQL.DISPATCH_LEVEL);
    expect(await bench.wdm.keWaitForSingleObject(event, 0)).toBe(STATUS_TIMEOUT);
    bench.wdm.keSetEvent(event);
    expect(bench.wdm.keReadStateEvent(event)).toBe(true);
    bench.wdm.keClearEvent(event);
    expect(bench.wdm.keReadStateEvent(event)).toBe(false);
    expect(bench.broken).toEqual([]);
  });
});

describe('a driver at APC_LEVEL', () => {
  test('waits for the event of its request, whose status block has the final status then [contradiction.user-event] [contradiction.pending-is-not-final]', async () => {
    const bench = new DriverBench();
    bench.irql.set(IRQL.APC_LEVEL);
    const { irp, event, ioStatusBlock } = bench.synchronous();
    expect(bench.wdm.ioCallDriver(bench.pdo, irp)).toBe(STATUS_PENDING);
    const waits: number[] = [];
    void bench.wdm.keWaitForSingleObject(event).then((status) => waits.push(status));
    await turn();
    expect(waits).toEqual([]);
    bench.vpci.host.complete(1, { status: 0 });
    await turn();
    expect(waits).toEqual([STATUS_SUCCESS]);
    expect(ioStatusBlock).toEqual({ status: STATUS_SUCCESS, information: 1 });
    expect(bench.broken).toEqual([]);
  });

  test('that waits in vain cancels the request, and waits for its end [ioctl.drivers-own-irps]', async () => {
    const bench = new DriverBench();
    const { irp, event, ioStatusBlock } = bench.synchronous();
    bench.wdm.ioCallDriver(bench.pdo, irp);
    const waited = bench.wdm.keWaitForSingleObject(event, 100);
    await bench.clock.advance(100);
    expect(await waited).toBe(STATUS_TIMEOUT);
    expect(bench.wdm.ioCancelIrp(irp)).toBe(true);
    expect(await bench.wdm.keWaitForSingleObject(event)).toBe(STATUS_SUCCESS);
    expect(ioStatusBlock).toEqual({ status: STATUS_CANCELLED, information: 0 });
  });

  test('has what was sent and waited for freed by the I/O manager', async () => {
    const bench = new DriverBench();
    const { irp } = bench.synchronous();
    bench.wdm.ioCallDriver(bench.pdo, irp);
    bench.vpci.host.complete(1, { status: 0 });
    await turn();
    bench.wdm.ioCancelIrp(irp);
    expect(bench.broken).toEqual(['irp.not-the-drivers-own']);
  });

  test('waits for nothing that is no event', async () => {
    const { wdm, broken, violations } = new DriverBench();
    const event = JSON.parse('{}');
    expect(await wdm.keWaitForSingleObject(event)).toBe(STATUS_UNSUCCESSFUL);
    expect(wdm.keSetEvent(event)).toBe(false);
    expect(wdm.keReadStateEvent(event)).toBe(false);
    expect(broken).toEqual([]);
    expect(violations.map(({ rule, name }) => `${rule} ${name}`)).toEqual([
      'event.not-an-event KeWaitForSingleObject',
      'event.not-an-event KeSetEvent',
      'event.not-an-event KeReadStateEvent',
    ]);
  });
});
