import { describe, expect, test } from 'vitest';
import { IOCTL } from '#guest/io/ioctl.ts';
import {
  newReadBlockInput,
  newWriteBlockInput,
  parseInvalidateBlockOutput,
} from '#guest/io/vpci-structures.ts';
import { NTSTATUS } from '#shared/nt/ntstatus.ts';
import { turn } from '#test/kit/world/turn.ts';
import { DriverBench } from '#test/support/driver-bench.ts';
import type { DriverEnd } from '#test/support/driver-requests.ts';
import { bytes, hex } from '#test/support/hex.ts';

const { IOCTL_VPCI_READ_BLOCK, IOCTL_VPCI_WRITE_BLOCK, IOCTL_VPCI_INVALIDATE_BLOCK } = IOCTL;
const {
  STATUS_SUCCESS,
  STATUS_PENDING,
  STATUS_INVALID_PARAMETER,
  STATUS_INVALID_DEVICE_REQUEST,
  STATUS_DEVICE_NOT_CONNECTED,
  STATUS_CANCELLED,
} = NTSTATUS;

const READ = {
  ioControlCode: IOCTL_VPCI_READ_BLOCK,
  type3InputBuffer: newReadBlockInput(5, 4),
} as const;
const WRITE = {
  ioControlCode: IOCTL_VPCI_WRITE_BLOCK,
  type3InputBuffer: newWriteBlockInput(5, bytes('11 22 33 44')),
} as const;

type Send = (bench: DriverBench) => DriverEnd;

const read: Send = (bench) => bench.send({ ...READ, userBuffer: new Uint8Array(4) });
const write: Send = (bench) => bench.send(WRITE);
const invalidate: Send = (bench) =>
  bench.send({
    ioControlCode: IOCTL_VPCI_INVALIDATE_BLOCK,
    type3InputBuffer: new Uint8Array(8).fill(0xff),
  });

const ALL: readonly (readonly [string, Send])[] = [
  ['READ', read],
  ['WRITE', write],
  ['INVALIDATE', invalidate],
];

/** Expects a request that ended with a failure, once, with no information. */
function expectFailure({ irp, completions }: DriverEnd, status: number): void {
  expect(irp.ioStatus).toEqual({ status, information: 0 });
  expect(completions).toBe(1);
}

function maskOf({ location }: DriverEnd): bigint {
  return parseInvalidateBlockOutput(location.type3InputBuffer ?? new Uint8Array(8));
}

describe('a request of a driver of the VF', () => {
  test.each(ALL)(
    '%s to a removed device is STATUS_DEVICE_NOT_CONNECTED [ioctl.device-removed]',
    (_what, send) => {
      const bench = new DriverBench();
      bench.vpci.driver.remove();
      const end = send(bench);
      expect(end.returned).toBe(STATUS_DEVICE_NOT_CONNECTED);
      expectFailure(end, STATUS_DEVICE_NOT_CONNECTED);
    },
  );

  test.each(ALL)(
    '%s that waits when the channel is lost is STATUS_DEVICE_NOT_CONNECTED [ioctl.device-removed]',
    async (_what, send) => {
      const bench = new DriverBench();
      const end = send(bench);
      expect(end.completions).toBe(0);
      bench.vpci.host.close();
      await turn();
      expectFailure(end, STATUS_DEVICE_NOT_CONNECTED);
    },
  );

  test.each(ALL)(
    '%s that is cancelled is STATUS_CANCELLED, once [ioctl.invalidate.cancelled] [ioctl.block-request-cancelled]',
    async (_what, send) => {
      const bench = new DriverBench();
      const end = send(bench);
      expect(end.returned).toBe(STATUS_PENDING);
      expect(bench.wdm.ioCancelIrp(end.irp)).toBe(true);
      expectFailure(end, STATUS_CANCELLED);
      expect(bench.wdm.ioCancelIrp(end.irp)).toBe(false);
      bench.vpci.host.complete(1, { status: 0 });
      bench.vpci.driver.notifyInvalidate(1n, 0);
      await turn();
      expectFailure(end, STATUS_CANCELLED);
    },
  );

  test.each([
    ['READ', read],
    ['WRITE', write],
  ] as const)('%s that the PF fails has its status [ioctl.pf-failed]', async (_what, send) => {
    const bench = new DriverBench();
    const end = send(bench);
    bench.vpci.host.complete(1, { status: STATUS_INVALID_PARAMETER });
    await turn();
    expectFailure(end, STATUS_INVALID_PARAMETER);
  });

  test('a second INVALIDATE is refused, and the first stays pended [ioctl.invalidate.second-while-pended]', () => {
    const bench = new DriverBench();
    const first = invalidate(bench);
    const second = invalidate(bench);
    expect(second.returned).toBe(STATUS_INVALID_DEVICE_REQUEST);
    expectFailure(second, STATUS_INVALID_DEVICE_REQUEST);
    expect(first.completions).toBe(0);
    bench.vpci.driver.notifyInvalidate(0x21n, 0);
    expect(maskOf(first)).toBe(0x21n);
  });

  test('READ is pending, then succeeds with the bytes read [ioctl.pending] [ioctl.success] [contradiction.pending-is-not-final]', async () => {
    const bench = new DriverBench();
    const end = read(bench);
    expect(end.returned).toBe(STATUS_PENDING);
    expect(end.irp.ioStatus.status).not.toBe(STATUS_PENDING);
    bench.vpci.host.complete(1, { status: 0, bytes: 'ESI=' });
    await turn();
    expect(end.irp.ioStatus).toEqual({ status: STATUS_SUCCESS, information: 2 });
    expect(hex(end.irp.userBuffer ?? new Uint8Array())).toBe('11 22 00 00');
    expect(end.completions).toBe(1);
  });

  test('WRITE is pending, then succeeds with the bytes written [ioctl.pending] [ioctl.success]', async () => {
    const bench = new DriverBench();
    const end = write(bench);
    expect(end.returned).toBe(STATUS_PENDING);
    bench.vpci.host.complete(1, { status: 0 });
    await turn();
    expect(end.irp.ioStatus).toEqual({ status: STATUS_SUCCESS, information: 4 });
    expect(bench.vpci.host.received[0]?.message).toMatchObject({ bytes: 'ESIzRA==' });
  });

  test('INVALIDATE is pending, then succeeds with Information 0 and the mask at Type3InputBuffer [ioctl.pending] [contradiction.information-0]', () => {
    const bench = new DriverBench();
    const end = invalidate(bench);
    expect(end.returned).toBe(STATUS_PENDING);
    bench.vpci.driver.notifyInvalidate(0x8000_0000_0000_0001n, 0);
    expect(end.irp.ioStatus).toEqual({ status: STATUS_SUCCESS, information: 0 });
    expect(maskOf(end)).toBe(0x8000_0000_0000_0001n);
  });

  test('INVALIDATE whose structure was given away fails when it is to be filled, and the mask waits for the next', () => {
    const bench = new DriverBench();
    const given = new Uint8Array(8);
    const end = bench.send({
      ioControlCode: IOCTL_VPCI_INVALIDATE_BLOCK,
      type3InputBuffer: given,
    });
    structuredClone(given, { transfer: [given.buffer] });
    bench.vpci.driver.notifyInvalidate(0x4n, 0);
    expectFailure(end, NTSTATUS.STATUS_UNSUCCESSFUL);
    expect(maskOf(invalidate(bench))).toBe(0x4n);
  });

  test('is seen between the driver and the VPCI driver, each end with the request as its cause', async () => {
    const bench = new DriverBench();
    const end = read(bench);
    bench.wdm.ioCancelIrp(end.irp);
    expect(bench.vpci.events.filter(({ hop }) => hop.startsWith('vfIo'))).toMatchObject([
      { hop: 'vfIoCallDriver', name: 'IOCTL_VPCI_READ_BLOCK', blockId: 5, seq: 1 },
      { hop: 'vfIoCancelIrp', name: 'IoCancelIrp', note: 'IOCTL_VPCI_READ_BLOCK' },
      {
        hop: 'vfIoCompleteRequest',
        name: 'IOCTL_VPCI_READ_BLOCK',
        status: STATUS_CANCELLED,
        cause: 1,
      },
    ]);
  });
});

