import { NDIS_STATUS, type NdisStatus } from '#shared/ndis/ndis-status.ts';
import { OID } from '#shared/ndis/oid.ts';
import type { NdisOidRequest } from '#shared/ndis/oid-request.ts';
import { NDIS_DEFAULT_SWITCH_ID, NDIS_PF_FUNCTION_ID } from './function-id.ts';
import { refuseShortInput } from './information-length.ts';
import { parseNicSwitchParameters } from './nic-switch-parameters.ts';
import { type PackedStructure, packedStructure, unpackedStructure } from './packed-structure.ts';
import { changedVPort } from './vport-changes.ts';
import { NDIS_DEFAULT_VPORT_ID } from './vport-id.ts';
import { newVPortInfo } from './vport-info.ts';
import {
  NDIS_NIC_SWITCH_VPORT_STATE,
  NDIS_SIZEOF_VPORT_PARAMETERS,
  newVPortParameters,
  parseVPortParameters,
  setVPortId,
  type VPortParameters,
} from './vport-parameters.ts';
import {
  NDIS_DEFAULT_RECEIVE_QUEUE_ID,
  parseDeleteVPortParameters,
  parseMoveFilterParameters,
  SIZEOF_MOVE_FILTER_PARAMETERS,
} from './vport-requests.ts';

interface Creation {
  readonly vportId: number;
  readonly attachedFunctionId: number;
  /** As the miniport is given them. */
  readonly parameters: Uint8Array;
}

/**
 * What NDIS knows of the VPorts of a NIC switch, from the requests that were completed. It chooses
 * the VPortId of each nondefault VPort, and validates what creates a VPort or moves a receive filter
 * before the PF miniport sees it. It leaves the deletion of a VPort to the miniport.
 *
 * Documents put VPortIds below NumVPorts, which nothing of this channel says; the choice is one VPort
 * for each of NumVFs VFs, and the default one.
 *
 * Source: Microsoft Learn: Creating a Virtual Port, Moving a Receive Filter to a Virtual Port.
 */
export class VPorts {
  readonly #isAllocated: (vfId: number) => boolean;
  /** NDIS_NIC_SWITCH_VPORT_PARAMETERS of each VPort; none before there is a switch. */
  readonly #vports = new Map<number, PackedStructure>();
  /** The one nondefault VPort that a VF may have, by VFId. */
  readonly #ofVf = new Map<number, number>();
  /** The VPort of each receive filter that was moved away from the default one. */
  readonly #filters = new Map<number, number>();
  #numVPorts = 0;
  /** The VPort that the PF miniport is being asked for; it is asked for one at a time. */
  #creating: Creation | undefined;

  constructor(isAllocated: (vfId: number) => boolean) {
    this.#isAllocated = isAllocated;
  }

  /** Whether a VPort is attached to the VF. */
  isAttached(vfId: number): boolean {
    return this.#ofVf.has(vfId);
  }

  /** How many there may be, with the default one. */
  get numVPorts(): number {
    return this.#numVPorts;
  }

  /** How many there are, with the default one. */
  get numActiveVPorts(): number {
    return this.#vports.size;
  }

  /** How many receive filters are on nondefault VPorts. */
  get numMovedFilters(): number {
    return this.#filters.size;
  }

  /** NDIS_NIC_SWITCH_VPORT_PARAMETERS of a VPort as they are now; undefined when it is not there. */
  parametersOf(vportId: number): Uint8Array | undefined {
    const packed = this.#vports.get(vportId);
    return packed === undefined ? undefined : unpackedStructure(packed);
  }

  /** An NDIS_NIC_SWITCH_VPORT_INFO of each VPort that is attached to a function, or to any; by VPortId. */
  infos(functionId: number | 'any'): readonly Uint8Array[] {
    const numFilters = new Map<number, number>();
    for (const vportId of this.#filters.values()) {
      numFilters.set(vportId, (numFilters.get(vportId) ?? 0) + 1);
    }
    return [...this.#vports]
      .map(([vportId, packed]) => [vportId, unpackedStructure(packed)] as const)
      .filter(([, parameters]) => functionId === 'any' || functionOf(parameters) === functionId)
      .sort(([left], [right]) => left - right)
      .map(([vportId, parameters]) => newVPortInfo(parameters, numFilters.get(vportId) ?? 0));
  }

  /** The status that NDIS answers with; undefined when the miniport is to answer. */
  refuse(request: NdisOidRequest): NdisStatus | undefined {
    switch (request.oid) {
      case OID.OID_NIC_SWITCH_CREATE_VPORT:
        return this.#beginCreation(request);
      case OID.OID_RECEIVE_FILTER_MOVE_FILTER:
        return this.#refuseMove(request);
      default:
        return undefined;
    }
  }

  /** Learns from a request that the miniport has completed with NDIS_STATUS_SUCCESS. */
  completed({ oid, informationBuffer }: NdisOidRequest): void {
    switch (oid) {
      case OID.OID_NIC_SWITCH_CREATE_SWITCH:
        this.#switchCreated(parseNicSwitchParameters(informationBuffer)?.numVfs ?? 0);
        break;
      case OID.OID_NIC_SWITCH_DELETE_SWITCH:
        this.#switchDeleted();
        break;
      case OID.OID_NIC_SWITCH_CREATE_VPORT:
        this.#endCreation(informationBuffer);
        break;
      case OID.OID_NIC_SWITCH_VPORT_PARAMETERS:
        this.#changed(informationBuffer);
        break;
      case OID.OID_NIC_SWITCH_DELETE_VPORT:
        this.#deleted(parseDeleteVPortParameters(informationBuffer));
        break;
      case OID.OID_RECEIVE_FILTER_MOVE_FILTER:
        this.#moved(informationBuffer);
        break;
    }
  }

  #switchCreated(numVfs: number): void {
    this.#numVPorts = numVfs + 1;
    const defaultVPort = newVPortParameters({ name: '', attachedFunctionId: NDIS_PF_FUNCTION_ID });
    this.#vports.set(NDIS_DEFAULT_VPORT_ID, packedStructure(defaultVPort));
  }

