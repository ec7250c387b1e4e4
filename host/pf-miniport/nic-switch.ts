import type { NdisDevicePowerState } from '#shared/ndis/device-power-state.ts';
import { NDIS_STATUS, type NdisStatus } from '#shared/ndis/ndis-status.ts';
import { REVISION_1 } from '#shared/ndis/object-header.ts';
import { OID, type Oid } from '#shared/ndis/oid.ts';
import { NDIS_REQUEST_TYPE, type NdisOidRequest } from '#shared/ndis/oid-request.ts';
import { PCI_COMMON_CONFIG } from '#shared/pci/configuration-space.ts';
import { NDIS_DEFAULT_SWITCH_ID, ndisMakeRid } from '../ndis/function-id.ts';
import { refuseShort, refuseShortInput } from '../ndis/information-length.ts';
import {
  isRename,
  parseNicSwitchParameters,
  SIZEOF_DELETE_SWITCH_PARAMETERS,
  SIZEOF_NIC_SWITCH_PARAMETERS,
} from '../ndis/nic-switch-parameters.ts';
import type { PfVirtualFunctions } from '../ndis/pf-virtual-functions.ts';
import {
  parseVfParameters,
  SIZEOF_VF_PARAMETERS,
  setVfId,
  type VfParameters,
} from '../ndis/vf-parameters.ts';
import {
  NDIS_SIZEOF_FREE_VF_PARAMETERS,
  parseFreeVfParameters,
  parseResetVfParameters,
  parseVendorDeviceIdInfo,
  SIZEOF_RESET_VF_PARAMETERS,
  SIZEOF_VENDOR_DEVICE_ID_INFO,
  setVendorDeviceId,
  UNKNOWN_IDS,
} from '../ndis/vf-requests.ts';
import { VfConfigSpace } from './vf-config-space.ts';
import { VfPowerStates } from './vf-power-states.ts';
import { PfVPorts, type VPortDriver } from './vports.ts';

/** What a NIC switch tells the driver that it belongs to, and asks of it. */
export interface NicSwitchDriver extends VPortDriver {
  /** A VF is being allocated. */
  vfAllocated?(vfId: number, parameters: VfParameters): void;
  /** The hardware of a VF is reset; other VFs must not notice. */
  vfReset?(vfId: number): void;
  /** A VF was taken into a power state, D0 to D3; other VFs must not notice. */
  vfPowerStateSet?(vfId: number, state: NdisDevicePowerState): void;
  /** A VF was freed; its VFId may soon belong to another guest. */
  vfFreed?(vfId: number): void;
  /** The ids under which guests see a VF. Default: 0xFFFF and 0xFFFF, which no vendor has. */
  readonly vendorDeviceId?: { readonly vendorId: number; readonly deviceId: number };
}

/** The OIDs that a {@link NicSwitch} serves. */
export const NIC_SWITCH_OIDS: readonly Oid[] = [
  OID.OID_NIC_SWITCH_CREATE_SWITCH,
  OID.OID_NIC_SWITCH_PARAMETERS,
  OID.OID_NIC_SWITCH_DELETE_SWITCH,
  OID.OID_NIC_SWITCH_CREATE_VPORT,
  OID.OID_NIC_SWITCH_VPORT_PARAMETERS,
  OID.OID_NIC_SWITCH_DELETE_VPORT,
  OID.OID_RECEIVE_FILTER_MOVE_FILTER,
  OID.OID_NIC_SWITCH_ALLOCATE_VF,
  OID.OID_NIC_SWITCH_FREE_VF,
  OID.OID_SRIOV_RESET_VF,
  OID.OID_SRIOV_SET_VF_POWER_STATE,
  OID.OID_SRIOV_VF_VENDOR_DEVICE_ID,
  OID.OID_SRIOV_READ_VF_CONFIG_SPACE,
  OID.OID_SRIOV_WRITE_VF_CONFIG_SPACE,
  OID.OID_SRIOV_PROBED_BARS,
  OID.OID_SRIOV_BAR_RESOURCES,
];

/** The NIC switch of a PF: how many VFs there may be, which are allocated, and its VPorts. */
export class NicSwitch {
  readonly #adapter: PfVirtualFunctions;
  readonly #configSpace: VfConfigSpace;
  readonly #driver: NicSwitchDriver;
  readonly #allocated = new Set<number>();
  readonly #powerStates = new VfPowerStates();
  readonly #vports: PfVPorts;
  #numVfs: number | undefined;

