import { newConfigBlockBuffer } from '#host/ndis/config-block-parameters.ts';
import { newNicSwitchParameters } from '#host/ndis/nic-switch-parameters.ts';
import type { PfAdapter, PfMiniport, PfMiniportFactory } from '#host/ndis/pf-miniport.ts';
import { virtualFunctionsOf } from '#host/ndis/pf-virtual-functions.ts';
import { newVfParameters, parseVfParameters } from '#host/ndis/vf-parameters.ts';
import { newFreeVfParameters, newResetVfParameters } from '#host/ndis/vf-requests.ts';
import { SriovDevice } from '#host/pci/sriov-device.ts';
import { NDIS_STATUS, type NdisStatus } from '#shared/ndis/ndis-status.ts';
import { OID, type Oid } from '#shared/ndis/oid.ts';
import {
  methodRequest,
  type NdisOidRequest,
  type OidRequestParameters,
  setRequest,
} from '#shared/ndis/oid-request.ts';
import { dispatchClock } from '#shared/nt/dispatch-clock.ts';
import { CurrentIrql } from '#shared/nt/irql.ts';
import { kernelServices } from '#shared/nt/kernel-services.ts';
import { blocksOfMask } from '#shared/vpci/config-block.ts';
import { ManualClock } from '#test/kit/world/manual-clock.ts';
import { CapturedLog } from '#test/shared/reference-nic/captured-log.ts';
import { initializing } from '#test/support/initializing.ts';

/** What a PF told NDIS with one call of NdisMInvalidateConfigBlock. */
export interface Invalidation {
  readonly vfId: number;
  readonly blocks: readonly number[];
}

/** A PF miniport with the rest of the management OS played by a test. */
export class PfUnderTest {
  readonly clock = new ManualClock();
  readonly invalidations: Invalidation[] = [];
  readonly logged = new CapturedLog();
  readonly adapter: PfAdapter;
  readonly miniport: PfMiniport;
  #allocations = 0;

  constructor(factory: PfMiniportFactory, keywords: Readonly<Record<string, string>> = {}) {
    const irql = new CurrentIrql();
    this.adapter = {
      name: 'pf',
      configuration: new Map(Object.entries(keywords)),
      clock: dispatchClock(this.clock, irql),
      log: this.logged.log,
      ...kernelServices(irql, (error) => this.logged.log.error(error, 'a work item threw')),
      ...virtualFunctionsOf(new SriovDevice()),
      ...initializing('NdisHypervisorPartitionTypeMsHvParent'),
      ndisMInvalidateConfigBlock: (vfId, mask) => {
        this.invalidations.push({ vfId, blocks: blocksOfMask(mask) });
      },
      ndisMOidRequestComplete: () => {
        throw new Error('this PF leaves no request pending');
      },
    };
    this.miniport = factory(this.adapter);
  }

  /** MiniportInitializeEx. */
  async initialize(): Promise<NdisStatus | undefined> {
    return await this.miniport.miniportInitializeEx?.(this.adapter);
  }

  /** A started PF with a NIC switch. */
  static async start(
    factory: PfMiniportFactory,
    keywords: Readonly<Record<string, string>> = {},
  ): Promise<PfUnderTest> {
    const pf = new PfUnderTest(factory, keywords);
    const status = await pf.initialize();
    if (status !== NDIS_STATUS.NDIS_STATUS_SUCCESS) throw new Error(`initialize: ${status}`);
    await pf.#issue(OID.OID_NIC_SWITCH_CREATE_SWITCH, newNicSwitchParameters('switch', 64));
    return pf;
  }

  /** The VFId of a new VF, the n-th of which NDIS knows as 02:15:5d:00:00:0n. */
  async allocateVf(): Promise<number> {
    const macAddress = Uint8Array.of(0x02, 0x15, 0x5d, 0, 0, ++this.#allocations);
    const buffer = newVfParameters({
      vmName: 'g1',
      vmFriendlyName: 'g1',
      nicName: 'nic',
      permanentMacAddress: macAddress,
      currentMacAddress: Uint8Array.of(0x02, 0, 0, 0, 0, 0xff),
    });
    await this.#issue(OID.OID_NIC_SWITCH_ALLOCATE_VF, buffer);
    return parseVfParameters(buffer)?.vfId ?? Number.NaN;
  }

  async freeVf(vfId: number): Promise<void> {
    await this.#issue(OID.OID_NIC_SWITCH_FREE_VF, newFreeVfParameters(vfId));
  }

  async resetVf(vfId: number): Promise<void> {
    await this.#issue(OID.OID_SRIOV_RESET_VF, newResetVfParameters(vfId));
  }

  /** The block's bytes, or the status with which the read failed. */
  async read(vfId: number, blockId: number, length = 128): Promise<Uint8Array | NdisStatus> {
    const buffer = newConfigBlockBuffer(vfId, blockId, length);
    const request = newRequest(methodRequest(OID.OID_SRIOV_READ_VF_CONFIG_BLOCK, buffer));
    const status = await this.miniport.miniportOidRequest(request);
    return status === NDIS_STATUS.NDIS_STATUS_SUCCESS
      ? buffer.slice(20, request.bytesWritten)
      : status;
  }

  /** The block's bytes; throws when the read fails. */
  async bytes(vfId: number, blockId: number): Promise<Uint8Array> {
    const answer = await this.read(vfId, blockId);
    if (typeof answer === 'number') throw new Error(`read of block ${blockId}: ${answer}`);
    return answer;
  }

  async write(vfId: number, blockId: number, data: Uint8Array): Promise<NdisStatus> {
    const buffer = newConfigBlockBuffer(vfId, blockId, data.byteLength);
    buffer.set(data, 20);
    const request = newRequest(setRequest(OID.OID_SRIOV_WRITE_VF_CONFIG_BLOCK, buffer));
    return await this.miniport.miniportOidRequest(request);
  }

  async #issue(oid: Oid, buffer: Uint8Array): Promise<void> {
    const status = await this.miniport.miniportOidRequest(newRequest(methodRequest(oid, buffer)));
    if (status !== NDIS_STATUS.NDIS_STATUS_SUCCESS) throw new Error(`OID ${oid}: ${status}`);
  }
}

/** A request as NDIS would hand it to a miniport. */
export function newRequest(parameters: OidRequestParameters): NdisOidRequest {
  return {
    ...parameters,
    requestId: 1,
    timeout: 0,
    bytesWritten: 0,
    bytesRead: 0,
    bytesNeeded: 0,
    supportedRevision: 0,
    cause: 0,
    origin: undefined,
  };
}
