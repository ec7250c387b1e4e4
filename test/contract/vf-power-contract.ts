import { newDevicePowerBuffer } from '#guest/ndis/device-power-buffer.ts';
import {
  NDIS_DEVICE_POWER_STATE,
  type NdisDevicePowerState,
} from '#shared/ndis/device-power-state.ts';
import { NDIS_STATUS } from '#shared/ndis/ndis-status.ts';
import { OID } from '#shared/ndis/oid.ts';
import { setRequest } from '#shared/ndis/oid-request.ts';
import { demand } from './contract.ts';
import { demandStatus } from './oid-door.ts';
import type { VfDoor } from './vf-door.ts';

const { NDIS_STATUS_SUCCESS, NDIS_STATUS_NOT_SUPPORTED } = NDIS_STATUS;
const { NdisDeviceStateD0, NdisDeviceStateD3 } = NDIS_DEVICE_POWER_STATE;

/** Longer than a driver that forgets to stop its work would wait with it. */
const NIGHT_MS = 600_000;

type Check = (rule: string, run: (door: VfDoor) => Promise<void>) => Promise<void>;

/**
 * Holds a VF miniport to OID_PNP_SET_POWER, with a guest that falls asleep and wakes. A miniport that
 * does not know the OID has nothing to prepare, and is held to the rest all the same.
 *
 * @param check runs each on a miniport that has been created and not started
 * @param started MiniportInitializeEx, which must succeed
 * @param tell has the miniport told of an invalidation, and waits until it has taken it
 */
export async function checkPower(
  check: Check,
  started: (door: VfDoor) => Promise<void>,
  tell: (door: VfDoor, mask: bigint) => Promise<void>,
): Promise<void> {
  await check('it takes OID_PNP_SET_POWER to D3, and back to D0', async (door) => {
    await started(door);
    for (let night = 0; night < 2; night++) {
      await fallAsleep(door);
      await wakeUp(door);
    }
  });
  await check('in D3 it reads and writes no block', async (door) => {
    await started(door);
    await tell(door, 1n);
    await fallAsleep(door);
    await door.clock.advance(NIGHT_MS);
    demand(door.asleep.length === 0, [...new Set(door.asleep)].join('; '));
  });
  await check('back in D0 it takes what has changed in D3', async (door) => {
    await started(door);
    await fallAsleep(door);
    await door.clock.advance(NIGHT_MS);
    await wakeUp(door);
    await tell(door, 0xffff_ffff_ffff_ffffn);
  });
  await check('it wakes though no read or write succeeds', async (door) => {
    await started(door);
    await fallAsleep(door);
    door.gone = true;
    await wakeUp(door);
  });
  await check(
    'after MiniportHaltEx in D3 it has no timer, and calls NDIS no more',
    async (door) => {
      await started(door);
      await tell(door, 1n);
      await fallAsleep(door);
      await door.halt('NdisHaltDevicePoweredDown');
      demand(door.clock.timers === 0, `${door.clock.timers} timers are still set`);
      await door.clock.advance(NIGHT_MS);
    },
  );
}

/** The miniport is told while the device is in D0 still. */
async function fallAsleep(door: VfDoor): Promise<void> {
  await setPower(door, NdisDeviceStateD3);
  door.isAsleep = true;
}

/** The device is in D0 when the miniport is told. */
async function wakeUp(door: VfDoor): Promise<void> {
  door.isAsleep = false;
  await setPower(door, NdisDeviceStateD0);
}

/** Documents want success of each, and not to know the OID is no failure. */
async function setPower(door: VfDoor, state: NdisDevicePowerState): Promise<void> {
  const request = setRequest(OID.OID_PNP_SET_POWER, newDevicePowerBuffer(state));
  demandStatus(await door.issue(request), NDIS_STATUS_SUCCESS, NDIS_STATUS_NOT_SUPPORTED);
}
