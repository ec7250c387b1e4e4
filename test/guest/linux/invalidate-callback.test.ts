import { describe, expect, test } from 'vitest';
import { ERRNO } from '#shared/linux/errno.ts';
import { turn } from '#test/kit/world/turn.ts';
import { bytes } from '#test/support/hex.ts';
import { LinuxBench } from '#test/support/linux-bench.ts';
import { RecordingLinuxDriver } from '#test/support/recording-linux-driver.ts';

/** What the trace says of invalidations, in order. */
function told(bench: LinuxBench): readonly string[] {
  return bench.events.flatMap(({ hop, mask, note }) =>
    /^blockInvalidate|^linuxContractViolated/.test(hop)
      ? [[hop, mask && BigInt(mask), note].filter((part) => part !== undefined).join(' ')]
      : [],
  );
}

/** A driver that registers nothing by itself. */
function silentDriver(): RecordingLinuxDriver {
  return new RecordingLinuxDriver({ probe: () => 0 });
}

describe('an invalidation that nobody takes', () => {
  test('because no callback is registered is dropped, and a later registration learns nothing of it [linux.no-latch]', async () => {
    const bench = await new LinuxBench({ driver: silentDriver() }).run();
    bench.host.invalidate(0x21n);
    await turn();
    bench.bound.register();
    await turn();
    expect(bench.bound.masks).toEqual([]);
    expect(told(bench)).toEqual(['blockInvalidateDropped 33 no callback is registered']);
    bench.host.invalidate(1n);
    await turn();
    expect(bench.bound.masks).toEqual([1n]);
  });

  test('because it comes before the driver probes is dropped [linux.no-latch]', async () => {
    const bench = await new LinuxBench({
      onHost: (host) => {
        const answer = host.answers['FDO_D0_ENTRY'];
        host.answers['FDO_D0_ENTRY'] = (frame) => {
          host.invalidate(2n);
          return answer?.(frame);
        };
      },
    }).run();
    await turn();
    expect(bench.bound.masks).toEqual([]);
    expect(told(bench)).toEqual(['blockInvalidateDropped 2 no callback is registered']);
  });

  test('because the registration was taken back is dropped [linux.registration]', async () => {
    const bench = await new LinuxBench().run();
    expect(bench.bound.device.hyperv_reg_block_invalidate(undefined, undefined)).toBe(0);
    bench.host.invalidate(1n);
    await turn();
    expect(bench.bound.masks).toEqual([]);
    expect(told(bench)).toEqual(['blockInvalidateDropped 1 no callback is registered']);
  });

  test('because it is for another slot is dropped, and traced as a packet alone [linux.unknown-slot]', async () => {
    const bench = await new LinuxBench().run();
    bench.host.invalidate(1n, 32);
    await turn();
    expect(bench.bound.masks).toEqual([]);
    expect(bench.events.at(-1)).toMatchObject({ hop: 'hostPacketReceived' });
    expect(bench.phases.at(-1)).toBe('running');
  });
});

