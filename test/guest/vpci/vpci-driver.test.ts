import { describe, expect, test } from 'vitest';
import { IOCTL } from '#guest/io/ioctl.ts';
import {
  newReadBlockInput,
  newWriteBlockInput,
  parseInvalidateBlockOutput,
} from '#guest/io/vpci-structures.ts';
import { NTSTATUS } from '#shared/nt/ntstatus.ts';
import { turn } from '#test/kit/world/turn.ts';
import { bytes, hex } from '#test/support/hex.ts';
import { type IrpEnd, VpciBench } from '#test/support/vpci-bench.ts';

const { IOCTL_VPCI_READ_BLOCK, IOCTL_VPCI_WRITE_BLOCK, IOCTL_VPCI_INVALIDATE_BLOCK } = IOCTL;
const {
  STATUS_SUCCESS,
  STATUS_PENDING,
  STATUS_UNSUCCESSFUL,
  STATUS_INVALID_PARAMETER,
  STATUS_INVALID_DEVICE_REQUEST,
  STATUS_DEVICE_NOT_CONNECTED,
  STATUS_CANCELLED,
} = NTSTATUS;

const ALL = (1n << 64n) - 1n;

function read(bench: VpciBench, blockId: number, length: number, buffer = length): IrpEnd {
  return bench.call({
    ioControlCode: IOCTL_VPCI_READ_BLOCK,
    type3InputBuffer: newReadBlockInput(blockId, length),
    userBuffer: new Uint8Array(buffer),
  });
}

function write(bench: VpciBench, blockId: number, data: Uint8Array): IrpEnd {
  return bench.call({
    ioControlCode: IOCTL_VPCI_WRITE_BLOCK,
    type3InputBuffer: newWriteBlockInput(blockId, data),
  });
}

function invalidate(bench: VpciBench, output = new Uint8Array(8)): IrpEnd {
  return bench.call({ ioControlCode: IOCTL_VPCI_INVALIDATE_BLOCK, type3InputBuffer: output });
}

/** Expects an IRP that ended with a failure, once, with no information. */
function expectFailure(end: IrpEnd, status: number): void {
  expect(end.irp.ioStatus).toEqual({ status, information: 0 });
  expect(end.completions).toBe(1);
}

function maskOf(end: IrpEnd): bigint {
  const output = end.irp.stackLocation.type3InputBuffer;
  return output === undefined ? 0n : parseInvalidateBlockOutput(output);
}

describe('the VPCI driver of a removed device', () => {
  test.each([
    ['READ', (bench: VpciBench) => read(bench, 5, 16)],
    ['WRITE', (bench: VpciBench) => write(bench, 5, new Uint8Array(16))],
    ['INVALIDATE', (bench: VpciBench) => invalidate(bench)],
  ])(
    '%s after the device was removed is STATUS_DEVICE_NOT_CONNECTED [ioctl.device-removed]',
    (_what, call) => {
      const bench = new VpciBench();
      bench.driver.remove();
      const end = call(bench);
      expect(end.returned).toBe(STATUS_DEVICE_NOT_CONNECTED);
      expectFailure(end, STATUS_DEVICE_NOT_CONNECTED);
    },
  );
});

