import { describe, expect, test } from 'vitest';
import { ERRNO } from '#shared/linux/errno.ts';
import { NTSTATUS } from '#shared/nt/ntstatus.ts';
import { CLOSE_CODES } from '#shared/transport/close-codes.ts';
import { turn } from '#test/kit/world/turn.ts';
import { bytes } from '#test/support/hex.ts';
import { LinuxBench } from '#test/support/linux-bench.ts';

const { EIO, EAGAIN, EFAULT, ENODEV, EINVAL, EOPNOTSUPP } = ERRNO;
const { STATUS_SUCCESS, STATUS_INVALID_PARAMETER, STATUS_PENDING } = NTSTATUS;

/** A guest whose host leaves block requests alone. */
async function silentHost(): Promise<LinuxBench> {
  return await new LinuxBench({
    onHost: (host) => {
      delete host.answers['READ_BLOCK'];
      delete host.answers['WRITE_BLOCK'];
    },
  }).run();
}

/** A guest whose host answers each read with these fields. */
async function readAnswered(
  fields: object,
  readPadding: 'zero' | 'marker' | 'none' = 'zero',
): Promise<LinuxBench> {
  return await new LinuxBench({
    readPadding,
    onHost: (host) => {
      host.answers['READ_BLOCK'] = () => fields;
    },
  }).run();
}

function base64(data: Uint8Array): string {
  return Buffer.from(data).toString('base64');
}

