import type { GuestProfile } from '#guest/guest-profile.ts';
import type { BlockId } from '#shared/vpci/config-block.ts';
import { turn } from '../kit/world/turn.ts';
import type { World } from '../kit/world/world.ts';
import type { AttachedGuest, GuestOptions } from '../kit/world/world-guest.ts';
import { RecordingLinuxDriver } from './recording-linux-driver.ts';
import { RecordingVf } from './recording-vf.ts';

/** What drives the VFs of a guest, by its profile and the contract that its driver is written to. */
export const PROFILED_DRIVERS = {
  'a Windows guest': { profile: 'windows', newDriver: () => miniport() },
  'a Linux guest': { profile: 'linux', newDriver: () => linuxDriver() },
  'a Linux guest with a VF miniport': { profile: 'linux', newDriver: () => miniport() },
} as const satisfies Record<string, { profile: GuestProfile; newDriver: () => ProfiledDriver }>;

export type ProfiledName = keyof typeof PROFILED_DRIVERS;

/** A driver of either contract, as far as a test of both goes. */
interface ProfiledDriver {
  readonly driver: Parameters<World['attachGuest']>[0];
  readonly current: {
    /** The bytes, or the status or negative errno of the failure. */
    read(blockId: BlockId, length: number): Promise<Uint8Array | number>;
    write(blockId: BlockId, data: Uint8Array): Promise<number>;
    readonly masks: readonly bigint[];
  };
}

/** A guest of a world, and the driver of its VF. */
export interface ProfiledGuest {
  readonly guest: AttachedGuest;
  readonly driver: ProfiledDriver;
}

/** Attaches a guest and runs it as far as it comes by itself. */
export async function attachProfiled(
  world: World,
  name: ProfiledName,
  options: GuestOptions = {},
): Promise<ProfiledGuest> {
  const { profile, newDriver } = PROFILED_DRIVERS[name];
  const driver = newDriver();
  const guest = await world.attachGuest(driver.driver, { ...options, profile });
  await turn();
  return { guest, driver };
}

function miniport(): ProfiledDriver {
  const vf = new RecordingVf();
  return {
    driver: vf.factory,
    get current() {
      return vf.current;
    },
  };
}

function linuxDriver(): ProfiledDriver {
  const recording = new RecordingLinuxDriver();
  return {
    driver: recording.module,
    get current() {
      return recording.current;
    },
  };
}