describe('IOCTL_VPCI_READ_BLOCK', () => {
  test.each([
    [STATUS_INVALID_PARAMETER],
    [NTSTATUS.STATUS_NOT_SUPPORTED],
    [NTSTATUS.STATUS_NDIS_INVALID_LENGTH],
    [0xc0011234],
  ])(
    'that the PF failed completes with that failure, 0x%x, and leaves the buffer alone [ioctl.pf-failed] [read.failure-has-no-information]',
    async (status) => {
      const bench = new VpciBench();
      const end = read(bench, 5, 4);
      bench.host.complete(1, { status, bytes: 'EREREQ==' });
      await turn();
      expectFailure(end, status);
      expect(hex(end.irp.userBuffer ?? new Uint8Array())).toBe('00 00 00 00');
    },
  );

  test.each([{ status: STATUS_SUCCESS }, { status: STATUS_SUCCESS, bytes: '' }])(
    'answered with success and no data, %j, is a failure [read.success-without-data]',
    async (completion) => {
      const bench = new VpciBench();
      const end = read(bench, 5, 4);
      bench.host.complete(1, completion);
      await turn();
      expectFailure(end, STATUS_UNSUCCESSFUL);
    },
  );

  test('returns STATUS_PENDING and sends block, slot and length [ioctl.pending] [read.message]', async () => {
    const bench = new VpciBench();
    const end = read(bench, 0xffff_ffff, 16);
    expect(end.returned).toBe(STATUS_PENDING);
    await turn();
    expect(bench.host.received.map(({ message }) => message)).toEqual([
      { type: 'READ_BLOCK', blockId: 0xffff_ffff, slot: 0, bytesRequested: 16 },
    ]);
    expect(end.completions).toBe(0);
  });

  test('completes with the bytes read and how many they are [ioctl.success] [layout.io-status-block]', async () => {
    const bench = new VpciBench();
    const end = read(bench, 5, 2);
    bench.host.complete(1, { status: 0, bytes: Buffer.from('1122', 'hex').toString('base64') });
    await turn();
    expect(end.irp.ioStatus).toEqual({ status: STATUS_SUCCESS, information: 2 });
    expect(hex(end.irp.userBuffer ?? new Uint8Array())).toBe('11 22');
  });

  test('answered with fewer bytes says so in Information, and writes no more [read.bytes-read]', async () => {
    const bench = new VpciBench();
    const end = read(bench, 5, 4);
    bench.host.complete(1, { status: 0, bytes: 'ESI=' });
    await turn();
    expect(end.irp.ioStatus).toEqual({ status: STATUS_SUCCESS, information: 2 });
    expect(hex(end.irp.userBuffer ?? new Uint8Array())).toBe('11 22 00 00');
  });

  test('answered with more bytes than were asked for takes only those [read.bytes-read]', async () => {
    const bench = new VpciBench();
    const end = read(bench, 5, 2, 8);
    bench.host.complete(1, { status: 0, bytes: Buffer.alloc(132, 0x11).toString('base64') });
    await turn();
    expect(end.irp.ioStatus).toEqual({ status: STATUS_SUCCESS, information: 2 });
    expect(hex(end.irp.userBuffer ?? new Uint8Array())).toBe('11 11 00 00 00 00 00 00');
  });

  test('with a larger OutputBufferLength is accepted, and BytesRequested is what is transferred [ioctl.read.output-too-large]', async () => {
    const bench = new VpciBench();
    const end = read(bench, 5, 2, 8);
    await turn();
    expect(bench.host.received[0]?.message).toMatchObject({ bytesRequested: 2 });
    const bytes = Buffer.from('11223344', 'hex').toString('base64');
    bench.host.complete(1, { status: STATUS_SUCCESS, bytes });
    await turn();
    expect(end.irp.ioStatus).toEqual({ status: STATUS_SUCCESS, information: 2 });
    expect(hex(end.irp.userBuffer ?? new Uint8Array())).toBe('11 22 00 00 00 00 00 00');
  });

  test('into a buffer that its owner has given away meanwhile fails, and breaks nothing', async () => {
    const bench = new VpciBench();
    const userBuffer = new Uint8Array(4);
    const end = bench.call({
      ioControlCode: IOCTL_VPCI_READ_BLOCK,
      type3InputBuffer: newReadBlockInput(5, 4),
      userBuffer,
    });
    structuredClone(userBuffer, { transfer: [userBuffer.buffer] });
    bench.host.complete(1, { status: 0, bytes: 'EREREQ==' });
    await turn();
    expectFailure(end, STATUS_UNSUCCESSFUL);
  });
});

describe('IOCTL_VPCI_WRITE_BLOCK', () => {
  test('that the PF failed completes with that failure [write.failure-has-no-information] [ioctl.pf-failed]', async () => {
    const bench = new VpciBench();
    const end = write(bench, 5, new Uint8Array(4));
    bench.host.complete(1, { status: STATUS_INVALID_PARAMETER });
    await turn();
    expectFailure(end, STATUS_INVALID_PARAMETER);
  });

  test.each([1, 127, 128])(
    'sends %i bytes, and completes with that Information [write.message] [write.bytes-written] [contradiction.pending-is-not-final]',
    async (length) => {
      const bench = new VpciBench();
      const data = new Uint8Array(length).fill(0xaa);
      const end = write(bench, 64, data);
      expect(end.returned).toBe(STATUS_PENDING);
      bench.host.complete(1, { status: 0 });
      await turn();
      expect(bench.host.received[0]?.message).toEqual({
        type: 'WRITE_BLOCK',
        blockId: 64,
        slot: 0,
        byteCount: length,
        bytes: Buffer.from(data).toString('base64'),
      });
      expect(end.irp.ioStatus).toEqual({ status: STATUS_SUCCESS, information: length });
    },
  );

  test('takes the bytes when it is called', async () => {
    const bench = new VpciBench();
    const input = newWriteBlockInput(5, bytes('11 22'));
    bench.call({ ioControlCode: IOCTL_VPCI_WRITE_BLOCK, type3InputBuffer: input });
    input.fill(0);
    await turn();
    expect(bench.host.received[0]?.message).toMatchObject({ bytes: 'ESI=' });
  });
});

