import type { Verifier } from '#shared/verifier/verifier.ts';
import type { LowerDevice } from './io/device-object.ts';
import type { LinuxModule } from './linux/linux-vf-driver.ts';
import { LinuxVirtualFunction } from './linux/linux-virtual-function.ts';
import type { ReadPadding } from './linux/received-length.ts';
import type { VfMiniportFactory } from './ndis/vf-miniport.ts';
import type { NewVfLife } from './vf-life.ts';
import { VirtualFunction } from './virtual-function.ts';

/** The guest operating systems whose half of the channel is played. */
export const GUEST_PROFILES = ['windows', 'linux'] as const;

export type GuestProfile = (typeof GUEST_PROFILES)[number];

/** What drives a VF: on either profile a VF miniport, on that of Linux a Linux VF driver as well. */
export type VfDriver = VfMiniportFactory | LinuxModule;

export interface GuestProfileOptions {
  readonly profile: GuestProfile;
  readonly vfMiniport: VfDriver;
  /** On Linux, what a short read is filled up with. */
  readonly readPadding: ReadPadding;
  /** Puts something between NDIS and what is beneath it, as a filter driver would be. */
  readonly interpose?: ((device: LowerDevice) => LowerDevice) | undefined;
  /** Watches VF miniports; nothing does without it. */
  readonly verifier?: Verifier | undefined;
}

/**
 * How the VFs of a guest live.
 *
 * @throws TypeError when a Windows guest is given a Linux VF driver
 */
export function newLifeFor(guest: GuestProfileOptions): NewVfLife {
  const { profile, vfMiniport, readPadding, interpose, verifier } = guest;
  if (profile === 'linux') {
    return (options) =>
      new LinuxVirtualFunction({
        ...options,
        driver: vfMiniport,
        readPadding,
        interpose,
        verifier,
      });
  }
  if (typeof vfMiniport !== 'function')
    throw new TypeError('a Linux VF driver needs the profile linux');
  return (options) =>
    new VirtualFunction({ ...options, miniport: vfMiniport, interpose, verifier });
}