describe('a block function that is not carried out', () => {
  test.each<[string, number, number]>([
    ['0 bytes', 0, 5],
    ['129 bytes', 129, 5],
    ['-1 bytes', -1, 5],
    ['1.5 bytes', 1.5, 5],
    ['a block id of 33 bits', 1, 2 ** 32],
    ['a negative block id', 1, -1],
  ])('because of %s is -EINVAL, and nothing is sent [linux.length]', async (_, length, blockId) => {
    const { bound, host } = await new LinuxBench().run();
    const sent = host.received.length;
    const { device } = bound;
    const buffer = new Uint8Array(256).fill(0xee);
    const read = await device.hyperv_read_cfg_blk(buffer, length, blockId);
    expect(read).toEqual({ error: -EINVAL, bytesReturned: 0 });
    expect(await device.hyperv_write_cfg_blk(buffer, length, blockId)).toBe(-EINVAL);
    expect(host.received).toHaveLength(sent);
    expect(buffer.every((byte) => byte === 0xee)).toBe(true);
  });

  test('because its buffer is shorter than its length is -EINVAL', async () => {
    const { bound } = await new LinuxBench().run();
    const buffer = new Uint8Array(3);
    const read = await bound.device.hyperv_read_cfg_blk(buffer, 4, 5);
    expect(read).toEqual({ error: -EINVAL, bytesReturned: 0 });
    expect(await bound.device.hyperv_write_cfg_blk(buffer, 4, 5)).toBe(-EINVAL);
  });

  test('because 64 are outstanding is -EAGAIN at once, and none is queued [linux.no-queue]', async () => {
    const bench = await silentHost();
    const { bound, host } = bench;
    const waiting = Array.from({ length: 64 }, (_, block) => bound.read(block, 4));
    await turn();
    expect(await bound.read(64, 4)).toBe(-EAGAIN);
    expect(await bound.write(64, bytes('AA'))).toBe(-EAGAIN);
    expect(host.requestsOf('READ_BLOCK')).toHaveLength(64);
    const first = host.requestsOf('READ_BLOCK')[0];
    host.complete(first?.transactionId ?? 0, { status: STATUS_SUCCESS, bytes: 'AAAAAA==' });
    expect(await waiting[0]).toEqual(bytes('00 00 00 00'));
    const next = bound.write(64, bytes('AA'));
    await turn();
    expect(host.requestsOf('WRITE_BLOCK')).toHaveLength(1);
    bench.host.close({ code: CLOSE_CODES.lost.code, reason: 'cut' });
    expect(await Promise.all([...waiting.slice(1), next])).toEqual(new Array(64).fill(-ENODEV));
  });

  test('because the ring is full is -EAGAIN at once, and nothing is sent [linux.ring-full]', async () => {
    const { bound, host, links } = await new LinuxBench().run();
    const sent = host.received.length;
    links[0]?.congest();
    expect(await bound.read(0, 4)).toBe(-EAGAIN);
    expect(await bound.write(0, bytes('AA'))).toBe(-EAGAIN);
    expect(host.received).toHaveLength(sent);
    links[0]?.drain();
    expect(await bound.read(0, 1)).toEqual(bytes('11'));
  });

  test('because the guest closes its channel while it is under way is -ENODEV [linux.local-close]', async () => {
    const bench = await silentHost();
    const waiting = [bench.bound.read(0, 1), bench.bound.write(0, bytes('AA'))];
    await turn();
    await bench.os.stop();
    expect(await Promise.all(waiting)).toEqual([-ENODEV, -ENODEV]);
  });

  test('because the channel was rescinded is -ENODEV, for who waits as well [linux.rescind]', async () => {
    const bench = await silentHost();
    const { bound } = bench;
    const waiting = [bound.read(0, 1), bound.write(0, bytes('AA'))];
    await turn();
    bench.host.close({ code: CLOSE_CODES.lost.code, reason: 'cut' });
    expect(await Promise.all(waiting)).toEqual([-ENODEV, -ENODEV]);
    expect(await bound.read(0, 1)).toBe(-ENODEV);
    await turn();
    expect(await bound.write(0, bytes('AA'))).toBe(-ENODEV);
    expect(bound.register()).toBe(-ENODEV);
  });

  test('because the guest has unloaded pci-hyperv is -EOPNOTSUPP [linux.not-loaded]', async () => {
    const bench = await new LinuxBench().run();
    await bench.os.stop();
    expect(await bench.bound.read(0, 1)).toBe(-EOPNOTSUPP);
    expect(await bench.bound.write(0, bytes('AA'))).toBe(-EOPNOTSUPP);
    expect(bench.bound.register()).toBe(-EOPNOTSUPP);
  });

  test.each([STATUS_INVALID_PARAMETER, STATUS_PENDING, 1, 0xffff_ffff])(
    'because the host answers with %i is -EIO, and its status goes to the log alone [linux.host-refuses]',
    async (status) => {
      const bench = await new LinuxBench({
        onHost: (host) => {
          host.answers['READ_BLOCK'] = () => ({ status, bytes: 'EREREQ==' });
          host.answers['WRITE_BLOCK'] = () => ({ status });
        },
      }).run();
      const buffer = new Uint8Array(4);
      const read = await bench.bound.device.hyperv_read_cfg_blk(buffer, 4, 5);
      expect(read).toEqual({ error: -EIO, bytesReturned: 0 });
      expect(buffer).toEqual(new Uint8Array(4));
      expect(await bench.bound.write(5, bytes('AA'))).toBe(-EIO);
      expect(bench.log.messages).toEqual([
        'hyperv_read_cfg_blk: the host refused',
        'hyperv_write_cfg_blk: the host refused',
      ]);
      const statuses = bench.events.flatMap(({ hop, status: shown }) =>
        hop.startsWith('hyperv') && hop.endsWith('Return') ? [shown] : [],
      );
      expect(statuses).toEqual([-EIO, -EIO]);
    },
  );

  test.each([{ status: STATUS_SUCCESS }, { status: STATUS_SUCCESS, bytes: '' }])(
    'because a read succeeds without data is -EIO, where lengths are exact [linux.empty-read]',
    async (fields) => {
      const bench = await readAnswered(fields, 'none');
      expect(await bench.bound.read(5, 16)).toBe(-EIO);
    },
  );

  test('because the memory of its buffer was given away is -EFAULT', async () => {
    const bench = await silentHost();
    const buffer = new Uint8Array(16);
    const read = bench.bound.device.hyperv_read_cfg_blk(buffer, 16, 5);
    await turn();
    structuredClone(buffer, { transfer: [buffer.buffer] });
    const id = bench.host.requestsOf('READ_BLOCK')[0]?.transactionId ?? 0;
    bench.host.complete(id, { status: STATUS_SUCCESS, bytes: base64(new Uint8Array(16)) });
    expect(await read).toEqual({ error: -EFAULT, bytesReturned: 0 });
  });

  test('because the host is silent waits for as long as the channel lives [linux.silent-host]', async () => {
    const bench = await silentHost();
    const ends: unknown[] = [];
    bench.bound.read(0, 1).then(
      (end) => ends.push(end),
      () => {},
    );
    await bench.clock.advance(3_600_000);
    expect(ends).toEqual([]);
    expect(bench.clock.timers).toBe(0);
  });
});