describe('a block request that waits for the host', () => {
  test.each([
    ['read', (bench: VpciBench) => read(bench, 5, 16)],
    ['write', (bench: VpciBench) => write(bench, 5, new Uint8Array(4))],
  ])(
    'a %s that is cancelled completes once, with STATUS_CANCELLED; what the host answers later changes nothing [ioctl.block-request-cancelled]',
    async (_what, issue) => {
      const bench = new VpciBench();
      const end = issue(bench);
      expect(end.irp.cancel()).toBe(true);
      expectFailure(end, STATUS_CANCELLED);
      bench.host.complete(1, { status: 0, ...(_what === 'read' ? { bytes: 'qrvM' } : {}) });
      await turn();
      expectFailure(end, STATUS_CANCELLED);
      expect(end.completions).toBe(1);
      expect(end.irp.userBuffer?.every((byte) => byte === 0) ?? true).toBe(true);
    },
  );

  test('one that was completed can no longer be cancelled', async () => {
    const bench = new VpciBench();
    const end = write(bench, 5, new Uint8Array(4));
    bench.host.complete(1, { status: 0 });
    await turn();
    expect(end.irp.cancel()).toBe(false);
    expect(end.irp.ioStatus.status).toBe(STATUS_SUCCESS);
    expect(end.completions).toBe(1);
  });

  test.each([STATUS_PENDING, 0x00010003])(
    'a host that completes with 0x%s, which is no failure and not STATUS_SUCCESS, fails it [contradiction.pending-is-not-final]',
    async (status) => {
      const bench = new VpciBench();
      const ends = [read(bench, 5, 16), write(bench, 5, new Uint8Array(4))];
      bench.host.complete(1, { status });
      bench.host.complete(2, { status });
      await turn();
      for (const end of ends) expectFailure(end, STATUS_UNSUCCESSFUL);
    },
  );
});

