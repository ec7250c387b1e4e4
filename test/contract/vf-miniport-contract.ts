import type { VfMiniportFactory } from '#guest/ndis/vf-miniport.ts';
import type { NdisHypervisorPartitionType } from '#shared/ndis/hypervisor-info.ts';
import { NDIS_STATUS } from '#shared/ndis/ndis-status.ts';
import { OID } from '#shared/ndis/oid.ts';
import { setRequest } from '#shared/ndis/oid-request.ts';
import { type ContractReport, demand, Rules } from './contract.ts';
import { NodeTimers } from './node-timers.ts';
import { demandFailure, demandStatus } from './oid-door.ts';
import { type PfDeviceOptions, withDevice } from './pf-device.ts';
import { checkRegistration, initializedBehind } from './registration-rules.ts';
import { invalidateRequest, VfDoor } from './vf-door.ts';
import { checkPower } from './vf-power-contract.ts';

const { NDIS_STATUS_SUCCESS, NDIS_STATUS_NOT_SUPPORTED, NDIS_STATUS_INVALID_LENGTH } = NDIS_STATUS;

/** An OID that no miniport knows. */
const UNKNOWN_OID = 0xff01_0001;
/** Bytes of NDIS_SRIOV_VF_INVALIDATE_CONFIG_BLOCK_INFO. */
const INFO = 16;
const ALL_BLOCKS = 0xffff_ffff_ffff_ffffn;

export interface VfMiniportContractOptions extends PfDeviceOptions {
  /** The settings of the adapter, by keyword. */
  readonly configuration?: ReadonlyMap<string, string>;
}

/**
 * Holds a VF miniport to its contract, without a bus beneath it: every rule is checked on a miniport
 * of its own, under a clock that is moved by hand. It needs no test framework.
 *
 * @throws ContractError that lists every broken rule
 */
export async function vfMiniportContract(
  factory: VfMiniportFactory,
  options: VfMiniportContractOptions = {},
): Promise<ContractReport> {
  const rules = new Rules('VF miniport');
  const breaches: string[] = [];
  const timers = new NodeTimers();
  const bench: Bench = {
    check: (rule, run) =>
      rules.check(rule, () => timers.of(() => withDoor(factory, options, breaches, run))),
  };
  await checkStart(bench);
  await checkOids(bench);
  if (await withDoor(factory, options, [], isToldByNdis).catch(always)) {
    await checkRegistration({
      oids: [OID.OID_SRIOV_VF_INVALIDATE_CONFIG_BLOCK],
      foreignPartition: 'NdisHypervisorPartitionTypeMsHvParent',
      check: (rule, run) => rules.check(rule, run),
      initialized: (partitionType) =>
        withDoor(factory, options, [], initializedBehind, partitionType),
    });
    await checkInvalidationOid(bench);
    await checkInvalidations(bench);
  } else {
    await checkPendedIoctl(bench);
  }
  await checkPower(bench.check, started, tell);
  await checkHalt(bench);
  await timers.check(rules);
  await rules.check('it keeps to the rules of what it calls', () => {
    demand(breaches.length === 0, [...new Set(breaches)].join('; '));
  });
  return rules.report();
}

interface Bench {
  /** Checks a rule on a miniport that has been created and not started; halts it after. */
  check(rule: string, run: (door: VfDoor) => Promise<void>): Promise<void>;
}

/** Runs a check between a VF miniport and a PF miniport of its own. */
function withDoor<T>(
  factory: VfMiniportFactory,
  options: VfMiniportContractOptions,
  breaches: string[],
  run: (door: VfDoor) => Promise<T>,
  partitionType?: NdisHypervisorPartitionType,
): Promise<T> {
  const configuration = options.configuration ?? new Map();
  return withDevice(options, async (device, patience) => {
    const vf = new VfDoor(factory, configuration, breaches, device, patience, partitionType);
    try {
      return await run(vf);
    } finally {
      await vf.halt().catch(() => {});
    }
  });
}

