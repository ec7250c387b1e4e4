import { NDIS_STATUS, type NdisStatus } from '#shared/ndis/ndis-status.ts';
import { NDIS_REQUEST_TYPE, type NdisOidRequest } from '#shared/ndis/oid-request.ts';
import { NDIS_DEFAULT_SWITCH_ID, NDIS_PF_FUNCTION_ID } from '../ndis/function-id.ts';
import { refuseShortInput } from '../ndis/information-length.ts';
import {
  type PackedStructure,
  packedStructure,
  unpackedStructure,
} from '../ndis/packed-structure.ts';
import { areKnownChanges, changedVPort, VPORT_CHANGES } from '../ndis/vport-changes.ts';
import { NDIS_DEFAULT_VPORT_ID } from '../ndis/vport-id.ts';
import {
  NDIS_NIC_SWITCH_VPORT_STATE,
  NDIS_SIZEOF_VPORT_PARAMETERS,
  newVPortParameters,
  parseVPortParameters,
  type VPortParameters,
} from '../ndis/vport-parameters.ts';
import {
  parseDeleteVPortParameters,
  parseMoveFilterParameters,
  SIZEOF_DELETE_VPORT_PARAMETERS,
  SIZEOF_MOVE_FILTER_PARAMETERS,
} from '../ndis/vport-requests.ts';

const { NDIS_STATUS_SUCCESS, NDIS_STATUS_INVALID_PARAMETER } = NDIS_STATUS;

/** What the VPorts of a switch tell the driver that they belong to. */
export interface VPortDriver {
  /** A VPort is being created, and attached to a VF; or to the PF, whose function id is 0xFFFF. */
  vportCreated?(vportId: number, attachedFunctionId: number, parameters: VPortParameters): void;
  /** Parameters of a VPort have changed; VPort 0 is the default one. */
  vportChanged?(vportId: number, parameters: VPortParameters): void;
  /** A VPort was deleted; its VPortId may soon be that of another. */
  vportDeleted?(vportId: number): void;
  /** A receive filter has moved from one VPort to another. */
  filterMoved?(filterId: number, sourceVPortId: number, destVPortId: number): void;
}

interface VPort {
  readonly attachedFunctionId: number;
  /** NDIS_NIC_SWITCH_VPORT_PARAMETERS as they are now. */
  parameters: PackedStructure;
}

/**
 * The VPorts of a NIC switch, as thin state: which there are, their parameters, and the function each
 * is attached to. There is no data path, so a receive filter is no more than its identifier, and one
 * that was never moved is on the default VPort.
 *
 * Source: Microsoft Learn: OID_NIC_SWITCH_CREATE_VPORT, OID_NIC_SWITCH_VPORT_PARAMETERS,
 * OID_NIC_SWITCH_DELETE_VPORT, OID_RECEIVE_FILTER_MOVE_FILTER.
 */
export class PfVPorts {
  readonly #driver: VPortDriver;
  readonly #isAllocated: (vfId: number) => boolean;
  /** None before there is a switch. */
  readonly #vports = new Map<number, VPort>();
  /** The VPort of each receive filter that is not on the default one. */
  readonly #filters = new Map<number, number>();

  constructor(driver: VPortDriver, isAllocated: (vfId: number) => boolean) {
    this.#driver = driver;
    this.#isAllocated = isAllocated;
  }

  /** The default VPort comes with the switch, and is attached to the PF. */
  switchCreated(): void {
    const attachedFunctionId = NDIS_PF_FUNCTION_ID;
    const parameters = packedStructure(newVPortParameters({ name: '', attachedFunctionId }));
    this.#vports.set(NDIS_DEFAULT_VPORT_ID, { attachedFunctionId, parameters });
  }

  /** The default VPort goes with the switch. */
  switchDeleted(): void {
    this.#vports.clear();
    this.#filters.clear();
  }

  /** Whether there is a VPort beside the default one. */
  get hasNondefault(): boolean {
    return this.#vports.size > 1;
  }

  /** Whether a VPort is attached to the VF. */
  isAttached(vfId: number): boolean {
    for (const { attachedFunctionId } of this.#vports.values()) {
      if (attachedFunctionId === vfId) return true;
    }
    return false;
  }

  create(request: NdisOidRequest): NdisStatus {
    const short = refuseShortInput(request, NDIS_SIZEOF_VPORT_PARAMETERS);
    if (short !== undefined) return short;
    const parameters = parseVPortParameters(request.informationBuffer);
    if (parameters === undefined || !this.#isCreatable(parameters)) {
      return NDIS_STATUS_INVALID_PARAMETER;
    }
    const { vportId, attachedFunctionId } = parameters;
    this.#driver.vportCreated?.(vportId, attachedFunctionId, parameters);
    const packed = packedStructure(request.informationBuffer);
    this.#vports.set(vportId, { attachedFunctionId, parameters: packed });
    request.bytesWritten = NDIS_SIZEOF_VPORT_PARAMETERS;
    request.bytesRead = NDIS_SIZEOF_VPORT_PARAMETERS;
    return NDIS_STATUS_SUCCESS;
  }

