import type { DeviceObject } from '#guest/io/device-object.ts';
import type { DriverIrp, IoCompletionRoutine } from '#guest/io/driver-irp.ts';
import { IOCTL } from '#guest/io/ioctl.ts';
import type { VpciInterfaceStandard } from '#guest/io/query-interface.ts';
import { newReadBlockInput, newWriteBlockInput } from '#guest/io/vpci-structures.ts';
import type { Wdm } from '#guest/io/wdm.ts';
import type { VfAdapter, VfMiniportFactory } from '#guest/ndis/vf-miniport.ts';
import { NDIS_STATUS } from '#shared/ndis/ndis-status.ts';
import type { Irql } from '#shared/nt/irql.ts';
import { DriverRequests } from '#test/support/driver-requests.ts';
import { RecordingVf } from '#test/support/recording-vf.ts';
import { queryInterface } from '#test/support/vpci-query.ts';

/** A read of four bytes, but for the buffer that they go to. */
export const READ = {
  ioControlCode: IOCTL.IOCTL_VPCI_READ_BLOCK,
  type3InputBuffer: newReadBlockInput(5, 4),
} as const;

/** A request that the PF serves: it is pending until then. */
export const WRITE = {
  ioControlCode: IOCTL.IOCTL_VPCI_WRITE_BLOCK,
  type3InputBuffer: newWriteBlockInput(5, Uint8Array.of(1)),
} as const;

/** A request that the VPCI driver refuses: it is completed before IoCallDriver returns. */
export const REFUSED = { ...WRITE, inputBufferLength: 0 } as const;

/** What a driver does by itself. */
export type Act = (driver: OwnDriver) => unknown;

/** A VF miniport with what it does beside NDIS. */
export class OwnDriver extends DriverRequests {
  readonly adapter: VfAdapter;
  override readonly pdo: DeviceObject;

  constructor(adapter: VfAdapter) {
    super();
    this.adapter = adapter;
    this.pdo = adapter.ndisMGetDeviceProperty().physicalDeviceObject;
  }

  override get wdm(): Wdm {
    return this.adapter.wdm;
  }

  /** What `work` gives at a level, to which the IRQL is raised for it alone. */
  at<T>(level: Irql, work: () => T): T {
    const before = this.adapter.keRaiseIrql(level);
    try {
      return work();
    } finally {
      this.adapter.keLowerIrql(before);
    }
  }

  /** An IRP that is completed as soon as it is sent, with a completion routine of the caller's. */
  completes(routine: IoCompletionRoutine): DriverIrp {
    const { irp } = this.allocate(REFUSED);
    this.wdm.ioSetCompletionRoutine(irp, routine);
    this.wdm.ioCallDriver(this.pdo, irp);
    return irp;
  }

  /** Sends an IRP again that was completed. */
  sendAgain(irp: DriverIrp, routine: IoCompletionRoutine): void {
    this.wdm.ioReuseIrp(irp, irp.ioStatus.status);
    this.fill(irp, REFUSED);
    this.wdm.ioSetCompletionRoutine(irp, routine);
    this.wdm.ioCallDriver(this.pdo, irp);
  }

  /** The interface of the VPCI driver. */
  vpci(): VpciInterfaceStandard {
    const found = queryInterface(this.wdm, this.pdo).queryInterface?.interface;
    if (found === undefined) throw new Error('there is no VPCI_INTERFACE_STANDARD');
    return found;
  }
}

/** A driver that does something in MiniportInitializeEx. */
export function starting(act: Act): VfMiniportFactory {
  return new RecordingVf({
    initialize: async ({ adapter }) => {
      await act(new OwnDriver(adapter));
      return NDIS_STATUS.NDIS_STATUS_SUCCESS;
    },
  }).factory;
}
