import { describe, expect, test } from 'vitest';
import type { LinuxModule } from '#guest/linux/linux-vf-driver.ts';
import { ERRNO } from '#shared/linux/errno.ts';
import { brokenBy, driver, forever, read, thrown } from './linux-drivers.ts';

describe('the contract of a Linux VF driver, of what it calls and what it leaves, is broken', () => {
  test.each<[string, LinuxModule, RegExp]>([
    [
      'waits in its callback',
      driver(() => ({ callback: (device) => void read(device) })),
      /linux\.callback-does-not-wait: /,
    ],
    [
      'throws in its callback where there is no memory',
      driver((kernel) => ({
        callback: () => {
          if (!kernel.scheduleWork(() => {})) thrown();
        },
      })),
      /linux\.callback-does-not-wait: the invalidation callback threw: broken/,
    ],
    [
      'reads 129 bytes',
      driver(() => ({ start: async (device) => void (await read(device, 129)) as never })),
      /hyperv_read_cfg_blk\(a buffer of 129, 129, 0\): the length is not 1 to 128/,
    ],
    [
      'writes more than it has',
      driver(() => ({
        start: async (device) => {
          await device.hyperv_write_cfg_blk(new Uint8Array(1), 2, 0);
          return 0;
        },
      })),
      /the buffer is too small/,
    ],
    [
      'names no block',
      driver(() => ({
        start: async (device) => {
          await device.hyperv_write_cfg_blk(new Uint8Array(1), 1, -1);
          return 0;
        },
      })),
      /that is no BlockId/,
    ],
    [
      'throws in a timer',
      driver((kernel) => ({
        start: () => {
          kernel.clock.setTimer(100, thrown);
          return 0;
        },
      })),
      /driver\.no-exception: a timer of the Linux VF driver threw/,
    ],
    [
      'never lets go of its device',
      driver(() => ({ stop: forever })),
      /after remove of a device that is there .*: remove does not come to an end/,
    ],
    [
      'lets go only of a device that answers',
      driver(() => ({
        stop: async (device) => void ((await read(device)) === -ERRNO.ENODEV && (await forever())),
      })),
      /after remove of a device that is gone .*: remove does not come to an end/,
    ],
    [
      'keeps a timer',
      driver((kernel) => ({
        start: () => {
          kernel.clock.setTimer(1_000_000, () => {});
          return 0;
        },
      })),
      /that is there it has no timer and no callback, and calls nothing: 1 timers/,
    ],
    [
      'keeps its callback',
      driver(() => ({
        stopped: (device) => void device.hyperv_reg_block_invalidate({}, () => {}),
      })),
      /calls nothing: its invalidation callback is still registered/,
    ],
    [
      'reads after it has let go',
      driver(() => ({ stopped: (device) => void setImmediate(() => void read(device)) })),
      /it called hyperv_read_cfg_blk\(.*\) after remove/,
    ],
    [
      'cannot let go while it works',
      driver(() => {
        let isAtWork = false;
        return {
          work: async (device) => {
            isAtWork = true;
            await read(device);
            isAtWork = false;
          },
          stop: async () => {
            await undefined;
            if (isAtWork) await forever();
          },
        };
      }),
      /removed while it works on an invalidation: remove does not come to an end/,
    ],
    [
      'leaves a timer of Node',
      driver(() => ({
        start: () => {
          setInterval(() => {}, 60_000).unref();
          return 0;
        },
      })),
      /leaves no timer of Node running: \d+ are running/,
    ],
  ])('by one that %s', async (_what, module, broken) => {
    expect(await brokenBy(module)).toMatch(broken);
  });
});