  /** The VPortId is NDIS's choice; an attachment is never changed. */
  #isCreatable({ vportId, attachedFunctionId }: VPortParameters): boolean {
    const isFunction =
      attachedFunctionId === NDIS_PF_FUNCTION_ID ||
      (this.#isAllocated(attachedFunctionId) && !this.isAttached(attachedFunctionId));
    return this.#vports.size > 0 && !this.#vports.has(vportId) && isFunction;
  }

  /** A set request changes the members that its Flags name; what they are, NDIS answers itself. */
  setParameters(request: NdisOidRequest): NdisStatus {
    if (request.requestType !== NDIS_REQUEST_TYPE.NdisRequestSetInformation) {
      return NDIS_STATUS.NDIS_STATUS_NOT_SUPPORTED;
    }
    const short = refuseShortInput(request, NDIS_SIZEOF_VPORT_PARAMETERS);
    if (short !== undefined) return short;
    const asked = parseVPortParameters(request.informationBuffer);
    const vport = asked === undefined ? undefined : this.#vports.get(asked.vportId);
    if (asked === undefined || vport === undefined || !isChangeable(vport, asked)) {
      return NDIS_STATUS_INVALID_PARAMETER;
    }
    const changed = changedVPort(unpackedStructure(vport.parameters), request.informationBuffer);
    const parameters = parseVPortParameters(changed);
    if (parameters !== undefined) this.#driver.vportChanged?.(asked.vportId, parameters);
    vport.parameters = packedStructure(changed);
    request.bytesRead = NDIS_SIZEOF_VPORT_PARAMETERS;
    return NDIS_STATUS_SUCCESS;
  }

  /** A receive filter that is still on the VPort goes with it: the issuer was to move it first. */
  delete(request: NdisOidRequest): NdisStatus {
    const short = refuseShortInput(request, SIZEOF_DELETE_VPORT_PARAMETERS);
    if (short !== undefined) return short;
    const vportId = parseDeleteVPortParameters(request.informationBuffer);
    const isDeletable = vportId !== undefined && vportId !== NDIS_DEFAULT_VPORT_ID;
    if (!isDeletable || !this.#vports.delete(vportId)) return NDIS_STATUS_INVALID_PARAMETER;
    for (const [filterId, at] of this.#filters) if (at === vportId) this.#filters.delete(filterId);
    this.#driver.vportDeleted?.(vportId);
    request.bytesRead = SIZEOF_DELETE_VPORT_PARAMETERS;
    return NDIS_STATUS_SUCCESS;
  }

  moveFilter(request: NdisOidRequest): NdisStatus {
    const short = refuseShortInput(request, SIZEOF_MOVE_FILTER_PARAMETERS);
    if (short !== undefined) return short;
    const move = parseMoveFilterParameters(request.informationBuffer);
    if (move === undefined) return NDIS_STATUS_INVALID_PARAMETER;
    const { filterId, sourceVPortId, destVPortId } = move;
    const at = this.#filters.get(filterId) ?? NDIS_DEFAULT_VPORT_ID;
    if (sourceVPortId !== at || !this.#vports.has(at) || !this.#vports.has(destVPortId)) {
      return NDIS_STATUS_INVALID_PARAMETER;
    }
    this.#driver.filterMoved?.(filterId, sourceVPortId, destVPortId);
    if (destVPortId === NDIS_DEFAULT_VPORT_ID) this.#filters.delete(filterId);
    else this.#filters.set(filterId, destVPortId);
    request.bytesRead = SIZEOF_MOVE_FILTER_PARAMETERS;
    return NDIS_STATUS_SUCCESS;
  }
}

/** An activated VPort stays so, and the processors of a VPort of a VF are not the host's to choose. */
function isChangeable({ attachedFunctionId, parameters }: VPort, asked: VPortParameters): boolean {
  const {
    NDIS_NIC_SWITCH_VPORT_PARAMS_STATE_CHANGED: state,
    NDIS_NIC_SWITCH_VPORT_PARAMS_PROCESSOR_AFFINITY_CHANGED: affinity,
  } = VPORT_CHANGES;
  const { NdisNicSwitchVPortStateActivated } = NDIS_NIC_SWITCH_VPORT_STATE;
  const { flags, vportState } = asked;
  const isStateKept =
    vportState === parseVPortParameters(unpackedStructure(parameters))?.vportState;
  const isActivated = vportState === NdisNicSwitchVPortStateActivated;
  const isStateLegal = (flags & state.flag) === 0 || isStateKept || isActivated;
  const isAffinityLegal =
    (flags & affinity.flag) === 0 || attachedFunctionId === NDIS_PF_FUNCTION_ID;
  return (
    asked.switchId === NDIS_DEFAULT_SWITCH_ID &&
    areKnownChanges(flags) &&
    isStateLegal &&
    isAffinityLegal
  );
}
