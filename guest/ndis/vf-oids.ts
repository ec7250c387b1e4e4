import type { NdisDevicePowerState } from '#shared/ndis/device-power-state.ts';
import type { NdisStatus } from '#shared/ndis/ndis-status.ts';
import { OID } from '#shared/ndis/oid.ts';
import type { OidQueue } from '#shared/ndis/oid-queue.ts';
import {
  methodRequest,
  type NdisOidRequest,
  type OidRequestParameters,
  setRequest,
} from '#shared/ndis/oid-request.ts';
import type { BlockMask } from '#shared/vpci/config-block.ts';
import { newDevicePowerBuffer } from './device-power-buffer.ts';
import { newInvalidateInfo } from './invalidate-info.ts';
import { VfAnswers } from './vf-answers.ts';
import { newVfOidQueue, type VfOidQueueOptions } from './vf-oid-queue.ts';

export interface VfOidsOptions extends Omit<VfOidQueueOptions, 'answers'> {
  /** Seconds that the VF miniport may hold an OID request; 0 for ever. */
  readonly oidTimeout: number;
  /** What OID_SRIOV_VF_SERIAL_NUMBER answers. */
  readonly serialNumber: number;
}

/** The OID requests that are issued to the adapter of a VF, by NDIS and by overlying drivers. */
export class VfOids {
  readonly #queue: OidQueue;
  readonly #oidTimeout: number;
  #requestId = 0;

  constructor(options: VfOidsOptions) {
    this.#oidTimeout = options.oidTimeout;
    const answers = new VfAnswers(options.serialNumber, options.registration);
    this.#queue = newVfOidQueue({ ...options, answers });
  }

  /** The request that the miniport holds. */
  get held(): NdisOidRequest | undefined {
    return this.#queue.held;
  }

  /** Issues a request; `complete` is called once, perhaps before this returns. */
  issue(
    parameters: OidRequestParameters,
    complete: (status: NdisStatus, request: NdisOidRequest) => void,
  ): void {
    const request: NdisOidRequest = {
      cause: 0,
      ...parameters,
      requestId: ++this.#requestId,
      timeout: this.#oidTimeout,
      bytesWritten: 0,
      bytesRead: 0,
      bytesNeeded: 0,
      supportedRevision: 0,
      origin: undefined,
    };
    this.#queue.issue(request, (status) => complete(status, request));
  }

  /** OID_SRIOV_VF_INVALIDATE_CONFIG_BLOCK. Whatever the miniport answers, nothing goes back to the PF. */
  invalidate(mask: BlockMask, cause: number, done: () => void): void {
    const oid = OID.OID_SRIOV_VF_INVALIDATE_CONFIG_BLOCK;
    this.issue({ ...methodRequest(oid, newInvalidateInfo(mask)), cause }, done);
  }

  /** OID_PNP_SET_POWER; resolves with the status of the miniport. */
  setPower(state: NdisDevicePowerState): Promise<NdisStatus> {
    const parameters = setRequest(OID.OID_PNP_SET_POWER, newDevicePowerBuffer(state));
    return new Promise((resolve) => this.issue(parameters, resolve));
  }

  /** NdisMOidRequestComplete. */
  complete(request: NdisOidRequest, status: NdisStatus): void {
    this.#queue.ndisMOidRequestComplete(request, status);
  }

  /** Takes no further request, and resolves once none is outstanding. */
  close(): Promise<void> {
    return this.#queue.close();
  }
}