describe('a cancel that races with a completion', () => {
  test('wins: the mask that came too late waits for the next request [pended.cancel-races]', () => {
    const bench = new DriverBench();
    const end = invalidate(bench);
    bench.wdm.ioCancelIrp(end.irp);
    bench.vpci.driver.notifyInvalidate(0x4n, 0);
    expectFailure(end, STATUS_CANCELLED);
    expect(maskOf(invalidate(bench))).toBe(0x4n);
  });

  test('loses: the request has succeeded, and is not completed again [pended.cancel-races] [pended.cancel-may-lose]', () => {
    const bench = new DriverBench();
    const end = invalidate(bench);
    bench.vpci.driver.notifyInvalidate(0x4n, 0);
    expect(bench.wdm.ioCancelIrp(end.irp)).toBe(false);
    expect(end.irp.ioStatus.status).toBe(STATUS_SUCCESS);
    expect(end.completions).toBe(1);
  });

  test('comes before the request is sent: it is not pended', () => {
    const bench = new DriverBench();
    const { irp } = bench.allocate({
      ioControlCode: IOCTL_VPCI_INVALIDATE_BLOCK,
      type3InputBuffer: new Uint8Array(8),
    });
    bench.wdm.ioSetCompletionRoutine(irp, () => NTSTATUS.STATUS_MORE_PROCESSING_REQUIRED);
    expect(bench.wdm.ioCancelIrp(irp)).toBe(false);
    expect(bench.wdm.ioCallDriver(bench.pdo, irp)).toBe(STATUS_CANCELLED);
    expect(invalidate(bench).returned).toBe(STATUS_PENDING);
  });

  test('the answer to a request that was cancelled does not complete the next use of its IRP [ioctl.completed-once]', async () => {
    const bench = new DriverBench();
    const end = read(bench);
    const { irp } = end;
    bench.wdm.ioCancelIrp(irp);
    bench.wdm.ioReuseIrp(irp, STATUS_SUCCESS);
    const again = new Uint8Array(4);
    bench.fill(irp, { ...READ, userBuffer: again });
    let completions = 0;
    bench.wdm.ioSetCompletionRoutine(irp, () => {
      completions++;
      return NTSTATUS.STATUS_MORE_PROCESSING_REQUIRED;
    });
    expect(bench.wdm.ioCallDriver(bench.pdo, irp)).toBe(STATUS_PENDING);
    bench.vpci.host.complete(1, { status: 0, bytes: 'EREREQ==' });
    await turn();
    expect(completions).toBe(0);
    expect(hex(again)).toBe('00 00 00 00');
    bench.vpci.host.complete(2, { status: 0, bytes: 'IiIiIg==' });
    await turn();
    expect(completions).toBe(1);
    expect(hex(again)).toBe('22 22 22 22');
    expect(bench.broken).toEqual([]);
  });
});