describe('the invalidation callback', () => {
  test('is called at once, for each message with its own mask, were it 0 [linux.callback]', async () => {
    const bench = await new LinuxBench().run();
    for (const mask of [1n, 1n, 0n, 1n << 63n, 0x20n]) bench.host.invalidate(mask);
    await turn();
    expect(bench.bound.masks).toEqual([1n, 1n, 0n, 1n << 63n, 0x20n]);
    const hops = bench.events.slice(-2).map(({ hop }) => hop);
    expect(hops).toEqual(['hostPacketReceived', 'blockInvalidate']);
  });

  test('is the one that was registered last, with its context [linux.registration]', async () => {
    const bench = await new LinuxBench().run();
    const other: string[] = [];
    bench.bound.device.hyperv_reg_block_invalidate('context', (context, mask) => {
      other.push(`${context} ${mask}`);
    });
    bench.host.invalidate(5n);
    await turn();
    expect(bench.bound.masks).toEqual([]);
    expect(other).toEqual(['context 5']);
  });

  test('may be called as soon as it is registered, ready or not [linux.registration-races]', async () => {
    let ready = false;
    const seen: string[] = [];
    let finish: () => void = () => {};
    const driver = new RecordingLinuxDriver({
      probe: async ({ device }) => {
        device.hyperv_reg_block_invalidate(undefined, (_, mask) => {
          seen.push(`${mask} ${ready ? 'ready' : 'not ready'}`);
        });
        await new Promise<void>((resolve) => {
          finish = resolve;
        });
        ready = true;
        return 0;
      },
    });
    const bench = await new LinuxBench({ driver }).run();
    bench.host.invalidate(1n);
    await turn();
    finish();
    await turn();
    bench.host.invalidate(2n);
    await turn();
    expect(seen).toEqual(['1 not ready', '2 ready']);
  });

  test.each(['hyperv_read_cfg_blk', 'hyperv_write_cfg_blk'] as const)(
    'that waits in %s is told -EDEADLK and reported; the driver works on [linux.wait-in-callback]',
    async (name) => {
      const answers: unknown[] = [];
      const bench = await new LinuxBench({ driver: silentDriver() }).run();
      const { device } = bench.bound;
      device.hyperv_reg_block_invalidate(undefined, () => {
        void device[name](new Uint8Array(4), 4, 5).then((answer) => answers.push(answer));
      });
      const sent = bench.host.received.length;
      bench.host.invalidate(1n);
      await turn();
      const { EDEADLK } = ERRNO;
      const refused = name === 'hyperv_read_cfg_blk' ? { error: -EDEADLK } : -EDEADLK;
      expect(answers).toMatchObject([refused]);
      expect(bench.host.received).toHaveLength(sent);
      const note = `${name} waits, and was called in the invalidation callback`;
      expect(told(bench)).toEqual(['blockInvalidate 1', `linuxContractViolated ${note}`]);
      expect(bench.log.messages).toEqual([note]);
      expect(await bench.bound.read(5, 1)).toEqual(bytes('11'));
    },
  );

  test('reads blocks in work that it schedules [linux.callback]', async () => {
    const reads: unknown[] = [];
    const bench = await new LinuxBench({ driver: silentDriver() }).run();
    const { bound } = bench;
    bound.device.hyperv_reg_block_invalidate(undefined, () => {
      bound.kernel.scheduleWork(async () => void reads.push(await bound.read(5, 1)));
    });
    bench.host.invalidate(1n);
    await turn();
    await bound.kernel.flushWork();
    expect(reads).toEqual([bytes('11')]);
    expect(told(bench)).toEqual(['blockInvalidate 1']);
  });

  test.each<[string, () => unknown, readonly string[]]>([
    [
      'throws',
      () => {
        throw new Error('broken');
      },
      ['the invalidation callback threw: broken'],
    ],
    [
      'returns a promise',
      () => Promise.resolve(),
      ['the invalidation callback returned a promise: it must not wait'],
    ],
    [
      'rejects',
      () => Promise.reject(new Error('broken')),
      [
        'the invalidation callback returned a promise: it must not wait',
        'the invalidation callback threw: broken',
      ],
    ],
  ])('that %s is reported, and called again [linux.wait-in-callback]', async (_how, act, notes) => {
    let calls = 0;
    const bench = await new LinuxBench({ driver: silentDriver() }).run();
    bench.bound.device.hyperv_reg_block_invalidate(undefined, () => {
      calls++;
      return act();
    });
    bench.host.invalidate(1n);
    await turn();
    expect(bench.log.messages).toEqual(notes);
    bench.host.invalidate(1n);
    await turn();
    expect(calls).toBe(2);
    expect(await bench.bound.read(5, 1)).toEqual(bytes('11'));
  });
});
