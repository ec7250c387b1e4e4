import type { VfDriver } from '#guest/guest-profile.ts';
import { defineLinuxVfDriver, type LinuxPciDevice } from '#guest/linux/linux-vf-driver.ts';

type Schedule = (work: () => Promise<void>) => boolean;

/** A Linux VF driver that reads blocks when its callback is called, in one way or another. */
export function linuxReading(
  read: (work: () => Promise<unknown>, schedule: Schedule) => void,
): VfDriver {
  return defineLinuxVfDriver(({ scheduleWork }) => ({
    probe(device: LinuxPciDevice) {
      device.hyperv_reg_block_invalidate(undefined, () =>
        read(() => device.hyperv_read_cfg_blk(new Uint8Array(1), 1, 0), scheduleWork),
      );
      return 0;
    },
    remove: () => {},
  }));
}
