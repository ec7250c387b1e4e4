import { NDIS_STATUS, type NdisStatus } from '#shared/ndis/ndis-status.ts';
import type { KernelServices } from '#shared/nt/kernel-services.ts';
import { NTSTATUS, type NtStatus, ntStatusName } from '#shared/nt/ntstatus.ts';
import type { DeviceObject } from '../io/device-object.ts';
import {
  defineVfMiniport,
  type VfAdapter,
  type VfMiniport,
  type VfMiniportFactory,
} from './vf-miniport.ts';

/** What a virtual bus driver has of the VF that it owns. */
export interface VirtualBusDevice
  extends KernelServices,
    Pick<VfAdapter, 'name' | 'configuration' | 'clock' | 'log' | 'wdm'> {
  /** The VF on the VPCI bus: where the driver asks for GUID_VPCI_INTERFACE_STANDARD. */
  readonly physicalDeviceObject: DeviceObject;
}

/**
 * The contract of a virtual bus driver (VBD): a driver of the vendor between the VPCI driver and a VF
 * miniport. It reads and writes blocks with the routines of GUID_VPCI_INTERFACE_STANDARD, and its
 * miniport asks it to, by whatever functions the two agree on.
 *
 * Source: Microsoft Learn: NdisMReadConfigBlock, "Interfacing to a Virtual Bus Driver".
 */
export interface VirtualBusDriver {
  /**
   * IRP_MN_START_DEVICE, at PASSIVE_LEVEL, before the miniport is initialized. A driver without it, or
   * that returns nothing, has started; any status but STATUS_SUCCESS ends this VF.
   */
  startDevice?(): NtStatus | undefined | Promise<NtStatus | undefined>;

  /** IRP_MN_REMOVE_DEVICE, at PASSIVE_LEVEL, after the miniport was halted or anything has failed. */
  removeDevice?(): void | Promise<void>;
}

/**
 * A virtual bus driver with the VF miniport above it; what a plug-in file exports as its default, in
 * the place of a VF miniport. NDIS reads and writes no blocks for that miniport. Documents do not say
 * who issues IOCTL_VPCI_INVALIDATE_BLOCK in such a stack: it is NDIS, whose request the bus driver
 * passes down.
 */
export function defineVirtualBusDriver<D extends VirtualBusDriver>(
  busDriver: (device: VirtualBusDevice) => D,
  miniport: (adapter: VfAdapter, busDriver: D) => VfMiniport,
): VfMiniportFactory {
  return defineVfMiniport((adapter) => {
    const driver = busDriver(deviceOf(adapter));
    const above = miniport(adapter, driver);
    return {
      ndisVersion: above.ndisVersion,
      isAboveVirtualBusDriver: true,
      miniportInitializeEx: () => start(adapter, driver, above),
      miniportOidRequest: (request) => above.miniportOidRequest(request),
      miniportCancelOidRequest: (requestId) => above.miniportCancelOidRequest?.(requestId),
      async miniportHaltEx(action) {
        try {
          await above.miniportHaltEx?.(action);
        } finally {
          await driver.removeDevice?.();
        }
      },
    };
  });
}

function deviceOf(adapter: VfAdapter): VirtualBusDevice {
  const { name, configuration, clock, log, wdm } = adapter;
  return {
    name,
    configuration,
    clock,
    log,
    wdm,
    physicalDeviceObject: adapter.ndisMGetDeviceProperty().physicalDeviceObject,
    keGetCurrentIrql: () => adapter.keGetCurrentIrql(),
    keRaiseIrql: (newIrql) => adapter.keRaiseIrql(newIrql),
    keLowerIrql: (newIrql) => adapter.keLowerIrql(newIrql),
    ndisQueueIoWorkItem: (routine) => adapter.ndisQueueIoWorkItem(routine),
    ndisAllocateMemoryWithTagPriority: (length) =>
      adapter.ndisAllocateMemoryWithTagPriority(length),
  };
}

/** Starts the bus driver and then the miniport; what has failed leaves neither. */
async function start(
  adapter: VfAdapter,
  driver: VirtualBusDriver,
  above: VfMiniport,
): Promise<NdisStatus> {
  let status: NdisStatus = NDIS_STATUS.NDIS_STATUS_FAILURE;
  try {
    const started = (await driver.startDevice?.()) ?? NTSTATUS.STATUS_SUCCESS;
    if (started === NTSTATUS.STATUS_SUCCESS) {
      status = (await above.miniportInitializeEx?.(adapter)) ?? NDIS_STATUS.NDIS_STATUS_SUCCESS;
    } else {
      adapter.log.error(`the virtual bus driver failed to start: ${ntStatusName(started)}`);
    }
    return status;
  } finally {
    if (status !== NDIS_STATUS.NDIS_STATUS_SUCCESS) await driver.removeDevice?.();
  }
}
