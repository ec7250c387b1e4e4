import { NDIS_STATUS, type NdisStatus } from '#shared/ndis/ndis-status.ts';
import { OID } from '#shared/ndis/oid.ts';
import type { NdisOidRequest } from '#shared/ndis/oid-request.ts';
import { roomOf } from '#shared/ndis/query-answer.ts';
import { isConfigurationRange, PCI_TYPE0_ADDRESSES } from '#shared/pci/configuration-space.ts';
import {
  parseBarResourcesInfo,
  parseProbedBarsInfo,
  SIZEOF_BAR_RESOURCES_INFO,
  SIZEOF_BASE_REGISTER_VALUES,
  SIZEOF_PARTIAL_RESOURCE_DESCRIPTOR,
  SIZEOF_PROBED_BARS_INFO,
  setBaseRegisterValues,
  setMemoryDescriptor,
} from '../ndis/bar-structures.ts';
import {
  type ConfigSpaceParameters,
  parseConfigSpaceParameters,
  SIZEOF_CONFIG_SPACE_PARAMETERS,
} from '../ndis/config-space-parameters.ts';
import type { PfVirtualFunctions } from '../ndis/pf-virtual-functions.ts';
import { type AllocatedVfs, checkVfBuffer } from './vf-buffer.ts';

/**
 * What a PF answers of the configuration space and the BARs of its VFs: what NDIS reads of the
 * hardware for it. Nothing is cached, though a PF miniport might.
 *
 * Source: Microsoft Learn: OID_SRIOV_READ_VF_CONFIG_SPACE, OID_SRIOV_WRITE_VF_CONFIG_SPACE,
 * OID_SRIOV_PROBED_BARS, OID_SRIOV_BAR_RESOURCES.
 */
export class VfConfigSpace {
  readonly #adapter: PfVirtualFunctions;
  readonly #vfs: AllocatedVfs;

  constructor(adapter: PfVirtualFunctions, vfs: AllocatedVfs) {
    this.#adapter = adapter;
    this.#vfs = vfs;
  }

  /** Serves these four OIDs; any other is NDIS_STATUS_NOT_SUPPORTED. */
  oidRequest(request: NdisOidRequest): NdisStatus {
    switch (request.oid) {
      case OID.OID_SRIOV_READ_VF_CONFIG_SPACE:
        return this.#read(request);
      case OID.OID_SRIOV_WRITE_VF_CONFIG_SPACE:
        return this.#write(request);
      case OID.OID_SRIOV_PROBED_BARS:
        return this.#probedBars(request);
      case OID.OID_SRIOV_BAR_RESOURCES:
        return this.#barResources(request);
      default:
        return NDIS_STATUS.NDIS_STATUS_NOT_SUPPORTED;
    }
  }

  #read(request: NdisOidRequest): NdisStatus {
    const parameters = this.#check(request, request.outputBufferLength);
    if (typeof parameters === 'number') return parameters;
    const { vfId, offset, length, bufferOffset } = parameters;
    const data = request.informationBuffer.subarray(bufferOffset, bufferOffset + length);
    const count = this.#adapter.ndisMGetVirtualFunctionBusData(vfId, data, offset, length);
    if (count === 0) return NDIS_STATUS.NDIS_STATUS_FAILURE;
    request.bytesWritten = bufferOffset + count;
    request.bytesRead = SIZEOF_CONFIG_SPACE_PARAMETERS;
    return NDIS_STATUS.NDIS_STATUS_SUCCESS;
  }

  #write(request: NdisOidRequest): NdisStatus {
    const parameters = this.#check(request, request.inputBufferLength);
    if (typeof parameters === 'number') return parameters;
    const { vfId, offset, length, bufferOffset } = parameters;
    const data = request.informationBuffer.subarray(bufferOffset, bufferOffset + length);
    const count = this.#adapter.ndisMSetVirtualFunctionBusData(vfId, data, offset, length);
    if (count === 0) return NDIS_STATUS.NDIS_STATUS_FAILURE;
    request.bytesRead = bufferOffset + count;
    return NDIS_STATUS.NDIS_STATUS_SUCCESS;
  }

  /** Documents give no status for a range outside configuration space: a member is invalid. */
  #check(request: NdisOidRequest, available: number): ConfigSpaceParameters | NdisStatus {
    const size = SIZEOF_CONFIG_SPACE_PARAMETERS;
    const parse = parseConfigSpaceParameters;
    const parameters = checkVfBuffer(request, this.#vfs, parse, size, available);
    if (typeof parameters === 'number') return parameters;
    return isConfigurationRange(parameters.offset, parameters.length)
      ? parameters
      : NDIS_STATUS.NDIS_STATUS_INVALID_PARAMETER;
  }

  /** The page asks for room of the structure "+ PCI_TYPE0_ADDRESSES"; six ULONGs take 24 bytes. */
  #probedBars(request: NdisOidRequest): NdisStatus {
    const least = SIZEOF_PROBED_BARS_INFO + SIZEOF_BASE_REGISTER_VALUES;
    if (roomOf(request) < least) return tooShort(request, least);
    const offset = parseProbedBarsInfo(request.informationBuffer);
    if (offset === undefined || offset < SIZEOF_PROBED_BARS_INFO) {
      return NDIS_STATUS.NDIS_STATUS_INVALID_PARAMETER;
    }
    const end = offset + SIZEOF_BASE_REGISTER_VALUES;
    if (roomOf(request) < end) return tooShort(request, end);
    const values = new Uint32Array(PCI_TYPE0_ADDRESSES);
    const status = this.#adapter.ndisMQueryProbedBars(values);
    if (status !== NDIS_STATUS.NDIS_STATUS_SUCCESS) return status;
    setBaseRegisterValues(request.informationBuffer, offset, values);
    request.bytesWritten = end;
    return status;
  }

  #barResources(request: NdisOidRequest): NdisStatus {
    if (request.inputBufferLength < SIZEOF_BAR_RESOURCES_INFO) {
      return tooShort(request, SIZEOF_BAR_RESOURCES_INFO + SIZEOF_PARTIAL_RESOURCE_DESCRIPTOR);
    }
    const info = parseBarResourcesInfo(request.informationBuffer);
    if (info === undefined) return NDIS_STATUS.NDIS_STATUS_INVALID_PARAMETER;
    const { vfId, barIndex, barResourcesOffset } = info;
    if (!this.#vfs.isAllocated(vfId) || barResourcesOffset < SIZEOF_BAR_RESOURCES_INFO) {
      return NDIS_STATUS.NDIS_STATUS_INVALID_PARAMETER;
    }
    const end = barResourcesOffset + SIZEOF_PARTIAL_RESOURCE_DESCRIPTOR;
    if (roomOf(request) < end) return tooShort(request, end);
    const memory = this.#adapter.vfBarMemory(vfId, barIndex);
    if (memory === undefined) return NDIS_STATUS.NDIS_STATUS_INVALID_PARAMETER;
    setMemoryDescriptor(request.informationBuffer, barResourcesOffset, memory);
    request.bytesWritten = end;
    request.bytesRead = SIZEOF_BAR_RESOURCES_INFO;
    return NDIS_STATUS.NDIS_STATUS_SUCCESS;
  }
}

function tooShort(request: NdisOidRequest, bytesNeeded: number): NdisStatus {
  request.bytesNeeded = bytesNeeded;
  return NDIS_STATUS.NDIS_STATUS_INVALID_LENGTH;
}
