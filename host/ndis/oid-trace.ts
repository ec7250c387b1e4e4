import { devicePowerStateName } from '#shared/ndis/device-power-state.ts';
import { OID, oidName } from '#shared/ndis/oid.ts';
import type { OidRequestParameters } from '#shared/ndis/oid-request.ts';
import { offsetNote } from '#shared/pci/configuration-space.ts';
import type { HopName } from '#shared/trace/hops.ts';
import type { Trace, TraceEntry } from '#shared/trace/trace.ts';
import { parseBarResourcesInfo } from './bar-structures.ts';
import { parseConfigBlockParameters } from './config-block-parameters.ts';
import { parseConfigSpaceParameters } from './config-space-parameters.ts';
import { NDIS_INVALID_VF_FUNCTION_ID, NDIS_PF_FUNCTION_ID } from './function-id.ts';
import { parseVfParameters } from './vf-parameters.ts';
import { parseSetVfPowerStateParameters } from './vf-power-state-parameters.ts';
import {
  parseFreeVfParameters,
  parseResetVfParameters,
  parseVendorDeviceIdInfo,
} from './vf-requests.ts';
import { NDIS_DEFAULT_VPORT_ID } from './vport-id.ts';
import { parseVPortParameters } from './vport-parameters.ts';
import { parseDeleteVPortParameters, parseMoveFilterParameters } from './vport-requests.ts';

/** Reports a hop of an OID request, with what its information buffer says of VF and block. */
export function recordOid(
  trace: Trace,
  hop: HopName,
  request: OidRequestParameters,
  entry: Partial<TraceEntry>,
): number {
  const { oid, origin } = request;
  const details = detailsOf(request);
  // Every member by name: entries of one shape cost a reader of all of them a fraction.
  return trace.record({
    hop,
    name: oidName(oid),
    device: origin?.device,
    vfId: details.vfId ?? origin?.vfId,
    generation: origin?.generation,
    transactionId: undefined,
    blockId: details.blockId,
    length: details.length,
    data: entry.data,
    mask: undefined,
    status: entry.status,
    cause: entry.cause,
    note: entry.note ?? details.note,
  });
}

function detailsOf({ oid, informationBuffer }: OidRequestParameters): Partial<TraceEntry> {
  switch (oid) {
    case OID.OID_SRIOV_READ_VF_CONFIG_BLOCK:
    case OID.OID_SRIOV_WRITE_VF_CONFIG_BLOCK: {
      const parameters = parseConfigBlockParameters(informationBuffer);
      if (parameters === undefined) return {};
      const { vfId, blockId, length } = parameters;
      return { vfId, blockId, length };
    }
    case OID.OID_SRIOV_READ_VF_CONFIG_SPACE:
    case OID.OID_SRIOV_WRITE_VF_CONFIG_SPACE: {
      const parameters = parseConfigSpaceParameters(informationBuffer);
      if (parameters === undefined) return {};
      const { vfId, offset, length } = parameters;
      return { vfId, length, note: offsetNote(offset) };
    }
    case OID.OID_SRIOV_BAR_RESOURCES: {
      const info = parseBarResourcesInfo(informationBuffer);
      return info === undefined ? {} : { vfId: info.vfId, note: `BAR ${info.barIndex}` };
    }
    case OID.OID_NIC_SWITCH_ALLOCATE_VF:
      return { vfId: allocatedVfId(informationBuffer) };
    case OID.OID_NIC_SWITCH_CREATE_VPORT:
      return vportDetails(informationBuffer);
    case OID.OID_NIC_SWITCH_DELETE_VPORT: {
      const vportId = parseDeleteVPortParameters(informationBuffer);
      return vportId === undefined ? {} : { note: `VPort ${vportId}` };
    }
    case OID.OID_RECEIVE_FILTER_MOVE_FILTER: {
      const move = parseMoveFilterParameters(informationBuffer);
      if (move === undefined) return {};
      return { note: `from VPort ${move.sourceVPortId} to VPort ${move.destVPortId}` };
    }
    case OID.OID_NIC_SWITCH_FREE_VF:
      return { vfId: parseFreeVfParameters(informationBuffer) };
    case OID.OID_SRIOV_RESET_VF:
      return { vfId: parseResetVfParameters(informationBuffer) };
    case OID.OID_SRIOV_SET_VF_POWER_STATE: {
      const parameters = parseSetVfPowerStateParameters(informationBuffer);
      if (parameters === undefined) return {};
      return { vfId: parameters.vfId, note: devicePowerStateName(parameters.powerState) };
    }
    case OID.OID_SRIOV_VF_VENDOR_DEVICE_ID:
      return { vfId: parseVendorDeviceIdInfo(informationBuffer)?.vfId };
    default:
      return {};
  }
}

/** The VFId that the PF has given out; none before it did. */
function allocatedVfId(informationBuffer: Uint8Array): number | undefined {
  const vfId = parseVfParameters(informationBuffer)?.vfId;
  return vfId === NDIS_INVALID_VF_FUNCTION_ID ? undefined : vfId;
}

/** The VF of a VPort, unless it is the PF's, and its VPortId once NDIS has chosen it. */
function vportDetails(informationBuffer: Uint8Array): Partial<TraceEntry> {
  const parameters = parseVPortParameters(informationBuffer);
  if (parameters === undefined) return {};
  const { vportId, attachedFunctionId } = parameters;
  const vfId = attachedFunctionId === NDIS_PF_FUNCTION_ID ? undefined : attachedFunctionId;
  return { vfId, note: vportId === NDIS_DEFAULT_VPORT_ID ? undefined : `VPort ${vportId}` };
}
