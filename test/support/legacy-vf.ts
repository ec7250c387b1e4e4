import type { DeviceObject } from '#guest/io/device-object.ts';
import type { DriverIrp, IoCompletionRoutine, NextStackLocation } from '#guest/io/driver-irp.ts';
import { IOCTL } from '#guest/io/ioctl.ts';
import { type IoStatusBlock, IRP_MJ_INTERNAL_DEVICE_CONTROL } from '#guest/io/irp.ts';
import {
  newReadBlockInput,
  newWriteBlockInput,
  parseInvalidateBlockOutput,
} from '#guest/io/vpci-structures.ts';
import type { Wdm } from '#guest/io/wdm.ts';
import type {
  NdisHaltAction,
  VfAdapter,
  VfMiniport,
  VfMiniportFactory,
} from '#guest/ndis/vf-miniport.ts';
import { NDIS_STATUS } from '#shared/ndis/ndis-status.ts';
import { oidName } from '#shared/ndis/oid.ts';
import type { NdisOidRequest } from '#shared/ndis/oid-request.ts';
import { NTSTATUS, type NtStatus } from '#shared/nt/ntstatus.ts';

/** What became of a request that the driver has sent. */
export interface SentRequest {
  /** What IoCallDriver returned. */
  readonly returned: NtStatus;
  /** The final status of each completion: of one, once the request is completed. */
  readonly ends: readonly IoStatusBlock[];
  /** UserBuffer. */
  readonly data: Uint8Array | undefined;
}

/**
 * A VF miniport that sends the VPCI driver its own requests, as drivers before NDIS 6.30 do; with
 * IOCTL_VPCI_INVALIDATE_BLOCK among them, which NDIS issues for those after.
 */
export class LegacyVf {
  readonly ndisVersion: VfMiniport['ndisVersion'];
  /** The mask of each IOCTL that succeeded, and the IRQL at which the driver learned of it. */
  readonly masks: bigint[] = [];
  readonly levels: number[] = [];
  /** How the IOCTLs ended. */
  readonly ends: IoStatusBlock[] = [];
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
  readonly halts: NdisHaltAction[] = [];
  /** What MiniportInitializeEx does once the IOCTL is sent, and MiniportHaltEx before it is cancelled. */
  initialize: () => void | Promise<void> = () => {};
  halt: () => void | Promise<void> = () => {};
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
      miniportInitializeEx: async () => {
        this.#device = adapter.ndisMGetDeviceProperty().physicalDeviceObject;
        this.#irp = adapter.wdm.ioAllocateIrp(this.#device.stackSize);
        if (this.armsAtStart) this.arm();
        await this.initialize();
        return NDIS_STATUS.NDIS_STATUS_SUCCESS;
      },
      miniportOidRequest: ({ oid }: NdisOidRequest) => {
        this.oids.push(oidName(oid));
        return NDIS_STATUS.NDIS_STATUS_NOT_SUPPORTED;
      },
      miniportHaltEx: async (action) => {
        this.halts.push(action);
        await this.halt();
        if (!this.leavesItPended) this.cancel();
      },
    };
  };

  get statuses(): readonly NtStatus[] {
    return this.ends.map(({ status }) => status);
  }

  /** The IRP of the IOCTL, which is used again and again. */
  get irp(): DriverIrp {
    return this.#started().irp;
  }

  /** Cancels the IOCTL, or another IRP; returns what IoCancelIrp does. */
  cancel(irp = this.irp): boolean {
    return this.#started().wdm.ioCancelIrp(irp);
  }

  read(blockId: number, length: number): SentRequest {
    return this.#send(
      {
        ioControlCode: IOCTL.IOCTL_VPCI_READ_BLOCK,
        type3InputBuffer: newReadBlockInput(blockId, length),
      },
      new Uint8Array(length),
    );
  }

  write(blockId: number, data: Uint8Array): SentRequest {
    return this.#send({
      ioControlCode: IOCTL.IOCTL_VPCI_WRITE_BLOCK,
      type3InputBuffer: newWriteBlockInput(blockId, data),
    });
  }

  /** Sends the IOCTL. */
  arm(): void {
    const { irp, wdm } = this.#started();
    wdm.ioReuseIrp(irp, NTSTATUS.STATUS_SUCCESS);
    const location = {
      ioControlCode: IOCTL.IOCTL_VPCI_INVALIDATE_BLOCK,
      type3InputBuffer: this.#output,
    };
    this.returned.push(this.#call(irp, location, this.#completed));
  }

  #send(location: Partial<NextStackLocation>, userBuffer?: Uint8Array): SentRequest {
    const { device, wdm } = this.#started();
    const irp = wdm.ioAllocateIrp(device.stackSize);
    if (irp === undefined) throw new Error('IoAllocateIrp gave none');
    irp.userBuffer = userBuffer;
    const ends: IoStatusBlock[] = [];
    const outputBufferLength = userBuffer?.byteLength ?? 0;
    const returned = this.#call(irp, { ...location, outputBufferLength }, ({ ioStatus }) => {
      ends.push({ ...ioStatus });
      return NTSTATUS.STATUS_MORE_PROCESSING_REQUIRED;
    });
    return { returned, ends, data: userBuffer };
  }

  #call(
    irp: DriverIrp,
    location: Partial<NextStackLocation>,
    routine: IoCompletionRoutine,
  ): NtStatus {
    const { device, wdm } = this.#started();
    Object.assign(wdm.ioGetNextIrpStackLocation(irp), {
      majorFunction: IRP_MJ_INTERNAL_DEVICE_CONTROL,
      inputBufferLength: location.type3InputBuffer?.byteLength ?? 0,
      ...location,
    });
    wdm.ioSetCompletionRoutine(irp, routine);
    return wdm.ioCallDriver(device, irp);
  }

  #started(): { readonly irp: DriverIrp; readonly device: DeviceObject; readonly wdm: Wdm } {
    const irp = this.#irp;
    const device = this.#device;
    const wdm = this.#adapter?.wdm;
    if (irp === undefined || device === undefined || wdm === undefined) {
      throw new Error('it has not been started');
    }
    return { irp, device, wdm };
  }

  /** Arms the IOCTL again after a success, and only then: any other end is for good. */
  readonly #completed: IoCompletionRoutine = (irp) => {
    this.ends.push({ ...irp.ioStatus });
    this.levels.push(this.#adapter?.keGetCurrentIrql() ?? -1);
    if (irp.ioStatus.status === NTSTATUS.STATUS_SUCCESS) {
      this.masks.push(parseInvalidateBlockOutput(this.#output));
      if (this.#adapter !== undefined) this.onMask(this.#adapter);
      if (!this.armsOnce) this.arm();
    }
    return NTSTATUS.STATUS_MORE_PROCESSING_REQUIRED;
  };
}