describe('IOCTL_VPCI_INVALIDATE_BLOCK', () => {
  test('a second one while one is pended is refused, and the first is left alone [ioctl.invalidate.second-while-pended]', async () => {
    const bench = new VpciBench();
    const first = invalidate(bench);
    const second = invalidate(bench);
    expect(second.returned).toBe(STATUS_INVALID_DEVICE_REQUEST);
    expectFailure(second, STATUS_INVALID_DEVICE_REQUEST);
    bench.driver.notifyInvalidate(0x21n, 0);
    expect(first.irp.ioStatus).toEqual({ status: STATUS_SUCCESS, information: 0 });
    expect(maskOf(first)).toBe(0x21n);
    expect(second.completions).toBe(1);
  });

  test('pends until a message comes, and then has the mask at Type3InputBuffer and Information 0 [invalidate.ioctl-stays-pended] [invalidate.ioctl-completion] [contradiction.output-at-type3-input-buffer] [contradiction.information-0]', () => {
    const bench = new VpciBench();
    const end = invalidate(bench, new Uint8Array(8).fill(0xff));
    expect(end.returned).toBe(STATUS_PENDING);
    expect(end.completions).toBe(0);
    bench.driver.notifyInvalidate((1n << 63n) + 1n, 0);
    expect(end.irp.ioStatus).toEqual({ status: STATUS_SUCCESS, information: 0 });
    expect(hex(end.irp.stackLocation.type3InputBuffer ?? new Uint8Array())).toBe(
      '01 00 00 00 00 00 00 80',
    );
  });

  test('any OutputBufferLength is accepted, whatever its page says of it [contradiction.invalidate-output-length]', () => {
    const bench = new VpciBench();
    const end = bench.call({
      ioControlCode: IOCTL_VPCI_INVALIDATE_BLOCK,
      type3InputBuffer: new Uint8Array(8),
      outputBufferLength: 4_096,
    });
    expect(end.returned).toBe(STATUS_PENDING);
  });

  test('masks that came before it complete it at once, with their OR [invalidate.none-pended]', () => {
    const bench = new VpciBench();
    bench.driver.notifyInvalidate(0x1n, 0);
    bench.driver.notifyInvalidate(0x20n, 0);
    expect(bench.driver.pendingMask).toBe(0x21n);
    const end = invalidate(bench);
    expect(end.returned).toBe(STATUS_SUCCESS);
    expect(maskOf(end)).toBe(0x21n);
    expect(bench.driver.pendingMask).toBe(0n);
    expect(invalidate(bench).returned).toBe(STATUS_PENDING);
  });

  test('a mask of 0 completes nothing and waits for nothing [invalidate.never-mask-0]', () => {
    const bench = new VpciBench();
    bench.driver.notifyInvalidate(0n, 0);
    const end = invalidate(bench);
    bench.driver.notifyInvalidate(0n, 0);
    expect(end.completions).toBe(0);
    expect(bench.events.filter((event) => event.hop === 'blockMaskLatched')).toEqual([]);
  });

  test('a mask of all 64 bits arrives whole', () => {
    const bench = new VpciBench();
    const end = invalidate(bench);
    bench.driver.notifyInvalidate(ALL, 0);
    expect(maskOf(end)).toBe(ALL);
  });

  test('cancelled is STATUS_CANCELLED, once, and the next one pends [ioctl.invalidate.cancelled] [pended.is-cancellable] [contradiction.invalidate-statuses]', () => {
    const bench = new VpciBench();
    const end = invalidate(bench);
    end.irp.cancel();
    expectFailure(end, STATUS_CANCELLED);
    const next = invalidate(bench);
    expect(next.returned).toBe(STATUS_PENDING);
    bench.driver.notifyInvalidate(1n, 0);
    expect(end.completions).toBe(1);
    expect(maskOf(next)).toBe(1n);
  });

  test('cancelled before it is sent is not pended', () => {
    const bench = new VpciBench();
    const ended = invalidate(bench);
    ended.irp.cancel();
    const { irp } = ended;
    expect(irp.cancelled).toBe(true);
    expect(bench.driver.ioCallDriver(irp)).toBe(STATUS_CANCELLED);
    expect(invalidate(bench).returned).toBe(STATUS_PENDING);
  });

  test('the mask of a message that raced with a cancel and lost waits for the next IOCTL [pended.cancel-races]', () => {
    const bench = new VpciBench();
    invalidate(bench).irp.cancel();
    bench.driver.notifyInvalidate(0x4n, 0);
    expect(maskOf(invalidate(bench))).toBe(0x4n);
  });

  test('a cancel that raced with a message and lost changes nothing [pended.cancel-races] [pended.cancel-may-lose]', () => {
    const bench = new VpciBench();
    const end = invalidate(bench);
    bench.driver.notifyInvalidate(0x4n, 0);
    end.irp.cancel();
    expect(end.completions).toBe(1);
    expect(end.irp.ioStatus.status).toBe(STATUS_SUCCESS);
  });

  test('a mask that finds no IOCTL is traced as latched', () => {
    const bench = new VpciBench();
    bench.driver.notifyInvalidate(0x1n, 7);
    expect(bench.events).toMatchObject([
      { hop: 'blockMaskLatched', mask: '0x0000000000000001', cause: 7 },
    ]);
  });
});

describe('a device that goes away', () => {
  test('every IRP that waits is completed once, with STATUS_DEVICE_NOT_CONNECTED [pended.removal-completes-it] [ioctl.device-removed]', async () => {
    const bench = new VpciBench();
    const ends = [
      invalidate(bench),
      ...Array.from({ length: 100 }, (_, block) => read(bench, block, 16)),
      write(bench, 5, new Uint8Array(4)),
    ];
    await turn();
    bench.host.close({ code: 4004, reason: 'taken away' });
    await turn();
    for (const end of ends) expectFailure(end, STATUS_DEVICE_NOT_CONNECTED);
  });

  test('20,000 requests that wait all fail, and the stack does not grow', async () => {
    const bench = new VpciBench();
    const failed = new Set<number>();
    for (let block = 0; block < 20_000; block++) {
      bench.call({
        ioControlCode: IOCTL_VPCI_READ_BLOCK,
        type3InputBuffer: newReadBlockInput(block, 1),
        userBuffer: new Uint8Array(1),
        completionRoutine: () => failed.add(block),
      });
    }
    bench.host.close();
    await turn();
    expect(failed.size).toBe(20_000);
  });

  test('a mask that comes after it is not kept', () => {
    const bench = new VpciBench();
    bench.driver.remove();
    bench.driver.notifyInvalidate(1n, 0);
    expect(bench.driver.pendingMask).toBe(0n);
    expect(bench.events).toEqual([]);
  });
});