  constructor(adapter: PfVirtualFunctions, driver: NicSwitchDriver) {
    this.#adapter = adapter;
    this.#configSpace = new VfConfigSpace(adapter, this);
    this.#driver = driver;
    this.#vports = new PfVPorts(driver, (vfId) => this.#allocated.has(vfId));
  }

  isAllocated(vfId: number): boolean {
    return this.#allocated.has(vfId);
  }

  /** The power state of a VF; undefined when it is not allocated. */
  powerStateOf(vfId: number): NdisDevicePowerState | undefined {
    return this.#powerStates.of(vfId);
  }

  /** Serves the OIDs of the switch, its VPorts and its VFs; any other is NDIS_STATUS_NOT_SUPPORTED. */
  oidRequest(request: NdisOidRequest): NdisStatus {
    const status = this.#serve(request);
    const isSet = request.requestType === NDIS_REQUEST_TYPE.NdisRequestSetInformation;
    if (isSet && status === NDIS_STATUS.NDIS_STATUS_SUCCESS) request.supportedRevision = REVISION_1;
    return status;
  }

  #serve(request: NdisOidRequest): NdisStatus {
    switch (request.oid) {
      case OID.OID_NIC_SWITCH_CREATE_SWITCH:
        return this.#createSwitch(request);
      case OID.OID_NIC_SWITCH_PARAMETERS:
        return this.#setParameters(request);
      case OID.OID_NIC_SWITCH_DELETE_SWITCH:
        return this.#deleteSwitch(request);
      case OID.OID_NIC_SWITCH_CREATE_VPORT:
        return this.#vports.create(request);
      case OID.OID_NIC_SWITCH_VPORT_PARAMETERS:
        return this.#vports.setParameters(request);
      case OID.OID_NIC_SWITCH_DELETE_VPORT:
        return this.#vports.delete(request);
      case OID.OID_RECEIVE_FILTER_MOVE_FILTER:
        return this.#vports.moveFilter(request);
      case OID.OID_NIC_SWITCH_ALLOCATE_VF:
        return this.#allocateVf(request);
      case OID.OID_NIC_SWITCH_FREE_VF:
        return this.#freeVf(request);
      case OID.OID_SRIOV_RESET_VF:
        return this.#resetVf(request);
      case OID.OID_SRIOV_SET_VF_POWER_STATE:
        return this.#powerStates.set(request, this.#powerStateSet);
      case OID.OID_SRIOV_VF_VENDOR_DEVICE_ID:
        return this.#vendorDeviceId(request);
      default:
        return this.#configSpace.oidRequest(request);
    }
  }

  #createSwitch(request: NdisOidRequest): NdisStatus {
    const short = refuseShortInput(request, SIZEOF_NIC_SWITCH_PARAMETERS);
    if (short !== undefined) return short;
    const parameters = parseNicSwitchParameters(request.informationBuffer);
    if (parameters === undefined || this.#numVfs !== undefined) {
      return NDIS_STATUS.NDIS_STATUS_INVALID_PARAMETER;
    }
    const { numVfs } = parameters;
    const status = this.#adapter.ndisMEnableVirtualization(numVfs, false, false, true);
    if (status !== NDIS_STATUS.NDIS_STATUS_SUCCESS) return status;
    this.#numVfs = numVfs;
    this.#vports.switchCreated();
    return NDIS_STATUS.NDIS_STATUS_SUCCESS;
  }

  /** A set request may change the name of the switch, which is nothing to hardware, and nothing else. */
  #setParameters(request: NdisOidRequest): NdisStatus {
    if (request.requestType !== NDIS_REQUEST_TYPE.NdisRequestSetInformation) {
      return NDIS_STATUS.NDIS_STATUS_NOT_SUPPORTED;
    }
    const short = refuseShortInput(request, SIZEOF_NIC_SWITCH_PARAMETERS);
    if (short !== undefined) return short;
    const asked = parseNicSwitchParameters(request.informationBuffer);
    const isChangeable = asked?.switchId === NDIS_DEFAULT_SWITCH_ID && isRename(asked.flags);
    if (this.#numVfs === undefined || !isChangeable) {
      return NDIS_STATUS.NDIS_STATUS_INVALID_PARAMETER;
    }
    request.bytesRead = SIZEOF_NIC_SWITCH_PARAMETERS;
    return NDIS_STATUS.NDIS_STATUS_SUCCESS;
  }

  #deleteSwitch(request: NdisOidRequest): NdisStatus {
    const short = refuseShortInput(request, SIZEOF_DELETE_SWITCH_PARAMETERS);
    if (short !== undefined) return short;
    const isEmpty = this.#allocated.size === 0 && !this.#vports.hasNondefault;
    if (this.#numVfs === undefined || !isEmpty) return NDIS_STATUS.NDIS_STATUS_INVALID_PARAMETER;
    this.#numVfs = undefined;
    this.#vports.switchDeleted();
    return this.#adapter.ndisMEnableVirtualization(0, false, false, false);
  }

  /** VFIds are zero-based, and the lowest free one is given out. */
  #allocateVf(request: NdisOidRequest): NdisStatus {
    const short = refuseShort(request, SIZEOF_VF_PARAMETERS);
    if (short !== undefined) return short;
    const parameters = parseVfParameters(request.informationBuffer);
    if (parameters === undefined) return NDIS_STATUS.NDIS_STATUS_INVALID_PARAMETER;
    if (this.#allocated.size >= (this.#numVfs ?? 0)) return NDIS_STATUS.NDIS_STATUS_RESOURCES;
    let vfId = 0;
    while (this.#allocated.has(vfId)) vfId++;
    this.#resetRegisters(vfId);
    this.#driver.vfAllocated?.(vfId, parameters);
    this.#allocated.add(vfId);
    this.#powerStates.begin(vfId);
    setVfId(request.informationBuffer, vfId, this.#ridOf(vfId));
    request.bytesWritten = SIZEOF_VF_PARAMETERS;
    request.bytesRead = SIZEOF_VF_PARAMETERS;
    return NDIS_STATUS.NDIS_STATUS_SUCCESS;
  }

  #freeVf(request: NdisOidRequest): NdisStatus {
    const short = refuseShortInput(request, NDIS_SIZEOF_FREE_VF_PARAMETERS);
    if (short !== undefined) return short;
    const vfId = parseFreeVfParameters(request.informationBuffer);
    const isFreeable = vfId !== undefined && !this.#vports.isAttached(vfId);
    if (!isFreeable || !this.#allocated.delete(vfId)) {
      return NDIS_STATUS.NDIS_STATUS_INVALID_PARAMETER;
    }
    this.#powerStates.end(vfId);
    this.#driver.vfFreed?.(vfId);
    return NDIS_STATUS.NDIS_STATUS_SUCCESS;
  }

  #resetVf(request: NdisOidRequest): NdisStatus {
    const short = refuseShortInput(request, SIZEOF_RESET_VF_PARAMETERS);
    if (short !== undefined) return short;
    const vfId = parseResetVfParameters(request.informationBuffer);
    if (vfId === undefined || !this.#allocated.has(vfId)) {
      return NDIS_STATUS.NDIS_STATUS_INVALID_PARAMETER;
    }
    this.#resetRegisters(vfId);
    this.#powerStates.begin(vfId);
    this.#driver.vfReset?.(vfId);
    return NDIS_STATUS.NDIS_STATUS_SUCCESS;
  }

  #ridOf(vfId: number): number {
    const { segmentNumber, busNumber, functionNumber } =
      this.#adapter.ndisMGetVirtualFunctionLocation(vfId);
    return ndisMakeRid(segmentNumber, busNumber, functionNumber);
  }

  /** What a Function Level Reset does to configuration space: it clears the Command register. */
  #resetRegisters(vfId: number): void {
    const { command } = PCI_COMMON_CONFIG;
    this.#adapter.ndisMSetVirtualFunctionBusData(vfId, new Uint8Array(2), command, 2);
  }

  readonly #powerStateSet = (vfId: number, state: NdisDevicePowerState): void => {
    this.#driver.vfPowerStateSet?.(vfId, state);
  };

  #vendorDeviceId(request: NdisOidRequest): NdisStatus {
    const short = refuseShort(request, SIZEOF_VENDOR_DEVICE_ID_INFO);
    if (short !== undefined) return short;
    const ids = this.#driver.vendorDeviceId ?? UNKNOWN_IDS;
    const info = parseVendorDeviceIdInfo(request.informationBuffer);
    if (info === undefined || !this.#allocated.has(info.vfId)) {
      return NDIS_STATUS.NDIS_STATUS_INVALID_PARAMETER;
    }
    setVendorDeviceId(request.informationBuffer, ids.vendorId, ids.deviceId);
    request.bytesWritten = SIZEOF_VENDOR_DEVICE_ID_INFO;
    request.bytesRead = SIZEOF_VENDOR_DEVICE_ID_INFO;
    return NDIS_STATUS.NDIS_STATUS_SUCCESS;
  }
}
