import type { GuestProfile } from '#guest/guest-profile.ts';
import type { Duration } from '../duration.ts';
import type { When } from '../faults/when.ts';

export interface ScenarioGuestOptions {
  /** How many VFs it attaches. Default 1. */
  readonly vfs?: number;
  /** Whether a host that is lost is dialed again. Default true. */
  readonly retry?: boolean;
  /** Its operating system, in the place of that of the scenario. */
  readonly profile?: GuestProfile;
  /** The versions of the VPCI protocol that it speaks, in the place of those of the scenario's guests. */
  readonly versions?: readonly number[];
  /** The PFs of its VFs, by turns. Default the first PF of the host. */
  readonly pfs?: readonly string[];
}

/**
 * What a scenario can do, in a simulated world as well as between real processes: what an operator
 * and the world around both operating systems can do. Everything else is up to the miniports. A `pf`
 * is the name of one; the first PF of the host without.
 */
export interface ScenarioWorld {
  /** Starts a guest; resolves when all of its VFs run, or one of them has ended. */
  attachGuest(name: string, options?: ScenarioGuestOptions): Promise<void>;
  /** Starts a guest, and does not wait for it. */
  startGuest(name: string, options?: ScenarioGuestOptions): void;
  /** Stops a guest in good order. */
  stopGuest(name: string): Promise<void>;
  /** Puts a guest to sleep; resolves when each of its VFs is at rest, or gone. */
  suspendGuest(name: string): Promise<void>;
  /** Wakes a guest; resolves when each of its VFs is at rest again. */
  resumeGuest(name: string): Promise<void>;
  /** NdisMInvalidateConfigBlock, as an operator in the PF's name. */
  invalidate(vfId: number, mask: bigint, pf?: string): Promise<void>;
  /** OID_SRIOV_RESET_VF, as an operator. Returns its NDIS_STATUS; undefined for an unknown VF. */
  resetVf(vfId: number, pf?: string): Promise<number | undefined>;
  /** Asks the guest for the VF. Returns whether there is one. */
  ejectVf(vfId: number, pf?: string): Promise<boolean>;
  /** Breaks the channel of a VF: `g1/0`. */
  cut(device: string): void;
  /** A guest dies between two instructions. */
  killGuest(name: string): void;
  /** The management OS dies. */
  killHost(): void;
  /** Lets time pass. */
  advance(duration: Duration): Promise<void>;
  /** Lets everything happen that is ready to. */
  settle(): Promise<void>;
  /** Lets time pass until an event has happened, after this call. Fails when it never does. */
  until(when: When): Promise<void>;
}
