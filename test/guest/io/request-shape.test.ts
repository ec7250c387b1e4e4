import { describe, expect, test } from 'vitest';
import { describeIoViolation } from '#guest/io/io-violation.ts';
import { IOCTL } from '#guest/io/ioctl.ts';
import { IRP_MJ_DEVICE_CONTROL } from '#guest/io/irp.ts';
import {
  newReadBlockInput,
  newWriteBlockInput,
  parseInvalidateBlockOutput,
} from '#guest/io/vpci-structures.ts';
import { NTSTATUS } from '#shared/nt/ntstatus.ts';
import { turn } from '#test/kit/world/turn.ts';
import { DriverBench } from '#test/support/driver-bench.ts';
import { bytes, hex } from '#test/support/hex.ts';

const { IOCTL_VPCI_READ_BLOCK, IOCTL_VPCI_WRITE_BLOCK, IOCTL_VPCI_INVALIDATE_BLOCK } = IOCTL;
const { STATUS_SUCCESS, STATUS_PENDING, STATUS_INVALID_DEVICE_REQUEST } = NTSTATUS;

const READ = {
  ioControlCode: IOCTL_VPCI_READ_BLOCK,
  type3InputBuffer: newReadBlockInput(5, 2),
} as const;
const WRITE = {
  ioControlCode: IOCTL_VPCI_WRITE_BLOCK,
  type3InputBuffer: newWriteBlockInput(5, bytes('11 22')),
} as const;
const NO_OUTPUT =
  'UserBuffer is NULL in a write and in an invalidation, and OutputBufferLength is 0 in a write';

/** The breaches of a bench, as the log has them. */
function told(bench: DriverBench): readonly string[] {
  return bench.violations.map(describeIoViolation);
}

describe('a request of a driver that its page describes otherwise, and names no status for', () => {
  test('READ with OutputBufferLength above BytesRequested is reported and served [ioctl.read.output-too-large]', async () => {
    const bench = new DriverBench();
    const end = bench.send({ ...READ, userBuffer: new Uint8Array(8) });
    expect(told(bench)).toEqual([
      'IOCTL_VPCI_READ_BLOCK: OutputBufferLength of a read is its BytesRequested; they are 8 and 2',
    ]);
    expect(end.returned).toBe(STATUS_PENDING);
    bench.vpci.host.complete(1, { status: 0, bytes: 'ESIz' });
    await turn();
    expect(end.irp.ioStatus).toEqual({ status: STATUS_SUCCESS, information: 2 });
    expect(hex(end.irp.userBuffer ?? new Uint8Array())).toBe('11 22 00 00 00 00 00 00');
  });

  test.each([
    ['UserBuffer', { userBuffer: new Uint8Array(4) }, 'UserBuffer has 4 bytes'],
    ['OutputBufferLength', { outputBufferLength: 4 }, 'OutputBufferLength is 4'],
  ])(
    'WRITE with %s is reported and served, and what is too much ignored [ioctl.output-of-none]',
    async (_what, parameters, found) => {
      const bench = new DriverBench();
      const end = bench.send({ ...WRITE, ...parameters });
      expect(told(bench)).toEqual([`IOCTL_VPCI_WRITE_BLOCK: ${NO_OUTPUT}; ${found}`]);
      expect(end.returned).toBe(STATUS_PENDING);
      bench.vpci.host.complete(1, { status: 0 });
      await turn();
      expect(end.irp.ioStatus).toEqual({ status: STATUS_SUCCESS, information: 2 });
      expect(end.irp.userBuffer?.every((byte) => byte === 0) ?? true).toBe(true);
    },
  );

  test('INVALIDATE with UserBuffer is reported, and has its mask at Type3InputBuffer [ioctl.output-of-none]', () => {
    const bench = new DriverBench();
    const output = new Uint8Array(8);
    const end = bench.send({
      ioControlCode: IOCTL_VPCI_INVALIDATE_BLOCK,
      type3InputBuffer: output,
      userBuffer: new Uint8Array(8),
    });
    expect(told(bench)).toEqual([
      `IOCTL_VPCI_INVALIDATE_BLOCK: ${NO_OUTPUT}; UserBuffer has 8 bytes`,
    ]);
    bench.vpci.driver.notifyInvalidate(0x21n, 0);
    expect(end.irp.ioStatus).toEqual({ status: STATUS_SUCCESS, information: 0 });
    expect(parseInvalidateBlockOutput(output)).toBe(0x21n);
    expect(hex(end.irp.userBuffer ?? new Uint8Array())).toBe('00 00 00 00 00 00 00 00');
  });
});

describe('a request of a driver of which nothing is reported', () => {
  test('is one that is refused, since its status says so', () => {
    const bench = new DriverBench();
    const majorFunction = IRP_MJ_DEVICE_CONTROL;
    const end = bench.send({ ...WRITE, majorFunction, userBuffer: new Uint8Array(4) });
    expect(end.irp.ioStatus.status).toBe(STATUS_INVALID_DEVICE_REQUEST);
    expect(told(bench)).toEqual([]);
  });

  test('is INVALIDATE with any OutputBufferLength, which its page describes in the words of a read [contradiction.invalidate-output-length]', () => {
    const bench = new DriverBench();
    const end = bench.send({
      ioControlCode: IOCTL_VPCI_INVALIDATE_BLOCK,
      type3InputBuffer: new Uint8Array(8),
      outputBufferLength: 4_096,
    });
    expect(end.returned).toBe(STATUS_PENDING);
    expect(told(bench)).toEqual([]);
  });

  test('is READ and WRITE as their pages describe them', () => {
    const bench = new DriverBench();
    bench.send({ ...READ, userBuffer: new Uint8Array(2) });
    bench.send(WRITE);
    expect(told(bench)).toEqual([]);
  });
});
