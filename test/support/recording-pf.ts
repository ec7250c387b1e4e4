import type { PfAdapter, PfMiniport, PfMiniportFactory } from '#host/ndis/pf-miniport.ts';
import { type ConfigBlockPf, configBlockPf } from '#host/pf-miniport/config-block-pf.ts';
import { NDIS_STATUS, type NdisStatus } from '#shared/ndis/ndis-status.ts';
import { OID, oidName } from '#shared/ndis/oid.ts';
import type { OidAnswer } from '#shared/ndis/oid-queue.ts';
import type { NdisOidRequest } from '#shared/ndis/oid-request.ts';

/** What a {@link RecordingPf} does instead of its ordinary work; undefined lets it do that. */
type Intercept = (request: NdisOidRequest) => OidAnswer | undefined;

/**
 * A PF miniport that writes down what it is asked. Unless a test says otherwise, each VF has every
 * block: what was last written there, or else bytes that all are the low byte of the block's id.
 */
export class RecordingPf {
  /** The name of each OID request, in the order of delivery. */
  readonly oids: string[] = [];
  /** The requests themselves, which a test may complete later. */
  readonly requests: NdisOidRequest[] = [];
  /** What each said when its handler returned: one that is completed is NDIS's again to read and write. */
  readonly asked: NdisOidRequest[] = [];
  readonly cancelled: number[] = [];
  halts = 0;
  intercept: Intercept = () => undefined;
  readonly #delivered: { readonly oid: number; readonly request: NdisOidRequest }[] = [];
  readonly #contents = new Map<string, Uint8Array>();
  readonly #driver: Partial<ConfigBlockPf>;
  #adapter: PfAdapter | undefined;
  #ordinary: PfMiniport | undefined;

  constructor(driver: Partial<ConfigBlockPf> = {}) {
    this.#driver = driver;
  }

  get adapter(): PfAdapter {
    if (this.#adapter === undefined) throw new Error('the PF miniport has not been created');
    return this.#adapter;
  }

  /** The last request of an OID that was delivered. */
  last(oid: number): NdisOidRequest {
    const delivered = this.#delivered.findLast((each) => each.oid === oid);
    if (delivered === undefined) throw new Error(`no ${oidName(oid)} was delivered`);
    return delivered.request;
  }

  /** What the last request of an OID said. */
  lastAsked(oid: number): NdisOidRequest {
    const asked = this.asked.findLast((each) => each.oid === oid);
    if (asked === undefined) throw new Error(`no ${oidName(oid)} was delivered`);
    return asked;
  }

  invalidate(vfId: number, mask: bigint): void {
    this.adapter.ndisMInvalidateConfigBlock(vfId, mask);
  }

  complete(request: NdisOidRequest, status: NdisStatus): void {
    this.adapter.ndisMOidRequestComplete(request, status);
  }

  /** Leaves the requests of these OIDs pending, for the test to complete. */
  leavePending(...oids: readonly number[]): void {
    this.intercept = ({ oid }) =>
      oids.includes(oid) ? NDIS_STATUS.NDIS_STATUS_PENDING : undefined;
  }

  /** Does again the ordinary work that a pending request was kept from, and completes it. */
  finish(request: NdisOidRequest): void {
    const answer = this.#ordinary?.miniportOidRequest(request);
    if (answer === undefined) throw new Error('the PF miniport has not been created');
    if (answer instanceof Promise) throw new Error('this PF miniport answers at once');
    this.complete(request, answer);
  }

  readonly factory: PfMiniportFactory = (adapter) => {
    this.#adapter = adapter;
    const ordinary = this.#newOrdinary(adapter);
    this.#ordinary = ordinary;
    return {
      miniportInitializeEx: () => this.#driver.initialize?.() ?? NDIS_STATUS.NDIS_STATUS_SUCCESS,
      miniportOidRequest: (request) => {
        this.oids.push(oidName(request.oid));
        this.requests.push(request);
        this.#delivered.push({ oid: request.oid, request });
        const answer = this.intercept(request) ?? ordinary.miniportOidRequest(request);
        this.asked.push({ ...request, informationBuffer: copyOf(request.informationBuffer) });
        return answer;
      },
      miniportCancelOidRequest: (requestId) => void this.cancelled.push(requestId),
      miniportHaltEx: () => {
        this.halts++;
        return this.#driver.halt?.();
      },
    };
  };

  #newOrdinary(adapter: PfAdapter): PfMiniport {
    return configBlockPf(adapter, {
      readBlock: (vfId, blockId, length) =>
        this.#driver.readBlock?.(vfId, blockId, length) ??
        this.#contents.get(`${vfId}/${blockId}`) ??
        new Uint8Array(length).fill(blockId & 0xff),
      writeBlock: (vfId, blockId, data) => {
        this.#contents.set(`${vfId}/${blockId}`, data);
        return this.#driver.writeBlock?.(vfId, blockId, data) ?? NDIS_STATUS.NDIS_STATUS_SUCCESS;
      },
      vfAllocated: (vfId, parameters) => this.#driver.vfAllocated?.(vfId, parameters),
      vfReset: (vfId) => this.#driver.vfReset?.(vfId),
      vfFreed: (vfId) => {
        for (const key of this.#contents.keys()) {
          if (key.startsWith(`${vfId}/`)) this.#contents.delete(key);
        }
        this.#driver.vfFreed?.(vfId);
      },
      vendorDeviceId: { vendorId: 0x15b3, deviceId: 0x1016 },
    });
  }
}

/** The two OIDs that carry block data. */
export const BLOCK_OIDS = [
  OID.OID_SRIOV_READ_VF_CONFIG_BLOCK,
  OID.OID_SRIOV_WRITE_VF_CONFIG_BLOCK,
] as const;

/** A copy of a buffer; an empty one of a buffer that was given away. */
function copyOf(bytes: Uint8Array): Uint8Array {
  return bytes.byteLength === 0 ? new Uint8Array() : bytes.slice();
}
