import { NDIS_STATUS, type NdisStatus } from '#shared/ndis/ndis-status.ts';
import { OID } from '#shared/ndis/oid.ts';
import type { NdisOidRequest } from '#shared/ndis/oid-request.ts';
import { newNicSwitchInfo } from './nic-switch-info.ts';
import {
  changedNicSwitch,
  parseNicSwitchParameters,
  SIZEOF_NIC_SWITCH_PARAMETERS,
} from './nic-switch-parameters.ts';
import { type PackedStructure, packedStructure, unpackedStructure } from './packed-structure.ts';
import { parseVfParameters, SIZEOF_VF_PARAMETERS } from './vf-parameters.ts';
import { parseFreeVfParameters } from './vf-requests.ts';
import { VPorts } from './vports.ts';

/**
 * What NDIS knows of the NIC switch of a PF: what it saw the PF miniport complete. Its answers come
 * from here. Source: Microsoft Learn: Enumerating NIC Switches on a Network Adapter.
 */
export class NicSwitchCache {
  #parameters: Uint8Array | undefined;
  /** NDIS_NIC_SWITCH_VF_PARAMETERS of each VF. */
  readonly #vfs = new Map<number, PackedStructure>();
  readonly vports = new VPorts((vfId) => this.isAllocated(vfId));

  /** Learns from a request that the miniport has completed. */
  completed(request: NdisOidRequest, status: NdisStatus): void {
    if (status !== NDIS_STATUS.NDIS_STATUS_SUCCESS) return;
    this.vports.completed(request);
    const { oid, informationBuffer } = request;
    switch (oid) {
      case OID.OID_NIC_SWITCH_CREATE_SWITCH:
        if (parseNicSwitchParameters(informationBuffer) !== undefined) {
          this.#parameters = informationBuffer.slice(0, SIZEOF_NIC_SWITCH_PARAMETERS);
        }
        break;
      case OID.OID_NIC_SWITCH_PARAMETERS:
        if (this.#parameters !== undefined) {
          this.#parameters = changedNicSwitch(this.#parameters, informationBuffer);
        }
        break;
      case OID.OID_NIC_SWITCH_DELETE_SWITCH:
        this.#parameters = undefined;
        break;
      case OID.OID_NIC_SWITCH_ALLOCATE_VF: {
        const vfId = parseVfParameters(informationBuffer)?.vfId;
        const vf = informationBuffer.subarray(0, SIZEOF_VF_PARAMETERS);
        if (vfId !== undefined) this.#vfs.set(vfId, packedStructure(vf));
        break;
      }
      case OID.OID_NIC_SWITCH_FREE_VF: {
        const vfId = parseFreeVfParameters(informationBuffer);
        if (vfId !== undefined) this.#vfs.delete(vfId);
      }
    }
  }

  /** NDIS_NIC_SWITCH_PARAMETERS of the default switch as they are now; undefined when it is not there. */
  get parameters(): Uint8Array | undefined {
    return this.#parameters;
  }

  isAllocated(vfId: number): boolean {
    return this.#vfs.has(vfId);
  }

  /** The NDIS_NIC_SWITCH_VF_PARAMETERS of a VF as the PF miniport completed them. */
  vf(vfId: number): Uint8Array | undefined {
    const packed = this.#vfs.get(vfId);
    return packed === undefined ? undefined : unpackedStructure(packed);
  }

  /** An NDIS_NIC_SWITCH_VF_INFO of each allocated VF, by VFId. */
  vfs(): readonly Uint8Array[] {
    return [...this.#vfs]
      .sort(([left], [right]) => left - right)
      .map(([, vf]) => unpackedStructure(vf));
  }

  /** An NDIS_NIC_SWITCH_INFO of each switch: of the default one, or of none. */
  switches(): readonly Uint8Array[] {
    const parameters = this.#parameters;
    if (parameters === undefined) return [];
    const { numVPorts, numActiveVPorts, numMovedFilters } = this.vports;
    const numAllocatedVfs = this.#vfs.size;
    const counts = { numAllocatedVfs, numVPorts, numActiveVPorts, numMovedFilters };
    return [newNicSwitchInfo(parameters, counts)];
  }
}