  #switchDeleted(): void {
    this.#vports.clear();
    this.#ofVf.clear();
    this.#filters.clear();
  }

  #beginCreation(request: NdisOidRequest): NdisStatus | undefined {
    const { informationBuffer } = request;
    const short = refuseShortInput(request, NDIS_SIZEOF_VPORT_PARAMETERS);
    if (short !== undefined) return short;
    const parameters = parseVPortParameters(informationBuffer);
    if (parameters === undefined || !this.#isCreatable(parameters)) {
      return NDIS_STATUS.NDIS_STATUS_INVALID_PARAMETER;
    }
    let vportId = NDIS_DEFAULT_VPORT_ID + 1;
    while (this.#vports.has(vportId)) vportId++;
    if (vportId >= this.#numVPorts) return NDIS_STATUS.NDIS_STATUS_RESOURCES;
    setVPortId(informationBuffer, vportId);
    const { attachedFunctionId } = parameters;
    this.#creating = { vportId, attachedFunctionId, parameters: informationBuffer.slice() };
    return undefined;
  }

  #isCreatable(parameters: VPortParameters): boolean {
    const { switchId, vportId, attachedFunctionId, numQueuePairs, vportState } = parameters;
    const { NdisNicSwitchVPortStateActivated, NdisNicSwitchVPortStateDeactivated } =
      NDIS_NIC_SWITCH_VPORT_STATE;
    const isOfPf = attachedFunctionId === NDIS_PF_FUNCTION_ID;
    const state = isOfPf ? NdisNicSwitchVPortStateDeactivated : NdisNicSwitchVPortStateActivated;
    return (
      this.#vports.has(NDIS_DEFAULT_VPORT_ID) &&
      switchId === NDIS_DEFAULT_SWITCH_ID &&
      vportId === NDIS_DEFAULT_VPORT_ID &&
      (isOfPf || (this.#isAllocated(attachedFunctionId) && !this.#ofVf.has(attachedFunctionId))) &&
      numQueuePairs > 0 &&
      vportState === state
    );
  }

  /** What was asked for counts, whatever the miniport has done to the request's buffer since. */
  #endCreation(informationBuffer: Uint8Array): void {
    if (this.#creating === undefined) return;
    const { vportId, attachedFunctionId, parameters } = this.#creating;
    this.#vports.set(vportId, packedStructure(parameters));
    if (attachedFunctionId !== NDIS_PF_FUNCTION_ID) this.#ofVf.set(attachedFunctionId, vportId);
    if (informationBuffer.byteLength === parameters.byteLength) informationBuffer.set(parameters);
    this.#creating = undefined;
  }

  #changed(informationBuffer: Uint8Array): void {
    const vportId = parseVPortParameters(informationBuffer)?.vportId;
    const parameters = vportId === undefined ? undefined : this.parametersOf(vportId);
    if (vportId === undefined || parameters === undefined) return;
    this.#vports.set(vportId, packedStructure(changedVPort(parameters, informationBuffer)));
  }

  #deleted(vportId: number | undefined): void {
    if (vportId === undefined || vportId === NDIS_DEFAULT_VPORT_ID) return;
    this.#vports.delete(vportId);
    forget(this.#ofVf, vportId);
    forget(this.#filters, vportId);
  }

  /**
   * A receive filter that was never moved is on the default VPort: NDIS does not see it set, since
   * OID_RECEIVE_FILTER_SET_FILTER belongs to the data path.
   */
  #refuseMove(request: NdisOidRequest): NdisStatus | undefined {
    const short = refuseShortInput(request, SIZEOF_MOVE_FILTER_PARAMETERS);
    if (short !== undefined) return short;
    const move = parseMoveFilterParameters(request.informationBuffer);
    const isMove =
      move !== undefined &&
      move.sourceQueueId === NDIS_DEFAULT_RECEIVE_QUEUE_ID &&
      move.destQueueId === NDIS_DEFAULT_RECEIVE_QUEUE_ID &&
      this.#vports.has(move.sourceVPortId) &&
      this.#vports.has(move.destVPortId) &&
      move.sourceVPortId !== move.destVPortId &&
      move.sourceVPortId === (this.#filters.get(move.filterId) ?? NDIS_DEFAULT_VPORT_ID);
    return isMove ? undefined : NDIS_STATUS.NDIS_STATUS_INVALID_PARAMETER;
  }

  #moved(informationBuffer: Uint8Array): void {
    const move = parseMoveFilterParameters(informationBuffer);
    if (move === undefined) return;
    if (move.destVPortId === NDIS_DEFAULT_VPORT_ID) this.#filters.delete(move.filterId);
    else this.#filters.set(move.filterId, move.destVPortId);
  }
}

function functionOf(parameters: Uint8Array): number | undefined {
  return parseVPortParameters(parameters)?.attachedFunctionId;
}

/** Deletes what has this value. */
function forget(map: Map<number, number>, value: number): void {
  for (const [key, each] of map) if (each === value) map.delete(key);
}
