import type { DeviceObject } from '#guest/io/device-object.ts';
import type { DriverIrp, IoCompletionRoutine } from '#guest/io/driver-irp.ts';
import { IOCTL } from '#guest/io/ioctl.ts';
import { IRP_MJ_INTERNAL_DEVICE_CONTROL } from '#guest/io/irp.ts';
import { parseInvalidateBlockOutput } from '#guest/io/vpci-structures.ts';
import type { VfAdapter, VfMiniport, VfMiniportFactory } from '#guest/ndis/vf-miniport.ts';
import { NDIS_STATUS } from '#shared/ndis/ndis-status.ts';
import { oidName } from '#shared/ndis/oid.ts';
import type { NdisOidRequest } from '#shared/ndis/oid-request.ts';
import { NTSTATUS, type NtStatus } from '#shared/nt/ntstatus.ts';

/** A VF miniport that issues IOCTL_VPCI_INVALIDATE_BLOCK itself, as drivers before NDIS 6.30 do. */
export class LegacyVf {
  readonly ndisVersion: VfMiniport['ndisVersion'];
  /** The mask of each IOCTL that succeeded, and the IRQL at which the driver learned of it. */
  readonly masks: bigint[] = [];
  readonly levels: number[] = [];
  /** How the IOCTLs ended. */
  readonly statuses: NtStatus[] = [];
  /** What IoCallDriver returned for each. */
  readonly returned: NtStatus[] = [];
  readonly oids: string[] = [];
  /** Whether MiniportInitializeEx issues the first IOCTL. */
  armsAtStart = true;
  /** Whether the first IOCTL is also the last. */
  armsOnce = false;
  /** Whether MiniportHaltEx leaves the IOCTL pended. */
  leavesItPended = false;
  /** Called in the completion routine of each IOCTL that succeeded. */
  onMask: (adapter: VfAdapter) => void = () => {};
  #device: DeviceObject | undefined;
  #adapter: VfAdapter | undefined;
  #irp: DriverIrp | undefined;
  readonly #output = new Uint8Array(8);

  constructor(ndisVersion: VfMiniport['ndisVersion']) {
    this.ndisVersion = ndisVersion;
  }

  readonly factory: VfMiniportFactory = (adapter) => {
    this.#adapter = adapter;
    return {
      ndisVersion: this.ndisVersion,
      miniportInitializeEx: () => {
        this.#device = adapter.ndisMGetDeviceProperty().physicalDeviceObject;
        this.#irp = adapter.wdm.ioAllocateIrp(this.#device.stackSize);
        if (this.armsAtStart) this.arm();
        return NDIS_STATUS.NDIS_STATUS_SUCCESS;
      },
      miniportOidRequest: ({ oid }: NdisOidRequest) => {
        this.oids.push(oidName(oid));
        return NDIS_STATUS.NDIS_STATUS_NOT_SUPPORTED;
      },
      miniportHaltEx: () => {
        if (this.#irp !== undefined && !this.leavesItPended) adapter.wdm.ioCancelIrp(this.#irp);
      },
    };
  };

  /** Sends the IOCTL. */
  arm(): void {
    const irp = this.#irp;
    const device = this.#device;
    const wdm = this.#adapter?.wdm;
    if (irp === undefined || device === undefined || wdm === undefined) {
      throw new Error('it has not been started');
    }
    wdm.ioReuseIrp(irp, NTSTATUS.STATUS_SUCCESS);
    Object.assign(wdm.ioGetNextIrpStackLocation(irp), {
      majorFunction: IRP_MJ_INTERNAL_DEVICE_CONTROL,
      ioControlCode: IOCTL.IOCTL_VPCI_INVALIDATE_BLOCK,
      inputBufferLength: this.#output.byteLength,
      type3InputBuffer: this.#output,
    });
    wdm.ioSetCompletionRoutine(irp, this.#completed);
    this.returned.push(wdm.ioCallDriver(device, irp));
  }

  /** Arms the IOCTL again after a success, and only then: any other end is for good. */
  readonly #completed: IoCompletionRoutine = (irp) => {
    this.statuses.push(irp.ioStatus.status);
    this.levels.push(this.#adapter?.keGetCurrentIrql() ?? -1);
    if (irp.ioStatus.status === NTSTATUS.STATUS_SUCCESS) {
      this.masks.push(parseInvalidateBlockOutput(this.#output));
      if (this.#adapter !== undefined) this.onMask(this.#adapter);
      if (!this.armsOnce) this.arm();
    }
    return NTSTATUS.STATUS_MORE_PROCESSING_REQUIRED;
  };
}
