import type { PfAdapter, PfMiniport, PfMiniportFactory } from '#host/ndis/pf-miniport.ts';
import { virtualFunctionsOf } from '#host/ndis/pf-virtual-functions.ts';
import { parseVfParameters } from '#host/ndis/vf-parameters.ts';
import { SriovDevice } from '#host/pci/sriov-device.ts';
import { watchPf } from '#host/verifier/watch-pf.ts';
import {
  allocateVf,
  createSwitch,
  freeVf,
  readVfConfigBlock,
  writeVfConfigBlock,
} from '#host/virtualization-stack/vf-oids.ts';
import { messageOf } from '#shared/message-of.ts';
import type { NdisHypervisorPartitionType } from '#shared/ndis/hypervisor-info.ts';
import { NDIS_STATUS, type NdisStatus } from '#shared/ndis/ndis-status.ts';
import type { OidRequestParameters } from '#shared/ndis/oid-request.ts';
import { dispatchClock } from '#shared/nt/dispatch-clock.ts';
import { CurrentIrql } from '#shared/nt/irql.ts';
import { kernelServices } from '#shared/nt/kernel-services.ts';
import { maskHex } from '#shared/vpci/config-block.ts';
import { ManualClock } from '#test/kit/world/manual-clock.ts';
import { quietLog } from '#test/kit/world/quiet-log.ts';
import { breachVerifier } from './breach-verifier.ts';
import { demand } from './contract.ts';
import { type Completed, demandStatus, OidDoor } from './oid-door.ts';
import type { Patience } from './patience.ts';
import { WatchedRegistration } from './watched-registration.ts';

/** How many VFs the switch of a {@link PfDoor} has. */
export const NUM_VFS = 2;

export const ORIGIN = { device: 'contract/0', generation: 1 };

const { NDIS_STATUS_SUCCESS } = NDIS_STATUS;
const LAST_MASK = 0xffff_ffff_ffff_ffffn;

/** NDIS and the virtualization stack around a PF miniport that is held to its contract. */
export class PfDoor {
  readonly clock: ManualClock;
  readonly miniport: PfMiniport;
  readonly registration: WatchedRegistration;
  readonly #adapter: PfAdapter;
  readonly #patience: Patience;
  readonly #oids: OidDoor;
  readonly #breaches: string[];
  readonly #allocated = new Set<number>();
  #halted = false;
  /** Called with each mask of an allocated VF. */
  onInvalidate: (vfId: number, mask: bigint) => void = () => {};

  constructor(
    factory: PfMiniportFactory,
    configuration: ReadonlyMap<string, string>,
    breaches: string[],
    patience: Patience,
    partitionType: NdisHypervisorPartitionType = 'NdisHypervisorPartitionTypeMsHvParent',
  ) {
    this.clock = patience.clock;
    this.#patience = patience;
    this.#breaches = breaches;
    const irql = new CurrentIrql();
    this.registration = new WatchedRegistration(partitionType, breaches);
    this.#adapter = {
      name: 'contract',
      configuration,
      clock: dispatchClock(this.clock, irql),
      log: quietLog,
      ...virtualFunctionsOf(new SriovDevice()),
      ...kernelServices(irql, (error) => breaches.push(`a work item threw: ${messageOf(error)}`)),
      ...this.registration.watchedServices,
      ndisMInvalidateConfigBlock: (vfId, mask) => this.#invalidate(vfId, mask),
      ndisMOidRequestComplete: (request, status) => this.#oids.complete(request, status),
    };
    const watched = watchPf({
      verifier: breachVerifier(breaches),
      factory,
      name: 'contract',
      // The miniport's own clock is counted for timers that it leaves behind.
      clock: new ManualClock(),
      stop: () => {},
    });
    this.miniport = watched.factory(this.#adapter);
    this.#oids = new OidDoor(patience, breaches, (request) =>
      this.miniport.miniportOidRequest(request),
    );
  }

  /** MiniportInitializeEx, which must succeed. */
  async initialize(): Promise<void> {
    const status = await this.tryInitialize();
    demand(status === NDIS_STATUS_SUCCESS, `MiniportInitializeEx returned ${status}`);
  }

  /** MiniportInitializeEx. */
  async tryInitialize(): Promise<NdisStatus> {
    const status = await this.registration.during(() =>
      this.#patience.returned('MiniportInitializeEx', () =>
        this.miniport.miniportInitializeEx?.(this.#adapter),
      ),
    );
    return status ?? NDIS_STATUS_SUCCESS;
  }

  /** {@link initialize}, and a switch of {@link NUM_VFS} VFs. */
  async start(): Promise<this> {
    await this.initialize();
    demandStatus(await this.issue(createSwitch(NUM_VFS)), NDIS_STATUS_SUCCESS);
    return this;
  }

  issue(parameters: OidRequestParameters): Promise<Completed> {
    return this.#oids.issue(parameters);
  }

  /** Asks for a VF. */
  async tryAllocate(): Promise<Completed> {
    const completed = await this.issue(
      allocateVf(
        {
          vmName: 'contract',
          vmFriendlyName: 'contract',
          nicName: 'contract--0',
          permanentMacAddress: Uint8Array.of(0x02, 0, 0, 0, 0, 1),
          currentMacAddress: Uint8Array.of(0x02, 0, 0, 0, 0, 1),
        },
        ORIGIN,
      ),
    );
    const vfId = parseVfParameters(completed.request.informationBuffer)?.vfId;
    if (completed.status === NDIS_STATUS_SUCCESS && vfId !== undefined) this.#allocated.add(vfId);
    return completed;
  }

  /** Asks for a VF, which must be given. */
  async allocate(): Promise<number> {
    const completed = await this.tryAllocate();
    demandStatus(completed, NDIS_STATUS_SUCCESS);
    const vfId = parseVfParameters(completed.request.informationBuffer)?.vfId;
    demand(vfId !== undefined && vfId !== 0xffff, 'OID_NIC_SWITCH_ALLOCATE_VF gave out no VFId');
    return vfId;
  }

  async free(vfId: number): Promise<Completed> {
    const completed = await this.issue(freeVf(vfId, ORIGIN));
    if (completed.status === NDIS_STATUS_SUCCESS) this.#allocated.delete(vfId);
    return completed;
  }

  read(vfId: number, blockId: number, length: number): Promise<Completed> {
    return this.issue(readVfConfigBlock(vfId, blockId, length, ORIGIN, 0));
  }

  write(vfId: number, blockId: number, data: Uint8Array): Promise<Completed> {
    return this.issue(writeVfConfigBlock(vfId, blockId, data, ORIGIN, 0));
  }

  /** Frees every VF and halts the miniport, once. */
  async halt(): Promise<void> {
    if (this.#halted) return;
    for (const vfId of this.#allocated) await this.free(vfId);
    await this.#patience.returned('MiniportHaltEx', () => this.miniport.miniportHaltEx?.());
    this.#halted = true;
  }

  #invalidate(vfId: number, mask: bigint): void {
    const call = `NdisMInvalidateConfigBlock(${vfId}, ${String(mask)})`;
    if (this.#halted) this.#breaches.push(`it called ${call} after MiniportHaltEx`);
    else if (!this.#allocated.has(vfId)) this.#breaches.push(`${call}: the VF is not allocated`);
    else if (typeof mask !== 'bigint' || mask <= 0n || mask > LAST_MASK) {
      this.#breaches.push(`${call}: the mask is no BlockMask of 64 bits, or is 0`);
    } else this.onInvalidate(vfId, BigInt(maskHex(mask)));
  }
}
