import { describe, expect, test } from 'vitest';
import { IOCTL } from '#guest/io/ioctl.ts';
import {
  newReadBlockInput,
  newWriteBlockInput,
  parseInvalidateBlockOutput,
} from '#guest/io/vpci-structures.ts';
import { NTSTATUS } from '#shared/nt/ntstatus.ts';
import { turn } from '#test/kit/world/turn.ts';
import { type IrpEnd, VpciBench } from '#test/support/vpci-bench.ts';

const { STATUS_SUCCESS, STATUS_PENDING, STATUS_DEVICE_NOT_CONNECTED, STATUS_CANCELLED } = NTSTATUS;

function read(bench: VpciBench): IrpEnd {
  return bench.call({
    ioControlCode: IOCTL.IOCTL_VPCI_READ_BLOCK,
    type3InputBuffer: newReadBlockInput(5, 1),
    userBuffer: new Uint8Array(1),
  });
}

function write(bench: VpciBench): IrpEnd {
  return bench.call({
    ioControlCode: IOCTL.IOCTL_VPCI_WRITE_BLOCK,
    type3InputBuffer: newWriteBlockInput(5, Uint8Array.of(1)),
  });
}

function invalidate(bench: VpciBench, output = new Uint8Array(8)): IrpEnd {
  return bench.call({
    ioControlCode: IOCTL.IOCTL_VPCI_INVALIDATE_BLOCK,
    type3InputBuffer: output,
  });
}

describe('the VPCI driver of a bus that has left D0', () => {
  test.each([
    ['READ', read],
    ['WRITE', write],
  ])(
    'completes %s with STATUS_DEVICE_NOT_CONNECTED, and sends nothing [power.blocks-out-of-d0]',
    async (_which, call) => {
      const bench = new VpciBench();
      bench.driver.exitD0();
      const end = call(bench);
      await turn();
      expect(end.returned).toBe(STATUS_DEVICE_NOT_CONNECTED);
      expect(end.irp.ioStatus).toEqual({ status: STATUS_DEVICE_NOT_CONNECTED, information: 0 });
      expect(end.completions).toBe(1);
      expect(bench.host.received).toEqual([]);
    },
  );

  test('keeps the IOCTL pended, takes one that is issued, and completes it once D0 is back [pended.low-power]', async () => {
    const bench = new VpciBench();
    const before = invalidate(bench);
    bench.driver.exitD0();
    expect(before.completions).toBe(0);
    bench.driver.enterD0();
    bench.driver.notifyInvalidate(0x21n, 0);
    expect(before.irp.ioStatus).toEqual({ status: STATUS_SUCCESS, information: 0 });
    bench.driver.exitD0();
    const output = new Uint8Array(8);
    const during = invalidate(bench, output);
    expect(during.returned).toBe(STATUS_PENDING);
    bench.driver.enterD0();
    bench.driver.notifyInvalidate(0x2n, 0);
    expect(parseInvalidateBlockOutput(output)).toBe(0x2n);
  });

  test('lets the pended IOCTL be cancelled still', () => {
    const bench = new VpciBench();
    const pended = invalidate(bench);
    bench.driver.exitD0();
    expect(pended.irp.cancel()).toBe(true);
    expect(pended.irp.ioStatus).toEqual({ status: STATUS_CANCELLED, information: 0 });
  });

  test('fails the pended IOCTL when the device is removed', () => {
    const bench = new VpciBench();
    const pended = invalidate(bench);
    bench.driver.exitD0();
    bench.driver.remove();
    expect(pended.irp.ioStatus).toEqual({ status: STATUS_DEVICE_NOT_CONNECTED, information: 0 });
    expect(pended.completions).toBe(1);
  });

  test('completes what was asked before as the host answers it [power.outstanding-at-d0-exit]', async () => {
    const bench = new VpciBench();
    const end = read(bench);
    await turn();
    bench.driver.exitD0();
    const [request] = bench.host.requestsOf('READ_BLOCK');
    bench.host.complete(request?.transactionId ?? 0, { status: STATUS_SUCCESS, bytes: 'BQ==' });
    await turn();
    expect(end.irp.ioStatus).toEqual({ status: STATUS_SUCCESS, information: 1 });
  });
});
