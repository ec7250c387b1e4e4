import { defineLinuxVfDriver } from '#guest/linux/linux-vf-driver.ts';
import { delay } from '#shared/time/clock.ts';

const REMOVE_TAKES_MS = 10;

/** A driver that takes its time to let go of its device, as one does that has packets under way. */
export const slowDriver = defineLinuxVfDriver((kernel) => ({
  probe: () => 0,
  remove: () => delay(kernel.clock, REMOVE_TAKES_MS),
}));
