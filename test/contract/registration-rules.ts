import type { NdisHypervisorPartitionType } from '#shared/ndis/hypervisor-info.ts';
import { NDIS_STATUS, type NdisStatus } from '#shared/ndis/ndis-status.ts';
import { type Oid, oidName } from '#shared/ndis/oid.ts';
import { demand } from './contract.ts';
import type { WatchedRegistration } from './watched-registration.ts';

/** A miniport whose MiniportInitializeEx has returned. */
export interface InitializedMiniport {
  readonly status: NdisStatus;
  readonly registration: WatchedRegistration;
}

/** What the rules of registration are checked with. */
export interface RegistrationBench {
  /** The OIDs that every miniport of this kind must list. */
  readonly oids: readonly Oid[];
  /** Where no miniport of this kind belongs. */
  readonly foreignPartition: NdisHypervisorPartitionType;
  check(rule: string, run: () => Promise<void>): Promise<void>;
  /** Initializes a miniport of its own; in the partition where it belongs, unless told otherwise. */
  initialized(partitionType?: NdisHypervisorPartitionType): Promise<InitializedMiniport>;
}

/** A door before which nothing has been initialized. */
interface RegistrationDoor {
  readonly registration: WatchedRegistration;
  tryInitialize(): Promise<NdisStatus>;
  halt(): Promise<void>;
}

/** Initializes the miniport behind a door, and halts it again; one that throws has failed. */
export async function initializedBehind(door: RegistrationDoor): Promise<InitializedMiniport> {
  const { registration } = door;
  const status = await door
    .tryInitialize()
    .catch((): NdisStatus => NDIS_STATUS.NDIS_STATUS_FAILURE);
  if (status === NDIS_STATUS.NDIS_STATUS_SUCCESS) await door.halt();
  return { status, registration };
}

/** A miniport that registers nothing is driven all the same, and breaks none of these. */
export async function checkRegistration(bench: RegistrationBench): Promise<void> {
  await bench.check(
    'what it registers is taken, with its current SR-IOV capabilities',
    async () => {
      const { registration } = await bench.initialized();
      demand(registration.refusal === undefined, `${registration.refusal}`);
      demand(registration.sriovDisabled === undefined, `${registration.sriovDisabled}`);
    },
  );
  await bench.check('its SupportedOidList has every OID that it must serve', async () => {
    const { registration } = await bench.initialized();
    const missing = bench.oids.filter((oid) => !registration.supports(oid)).map(oidName);
    demand(missing.length === 0, `${missing.join(', ')} missing`);
  });
  await bench.check('in the other partition it does not start', async () => {
    const { registration: own } = await bench.initialized();
    if (own.hardwareSriovCapabilities === undefined) return;
    const { status } = await bench.initialized(bench.foreignPartition);
    const isRefused = status !== NDIS_STATUS.NDIS_STATUS_SUCCESS;
    demand(isRefused, `MiniportInitializeEx succeeded in ${bench.foreignPartition}`);
  });
}
