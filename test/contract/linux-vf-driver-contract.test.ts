import { describe, expect, test } from 'vitest';
import { createLinuxHvVhca } from '#guest/linux/hv-vhca/index.ts';
import { defineLinuxVfDriver, type LinuxModule } from '#guest/linux/linux-vf-driver.ts';
import hvVhcaPf from '#host/pf-miniport/hv-vhca/index.ts';
import { ERRNO } from '#shared/linux/errno.ts';
import { setPeriodicTimer, type Timer } from '#shared/time/clock.ts';
import { allCounters } from '#test/guest/vf-miniport/hv-vhca/commanded-vf.ts';
import { type LinuxVfDriverContractOptions, linuxVfDriverContract } from '#test/testing.ts';
import { brokenBy, driver, forever, read } from './linux-drivers.ts';

/** Reads every minute, until it is removed. */
const polling = driver((kernel) => {
  let timer: Timer | undefined;
  return {
    start: (device) => {
      timer = setPeriodicTimer(kernel.clock, 60_000, () => void read(device));
      return 0;
    },
    stop: () => timer?.cancel(),
  };
});

describe('the contract of a Linux VF driver is kept', () => {
  test('by one that reads the blocks of which it is told', async () => {
    const report = await linuxVfDriverContract(driver());
    expect(report).toMatchObject({ contract: 'Linux VF driver', broken: [] });
    expect(report.kept.length).toBeGreaterThan(14);
  });

  test.each<[string, LinuxModule]>([
    ['registers no callback', defineLinuxVfDriver(() => ({ probe: () => 0, remove: () => {} }))],
    ['does not start when it cannot read', driver(() => ({ start: (device) => read(device) }))],
    [
      'does not start without memory',
      driver((kernel) => ({
        start: () => (kernel.kzalloc(64) === undefined ? -ERRNO.EINVAL : 0),
      })),
    ],
    ['has a timer, which it cancels', polling],
  ])('by one that %s', async (_what, module) => {
    expect(await brokenBy(module)).toBe('');
  });

  test.each<[string, LinuxVfDriverContractOptions]>([
    ['any PF', {}],
    ['its own PF', { pf: hvVhcaPf, pfConfiguration: new Map([['StatsCommand', '10']]) }],
    ['its own PF, without rings', { pf: hvVhcaPf, parameters: new Map([['Rings', '0']]) }],
  ])('by hv_vhca of mlx5, with %s', async (_what, options) => {
    const module = createLinuxHvVhca({ readCounters: async () => allCounters(4n) });
    expect(await brokenBy(module, { patienceMs: 2_000, ...options })).toBe('');
  });
});

describe('the contract of a Linux VF driver is broken', () => {
  test.each<[string, LinuxModule, RegExp]>([
    [
      'takes no device',
      driver(() => ({ start: () => -ERRNO.ENODEV })),
      /takes its device: .*-ENODEV/,
    ],
    [
      'waits for ever when a read fails',
      driver(() => ({ start: async (device) => ((await read(device)) === 0 ? 0 : forever()) })),
      /probe returns when each request is -EIO, and leaves nothing if it fails: probe does not come/,
    ],
    [
      'asks again and again while there is no room',
      driver((kernel) => ({
        start: async (device) => {
          while ((await read(device)) === -ERRNO.EAGAIN) {
            await new Promise<void>((resolve) => kernel.clock.setTimer(1_000, resolve));
          }
          return 0;
        },
      })),
      /probe returns when each request is -EAGAIN, /,
    ],
    [
      'waits for ever for a device that is gone',
      driver(() => ({
        start: async (device) => ((await read(device)) === -ERRNO.ENODEV ? forever() : 0),
      })),
      /probe returns when each request is -ENODEV, /,
    ],
    [
      'leaves its timer when its probe fails',
      driver((kernel) => ({
        start: (device) => {
          kernel.clock.setTimer(1_000_000, () => {});
          return read(device);
        },
      })),
      /-EIO, and leaves nothing if it fails: 1 timers/,
    ],
    [
      'leaves its callback when its probe fails',
      defineLinuxVfDriver(() => ({
        probe: (device) => {
          device.hyperv_reg_block_invalidate(device, () => {});
          return read(device);
        },
        remove: (device) => void device.hyperv_reg_block_invalidate(undefined, undefined),
      })),
      /leaves nothing if it fails: its invalidation callback is still registered/,
    ],
    [
      'relies on memory',
      driver((kernel) => ({ start: () => kernel.kzalloc(4)?.byteLength ?? forever() })),
      /probe returns when there is no memory, /,
    ],
    [
      'does not come to the end of its work for a block that it does not know',
      driver(() => ({ work: (_device, mask) => (mask === 1n << 63n ? forever() : undefined) })),
      /invalidation of any block, and of all at once: the work of an invalidation does not come/,
    ],
    [
      'is told before it is ready',
      driver(() => {
        let isReady = false;
        return {
          start: async (device) => {
            await read(device);
            isReady = true;
            return 0;
          },
          work: () => (isReady ? undefined : forever()),
        };
      }),
      /invalidation that comes while it probes: /,
    ],
    [
      'throws in its work when it is told before it is ready',
      driver(() => {
        let state: { mask: bigint } | undefined;
        return {
          start: async (device) => {
            await read(device);
            state = { mask: 0n };
            return 0;
          },
          work: (_device, mask) => {
            if (state === undefined) throw new TypeError('state is undefined');
            state.mask |= mask;
          },
        };
      }),
      /throws nothing: driver\.no-exception: scheduled work .* state is undefined/,
    ],
    [
      'works for ever on a read that fails',
      driver(() => ({
        work: async (device) => void ((await read(device)) === -ERRNO.EIO && (await forever())),
      })),
      /takes an invalidation when each request is -EIO: /,
    ],
    [
      'works for ever on a read that finds no room',
      driver(() => ({
        work: async (device) => void ((await read(device)) === -ERRNO.EAGAIN && (await forever())),
      })),
      /takes an invalidation when each request is -EAGAIN: /,
    ],
    [
      'works for ever on a device that is gone',
      driver(() => ({
        work: async (device) => void ((await read(device)) === -ERRNO.ENODEV && (await forever())),
      })),
      /takes an invalidation when each request is -ENODEV: /,
    ],
  ])('by one that %s', async (_what, module, broken) => {
    expect(await brokenBy(module)).toMatch(broken);
  });
});
