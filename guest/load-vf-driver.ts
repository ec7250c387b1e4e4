import type { GuestProfile, VfDriver } from './guest-profile.ts';
import { loadLinuxVfDriver } from './linux/load.ts';
import { loadVfMiniport } from './vf-miniport/load.ts';

/** The driver of the VFs of a guest that a setting names. */
export function loadVfDriver(profile: GuestProfile, name: string): Promise<VfDriver> {
  return profile === 'linux' ? loadLinuxVfDriver(name) : loadVfMiniport(name);
}
