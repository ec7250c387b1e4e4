import type { NdisDevicePowerState } from '#shared/ndis/device-power-state.ts';
import type { NdisStatus } from '#shared/ndis/ndis-status.ts';
import { OID } from '#shared/ndis/oid.ts';
import {
  type CompletedOid,
  methodRequest,
  NDIS_REQUEST_TYPE,
  type NdisOidRequest,
  type OidOrigin,
  type OidRequestParameters,
  setRequest,
} from '#shared/ndis/oid-request.ts';
import type { BlockId } from '#shared/vpci/config-block.ts';
import {
  newConfigBlockBuffer,
  SIZEOF_CONFIG_BLOCK_PARAMETERS,
} from '../ndis/config-block-parameters.ts';
import { NDIS_DEFAULT_SWITCH_ID } from '../ndis/function-id.ts';
import {
  newDeleteSwitchParameters,
  newNicSwitchParameters,
} from '../ndis/nic-switch-parameters.ts';
import { newVfParameters, type VfParameters } from '../ndis/vf-parameters.ts';
import { newSetVfPowerStateParameters } from '../ndis/vf-power-state-parameters.ts';
import {
  newFreeVfParameters,
  newResetVfParameters,
  newVendorDeviceIdInfo,
} from '../ndis/vf-requests.ts';
import { type NewVPort, newVPortParameters } from '../ndis/vport-parameters.ts';
import {
  type FilterMove,
  newDeleteVPortParameters,
  newMoveFilterParameters,
} from '../ndis/vport-requests.ts';

/** The OID requests that the virtualization stack issues, each with its documented request type. */

export function createSwitch(numVfs: number): OidRequestParameters {
  const buffer = newNicSwitchParameters('Default NIC switch', numVfs);
  return methodRequest(OID.OID_NIC_SWITCH_CREATE_SWITCH, buffer);
}

export function deleteSwitch(): OidRequestParameters {
  const buffer = newDeleteSwitchParameters(NDIS_DEFAULT_SWITCH_ID);
  return setRequest(OID.OID_NIC_SWITCH_DELETE_SWITCH, buffer);
}

export function allocateVf(parameters: VfParameters, origin: OidOrigin): OidRequestParameters {
  return { ...methodRequest(OID.OID_NIC_SWITCH_ALLOCATE_VF, newVfParameters(parameters)), origin };
}

export function createVPort(vport: NewVPort, origin: OidOrigin): OidRequestParameters {
  return { ...methodRequest(OID.OID_NIC_SWITCH_CREATE_VPORT, newVPortParameters(vport)), origin };
}

export function deleteVPort(vportId: number, origin: OidOrigin): OidRequestParameters {
  const buffer = newDeleteVPortParameters(vportId);
  return { ...setRequest(OID.OID_NIC_SWITCH_DELETE_VPORT, buffer), origin };
}

export function moveFilter(move: FilterMove, origin: OidOrigin): OidRequestParameters {
  const buffer = newMoveFilterParameters(move);
  return { ...setRequest(OID.OID_RECEIVE_FILTER_MOVE_FILTER, buffer), origin };
}

export function freeVf(vfId: number, origin: OidOrigin): OidRequestParameters {
  return { ...setRequest(OID.OID_NIC_SWITCH_FREE_VF, newFreeVfParameters(vfId)), origin };
}

export function resetVf(vfId: number, origin: OidOrigin, cause = 0): OidRequestParameters {
  return { ...setRequest(OID.OID_SRIOV_RESET_VF, newResetVfParameters(vfId)), origin, cause };
}

/** WakeEnable is FALSE: it has to be for D0, and a VF of this channel has no signal to wake with. */
export function setVfPowerState(
  vfId: number,
  powerState: NdisDevicePowerState,
  origin: OidOrigin,
  cause: number,
): OidRequestParameters {
  const buffer = newSetVfPowerStateParameters({ vfId, powerState, wakeEnable: false });
  return { ...setRequest(OID.OID_SRIOV_SET_VF_POWER_STATE, buffer), origin, cause };
}

export function vendorDeviceId(vfId: number, origin: OidOrigin): OidRequestParameters {
  const buffer = newVendorDeviceIdInfo(vfId);
  return { ...methodRequest(OID.OID_SRIOV_VF_VENDOR_DEVICE_ID, buffer), origin };
}

/** A read of `length` bytes: a method request whose output is the parameters and the data. */
export function readVfConfigBlock(
  vfId: number,
  blockId: BlockId,
  length: number,
  origin: OidOrigin,
  cause: number,
): OidRequestParameters {
  const informationBuffer = newConfigBlockBuffer(vfId, blockId, length);
  return {
    requestType: NDIS_REQUEST_TYPE.NdisRequestMethod,
    oid: OID.OID_SRIOV_READ_VF_CONFIG_BLOCK,
    informationBuffer,
    inputBufferLength: SIZEOF_CONFIG_BLOCK_PARAMETERS,
    outputBufferLength: informationBuffer.byteLength,
    origin,
    cause,
  };
}

/** A write. One page calls it a method request; its own page, the table and the header say set. */
export function writeVfConfigBlock(
  vfId: number,
  blockId: BlockId,
  data: Uint8Array,
  origin: OidOrigin,
  cause: number,
): OidRequestParameters {
  const informationBuffer = newConfigBlockBuffer(vfId, blockId, data.byteLength);
  informationBuffer.set(data, SIZEOF_CONFIG_BLOCK_PARAMETERS);
  const request = setRequest(OID.OID_SRIOV_WRITE_VF_CONFIG_BLOCK, informationBuffer);
  return { ...request, origin, cause };
}

/**
 * The data that a completed read produced, of a block or of configuration space; undefined when the
 * PF miniport claims to have written beyond the buffer, or nothing. A successful read always has data:
 * a guest could not tell what it read.
 */
export function dataOfRead(request: NdisOidRequest): Uint8Array | undefined {
  const { informationBuffer, bytesWritten, outputBufferLength } = request;
  const isInside =
    Number.isInteger(bytesWritten) &&
    bytesWritten > SIZEOF_CONFIG_BLOCK_PARAMETERS &&
    bytesWritten <= outputBufferLength;
  if (!isInside) return undefined;
  return informationBuffer.subarray(SIZEOF_CONFIG_BLOCK_PARAMETERS, bytesWritten);
}

/** Issues a request and waits for its completion. */
export function issued(
  ndis: {
    oidRequest(
      parameters: OidRequestParameters,
      complete: (status: NdisStatus, request: NdisOidRequest) => void,
    ): void;
  },
  parameters: OidRequestParameters,
): Promise<CompletedOid> {
  return new Promise((resolve) => {
    ndis.oidRequest(parameters, (status, request) => resolve({ status, request }));
  });
}
