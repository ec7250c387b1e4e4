import { NDIS_STATUS, type NdisStatus } from '#shared/ndis/ndis-status.ts';
import { offsetNote, PCI_TYPE0_ADDRESSES } from '#shared/pci/configuration-space.ts';
import type { TraceEntry } from '#shared/trace/trace.ts';
import type { BarMemory, PciLocation, SriovDevice } from '../pci/sriov-device.ts';

/** The functions through which a PF miniport, and no other, reaches its VFs on the PCI bus. */
export interface PfVirtualFunctions {
  /**
   * Sets NumVFs and VF Enable in the SR-IOV capability of the PF, or clears them; called for
   * OID_NIC_SWITCH_CREATE_SWITCH and OID_NIC_SWITCH_DELETE_SWITCH. IRQL = PASSIVE_LEVEL.
   *
   * @param numVfs 1 to 65534, and 0 to disable
   * @param enableVfMigration false: reserved. True is NDIS_STATUS_INVALID_PARAMETER; documents give
   *   it no status
   * @param enableMigrationInterrupt as `enableVfMigration`
   * @returns NDIS_STATUS_SUCCESS; NDIS_STATUS_INVALID_PARAMETER for disabling with a NumVFs other than
   *   0; NDIS_STATUS_FAILURE for enabling what is enabled, or with a NumVFs out of range
   *
   * Source: Microsoft Learn: NdisMEnableVirtualization.
   */
  ndisMEnableVirtualization(
    numVfs: number,
    enableVfMigration: boolean,
    enableMigrationInterrupt: boolean,
    enableVirtualization: boolean,
  ): NdisStatus;

  /**
   * Where a VF sits, to make its RID of with NDIS_MAKE_RID; what Windows returns in three parameters.
   * IRQL = PASSIVE_LEVEL. Source: Microsoft Learn: NdisMGetVirtualFunctionLocation.
   */
  ndisMGetVirtualFunctionLocation(vfId: number): PciLocation;

  /**
   * Reads `length` bytes of the configuration space of a VF into `buffer`, once virtualization is
   * enabled. The VF's own ids read 0xFFFF: guests see those that the PF answers to
   * OID_SRIOV_VF_VENDOR_DEVICE_ID. IRQL <= DISPATCH_LEVEL.
   *
   * @returns the number of bytes read; 0 is the failure
   *
   * Source: Microsoft Learn: NdisMGetVirtualFunctionBusData.
   */
  ndisMGetVirtualFunctionBusData(
    vfId: number,
    buffer: Uint8Array,
    offset: number,
    length: number,
  ): number;

  /**
   * Writes the first `length` bytes of `buffer`; else as {@link ndisMGetVirtualFunctionBusData}. What
   * a VF cannot have written keeps its value, and counts as written.
   *
   * Source: Microsoft Learn: NdisMSetVirtualFunctionBusData.
   */
  ndisMSetVirtualFunctionBusData(
    vfId: number,
    buffer: Uint8Array,
    offset: number,
    length: number,
  ): number;

  /**
   * Fills in what the BARs of a VF read after all ones were written to them. The page speaks of the
   * adapter's BARs; the choice is those of its VFs, which are the same for each, because
   * OID_SRIOV_PROBED_BARS is what it serves, and its twin on the bus is named
   * GetVirtualFunctionProbedBars. IRQL = PASSIVE_LEVEL.
   *
   * @param baseRegisterValues room for PCI_TYPE0_ADDRESSES values; less is NDIS_STATUS_FAILURE
   *
   * Source: Microsoft Learn: NdisMQueryProbedBars.
   */
  ndisMQueryProbedBars(baseRegisterValues: Uint32Array): NdisStatus;

  /**
   * The memory that is assigned to a BAR of a VF; undefined for no such VF, or no BAR that begins at
   * this register. Not a Windows function: there a PF looks among the AllocatedResources of its
   * MiniportInitializeEx, and nothing else of that list is emulated.
   */
  vfBarMemory(vfId: number, barIndex: number): BarMemory | undefined;
}

/** Told of each call of a documented function; the trace shows it. */
type Called = (name: string, entry: Partial<TraceEntry>) => void;

/** The functions of a {@link PfVirtualFunctions}, for the PF of this device. */
export function virtualFunctionsOf(
  device: SriovDevice,
  called: Called = () => {},
): PfVirtualFunctions {
  return {
    ndisMEnableVirtualization(numVfs, migration, interrupt, enable) {
      const status = enableVirtualization(device, numVfs, migration || interrupt, enable);
      called('NdisMEnableVirtualization', { status, note: `NumVFs ${numVfs}` });
      return status;
    },
    ndisMGetVirtualFunctionLocation(vfId) {
      called('NdisMGetVirtualFunctionLocation', { vfId });
      return device.locationOf(vfId);
    },
    ndisMGetVirtualFunctionBusData(vfId, buffer, offset, length) {
      const bytes = length > buffer.byteLength ? undefined : device.read(vfId, offset, length);
      if (bytes !== undefined) buffer.set(bytes);
      const count = bytes?.byteLength ?? 0;
      const note = offsetNote(offset);
      called('NdisMGetVirtualFunctionBusData', { vfId, length: count, note });
      return count;
    },
    ndisMSetVirtualFunctionBusData(vfId, buffer, offset, length) {
      const data = buffer.subarray(0, length);
      const isWritten = data.byteLength === length && device.write(vfId, offset, data);
      const count = isWritten ? length : 0;
      const note = offsetNote(offset);
      called('NdisMSetVirtualFunctionBusData', { vfId, length: count, note });
      return count;
    },
    ndisMQueryProbedBars(baseRegisterValues) {
      const hasRoom = baseRegisterValues.length >= PCI_TYPE0_ADDRESSES;
      if (hasRoom) baseRegisterValues.set(device.probedBars);
      const status = hasRoom ? NDIS_STATUS.NDIS_STATUS_SUCCESS : NDIS_STATUS.NDIS_STATUS_FAILURE;
      called('NdisMQueryProbedBars', { status });
      return status;
    },
    vfBarMemory: (vfId, barIndex) => device.memoryOf(vfId, barIndex),
  };
}

function enableVirtualization(
  device: SriovDevice,
  numVfs: number,
  isReservedSet: boolean,
  enable: boolean,
): NdisStatus {
  if (isReservedSet || (!enable && numVfs !== 0)) return NDIS_STATUS.NDIS_STATUS_INVALID_PARAMETER;
  if (!enable) {
    device.disable();
    return NDIS_STATUS.NDIS_STATUS_SUCCESS;
  }
  return device.enable(numVfs) ? NDIS_STATUS.NDIS_STATUS_SUCCESS : NDIS_STATUS.NDIS_STATUS_FAILURE;
}
