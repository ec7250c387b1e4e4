import type { GuestProfileOptions } from '#guest/guest-profile.ts';
import type { LinuxVirtualFunctionOptions } from '#guest/linux/linux-virtual-function.ts';
import type { NewVfLife, VfLife } from '#guest/vf-life.ts';

/**
 * A bus driver of one's own for a guest, in the place of that of its operating system: lives one life
 * of a VF, on the channel that it is given.
 */
export type GuestBus = (options: LinuxVirtualFunctionOptions) => VfLife;

/** How the VFs of a guest live on a bus driver of one's own; undefined without one. */
export function livesOn(
  bus: GuestBus | undefined,
  { vfMiniport, readPadding, interpose }: GuestProfileOptions,
): NewVfLife | undefined {
  if (bus === undefined) return undefined;
  return (options) => bus({ ...options, driver: vfMiniport, readPadding, interpose });
}