/** Whether a miniport is of NDIS 6.30 or later, with which SR-IOV came: there is more to hold it to. */
async function isToldByNdis(door: VfDoor): Promise<boolean> {
  return door.isToldByNdis;
}

/** A miniport that cannot be made is held to the rules of most. */
function always(): boolean {
  return true;
}

/** Tells a miniport of an invalidation in the way that it is to be told. */
async function tell(door: VfDoor, mask: bigint): Promise<void> {
  if (door.isToldByNdis) await door.invalidate(mask);
  else await door.notify(mask);
}

/** MiniportInitializeEx, which must succeed. */
async function started(door: VfDoor): Promise<void> {
  const status = await door.tryInitialize();
  demand(status === NDIS_STATUS_SUCCESS, `MiniportInitializeEx returned ${status}`);
}

async function checkStart({ check }: Bench): Promise<void> {
  await check('it starts', started);
  await check('its start returns a status when no read or write succeeds', async (door) => {
    door.gone = true;
    const status = await door.tryInitialize();
    demand(Number.isInteger(status), `MiniportInitializeEx returned ${String(status)}`);
  });
}

async function checkOids({ check }: Bench): Promise<void> {
  await check('an OID that it does not know is NDIS_STATUS_NOT_SUPPORTED', async (door) => {
    await started(door);
    const unknown = setRequest(UNKNOWN_OID, new Uint8Array(16));
    demandStatus(await door.issue(unknown), NDIS_STATUS_NOT_SUPPORTED);
  });
  await check('a cancel of a request that it does not hold does nothing', async (door) => {
    await started(door);
    door.miniport.miniportCancelOidRequest?.(0xdead);
  });
}

async function checkInvalidationOid({ check }: Bench): Promise<void> {
  await check(
    'a buffer that is too short is NDIS_STATUS_INVALID_LENGTH with BytesNeeded',
    async (door) => {
      await started(door);
      const completed = await door.issue({ ...invalidateRequest(1n), inputBufferLength: INFO - 1 });
      demandStatus(completed, NDIS_STATUS_INVALID_LENGTH);
      const { bytesNeeded } = completed.request;
      demand(bytesNeeded === INFO, `BytesNeeded is ${bytesNeeded}, not ${INFO}`);
    },
  );
  await check('a buffer without the structure fails', async (door) => {
    await started(door);
    const informationBuffer = new Uint8Array(INFO);
    const completed = await door.issue({ ...invalidateRequest(1n), informationBuffer });
    demandFailure(completed, 'a buffer of zeros');
  });
}

async function checkInvalidations({ check }: Bench): Promise<void> {
  await check('an invalidation of any block succeeds, and of all at once', async (door) => {
    await started(door);
    for (let block = 0n; block < 64n; block++) {
      demandStatus(await door.invalidate(1n << block), NDIS_STATUS_SUCCESS);
    }
    demandStatus(await door.invalidate(ALL_BLOCKS), NDIS_STATUS_SUCCESS);
  });
  await check('an invalidation is completed though no read or write succeeds', async (door) => {
    await started(door);
    door.gone = true;
    await door.invalidate(ALL_BLOCKS);
  });
}

/** What a miniport from before NDIS 6.30 does in the place of NDIS. */
async function checkPendedIoctl({ check }: Bench): Promise<void> {
  await check(
    'it keeps an IOCTL_VPCI_INVALIDATE_BLOCK pended, and issues another after each',
    async (door) => {
      await started(door);
      for (let block = 0n; block < 64n; block++) await door.notify(1n << block);
      await door.notify(ALL_BLOCKS);
      await door.notify(1n);
    },
  );
}

async function checkHalt({ check }: Bench): Promise<void> {
  for (const action of ['NdisHaltDeviceDisabled', 'NdisHaltDeviceSurpriseRemoved'] as const) {
    await check(
      `after MiniportHaltEx(${action}) it has no timer, and calls NDIS no more`,
      async (door) => {
        await started(door);
        await tell(door, ALL_BLOCKS);
        await door.halt(action);
        demand(door.clock.timers === 0, `${door.clock.timers} timers are still set`);
        await door.clock.advance(60_000);
      },
    );
  }
}