describe('hyperv_read_cfg_blk', () => {
  test('that succeeds with 0 bytes has four bytes of padding, as VMBus rounds lengths [linux.empty-read]', async () => {
    const bench = await readAnswered({ status: STATUS_SUCCESS, bytes: '' });
    expect(await bench.bound.read(5, 16)).toEqual(bytes('00 00 00 00'));
  });

  test.each<[number, string]>([
    [1, '11 00 00 00'],
    [4, '11 11 11 11'],
    [5, '11 11 11 11 11 00 00 00 00 00 00 00'],
    [12, '11 11 11 11 11 11 11 11 11 11 11 11'],
  ])('of a block of %i bytes has zeros behind them [linux.short-read]', async (sent, read) => {
    const bench = await readAnswered({ status: 0, bytes: base64(new Uint8Array(sent).fill(0x11)) });
    expect(await bench.bound.read(5, 16)).toEqual(bytes(read));
  });

  test('shows what it takes for data when the padding is marked [linux.short-read]', async () => {
    const bench = await readAnswered({ status: 0, bytes: base64(bytes('11 11 11')) }, 'marker');
    expect(await bench.bound.read(5, 128)).toEqual(bytes('11 11 11 A5'));
    expect(await bench.bound.read(5, 3)).toEqual(bytes('11 11 11'));
  });

  test('has no padding where lengths are exact, and leaves the rest of the buffer alone', async () => {
    const bench = await readAnswered({ status: 0, bytes: base64(bytes('11 11 11')) }, 'none');
    const buffer = new Uint8Array(8).fill(0xee);
    const read = await bench.bound.device.hyperv_read_cfg_blk(buffer, 8, 5);
    expect(read).toEqual({ error: 0, bytesReturned: 3 });
    expect(buffer).toEqual(bytes('11 11 11 EE EE EE EE EE'));
  });

  test('cuts what the host sent beyond the length [linux.long-read]', async () => {
    const bench = await readAnswered({ status: 0, bytes: base64(new Uint8Array(128).fill(0x11)) });
    const buffer = new Uint8Array(8).fill(0xee);
    const read = await bench.bound.device.hyperv_read_cfg_blk(buffer, 5, 5);
    expect(read).toEqual({ error: 0, bytesReturned: 5 });
    expect(buffer).toEqual(bytes('11 11 11 11 11 EE EE EE'));
  });

  test.each([0, 63, 64, 0xffff_ffff])('asks for block %i, and names no VF', async (blockId) => {
    const { bound, host } = await new LinuxBench().run();
    await bound.read(blockId, 128);
    expect(host.requestsOf('READ_BLOCK').map(({ message }) => message)).toEqual([
      { type: 'READ_BLOCK', blockId, slot: 0, bytesRequested: 128 },
    ]);
  });
});

describe('hyperv_write_cfg_blk', () => {
  test.each([1, 127, 128])(
    'of %i bytes sends four bytes behind them that do not count [linux.write-padding]',
    async (length) => {
      const { bound, host } = await new LinuxBench().run();
      const data = new Uint8Array(length).fill(0x22);
      const written = bound.write(64, data);
      data.fill(0x33);
      expect(await written).toBe(0);
      const sent = new Uint8Array(length + 4);
      sent.fill(0x22, 0, length);
      expect(host.requestsOf('WRITE_BLOCK').map(({ message }) => message)).toEqual([
        { type: 'WRITE_BLOCK', blockId: 64, slot: 0, byteCount: length, bytes: base64(sent) },
      ]);
    },
  );
});

describe('block functions that overlap', () => {
  test('take their completions in any order, and forged or doubled ones change nothing [linux.unknown-completion]', async () => {
    const { bound, host, events } = await silentHost();
    const reads = [1, 2, 3].map((block) => bound.read(block, 1));
    await turn();
    const ids = host.requestsOf('READ_BLOCK').map(({ transactionId }) => transactionId);
    host.complete(0xffff, { status: 0, bytes: '/w==' });
    for (const [index, bytesOf] of [
      [2, 'Aw=='],
      [0, 'AQ=='],
      [2, '/w=='],
      [1, 'Ag=='],
    ] as const) {
      host.complete(ids[index] ?? 0, { status: 0, bytes: bytesOf });
    }
    expect(await Promise.all(reads)).toEqual([bytes('01'), bytes('02'), bytes('03')]);
    const ignored = events.filter(({ note }) => note?.includes('unknown transaction id, ignored'));
    expect(ignored.map(({ transactionId }) => transactionId)).toEqual([0xffff, ids[2]]);
  });
});
