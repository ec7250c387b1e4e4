import { IRP_MJ_PNP, IRP_MN_QUERY_INTERFACE } from '#guest/io/irp.ts';
import {
  GUID_VPCI_INTERFACE_STANDARD,
  SIZEOF_VPCI_INTERFACE_STANDARD,
  VPCI_INTERFACE_STANDARD_VERSION,
  type VpciInterfaceStandard,
} from '#guest/io/query-interface.ts';
import {
  defineVirtualBusDriver,
  type VirtualBusDevice,
  type VirtualBusDriver,
} from '#guest/ndis/virtual-bus-driver.ts';
import { configBlockVf } from '#guest/vf-miniport/config-block-vf.ts';
import { NDIS_STATUS } from '#shared/ndis/ndis-status.ts';
import { NTSTATUS, type NtStatus } from '#shared/nt/ntstatus.ts';
import { delay } from '#shared/time/clock.ts';
import { VERSIONED_LENGTH } from '../../drivers/versioned-pf.ts';

/** When the bus driver sets the callbacks that the miniport reads blocks through. */
export type SetsCallbacks = 'at once' | 'with the channel';

/** What the miniport asks: callbacks that are not set mean that blocks are not supported here. */
type ReadBlock = (blockId: number, buffer: Uint8Array) => Promise<NtStatus>;

/** A lock that nobody has initialised is what the memory happened to be: held, by nobody. */
const GARBAGE = 0xdead;
const FREE = 0;
const SPINS_EVERY_MS = 1000;

/** A virtual bus driver whose callbacks assume that there is a VPCI driver, and a miniport above it. */
export function blockCallbacks(sets: SetsCallbacks) {
  return defineVirtualBusDriver(
    (device) => new BusDriver(device, sets),
    (adapter, bus) =>
      configBlockVf({
        async initialize() {
          const buffer = new Uint8Array(VERSIONED_LENGTH);
          const status = (await bus.readBlock?.(1, buffer)) ?? NTSTATUS.STATUS_NOT_SUPPORTED;
          if (status !== NTSTATUS.STATUS_SUCCESS) adapter.log.info('there is no backchannel');
          return NDIS_STATUS.NDIS_STATUS_SUCCESS;
        },
        invalidated: () => {},
      }),
  );
}

class BusDriver implements VirtualBusDriver {
  /** Undefined as long as it is not set. */
  readBlock: ReadBlock | undefined;
  readonly #device: VirtualBusDevice;
  #vpci: VpciInterfaceStandard | undefined;
  #lock = GARBAGE;

  constructor(device: VirtualBusDevice, sets: SetsCallbacks) {
    this.#device = device;
    if (sets === 'at once') this.#setCallbacks();
  }

  startDevice(): NtStatus {
    this.#vpci = queryInterface(this.#device);
    if (this.#vpci === undefined) return NTSTATUS.STATUS_SUCCESS;
    this.#lock = FREE;
    this.#setCallbacks();
    return NTSTATUS.STATUS_SUCCESS;
  }

  removeDevice(): void {
    this.#vpci?.interfaceDereference(this.#vpci.context);
  }

  #setCallbacks(): void {
    this.readBlock = async (blockId, buffer) => {
      while (this.#lock !== FREE) await delay(this.#device.clock, SPINS_EVERY_MS);
      const vpci = this.#vpci;
      if (vpci === undefined) return NTSTATUS.STATUS_NOT_SUPPORTED;
      return await vpci.readVfConfigBlock(vpci.context, blockId, buffer, buffer.length);
    };
  }
}

function queryInterface({ wdm, physicalDeviceObject }: VirtualBusDevice) {
  const irp = wdm.ioAllocateIrp(physicalDeviceObject.stackSize);
  if (irp === undefined) return undefined;
  irp.ioStatus.status = NTSTATUS.STATUS_NOT_SUPPORTED;
  const next = wdm.ioGetNextIrpStackLocation(irp);
  next.majorFunction = IRP_MJ_PNP;
  next.minorFunction = IRP_MN_QUERY_INTERFACE;
  next.queryInterface = {
    interfaceType: GUID_VPCI_INTERFACE_STANDARD,
    size: SIZEOF_VPCI_INTERFACE_STANDARD,
    version: VPCI_INTERFACE_STANDARD_VERSION,
  };
  wdm.ioSetCompletionRoutine(irp, () => NTSTATUS.STATUS_MORE_PROCESSING_REQUIRED);
  wdm.ioCallDriver(physicalDeviceObject, irp);
  wdm.ioFreeIrp(irp);
  return next.queryInterface.interface;
}
