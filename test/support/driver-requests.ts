import type { DeviceObject } from '#guest/io/device-object.ts';
import type { DriverIrp, IoCompletionRoutine, NextStackLocation } from '#guest/io/driver-irp.ts';
import { IOCTL } from '#guest/io/ioctl.ts';
import {
  type IoStatusBlock,
  IRP_MJ_INTERNAL_DEVICE_CONTROL,
  type IrpParameters,
} from '#guest/io/irp.ts';
import type { KEvent } from '#guest/io/kevent.ts';
import { newWriteBlockInput } from '#guest/io/vpci-structures.ts';
import type { Wdm } from '#guest/io/wdm.ts';
import { NTSTATUS, type NtStatus } from '#shared/nt/ntstatus.ts';

/** How an IRP of a driver ended. */
export interface DriverEnd {
  readonly irp: DriverIrp;
  readonly location: NextStackLocation;
  readonly returned: NtStatus;
  /** How often its completion routine was called. */
  completions: number;
}

/** What a driver sends: an internal device control request, but for what it says. */
type Request = Partial<Omit<IrpParameters, 'completionRoutine' | 'cause'>>;

/** A driver of a VF, as far as it sends IRPs of its own. */
export abstract class DriverRequests {
  abstract readonly wdm: Wdm;
  /** The physical device object of its VF. */
  abstract readonly pdo: DeviceObject;

  /** An IRP of IoAllocateIrp, ready to be sent. */
  allocate(request: Request): { readonly irp: DriverIrp; readonly location: NextStackLocation } {
    const irp = this.wdm.ioAllocateIrp(this.pdo.stackSize);
    if (irp === undefined) throw new Error('IoAllocateIrp gave none');
    return { irp, location: this.fill(irp, request) };
  }

  /** Fills the next stack location of an IRP. */
  fill(irp: DriverIrp, request: Request): NextStackLocation {
    const { userBuffer, ...parameters } = request;
    const location = this.wdm.ioGetNextIrpStackLocation(irp);
    irp.userBuffer = userBuffer;
    return Object.assign(location, {
      majorFunction: IRP_MJ_INTERNAL_DEVICE_CONTROL,
      inputBufferLength: parameters.type3InputBuffer?.byteLength ?? 0,
      outputBufferLength: userBuffer?.byteLength ?? 0,
      ...parameters,
    });
  }

  /** Sends a request whose completion routine keeps the IRP, after it has done what `then` does. */
  send(request: Request, then: (irp: DriverIrp) => void = () => {}): DriverEnd {
    const { irp, location } = this.allocate(request);
    const end = { irp, location, returned: 0, completions: 0 };
    const routine: IoCompletionRoutine = () => {
      end.completions++;
      then(irp);
      return NTSTATUS.STATUS_MORE_PROCESSING_REQUIRED;
    };
    this.wdm.ioSetCompletionRoutine(irp, routine);
    end.returned = this.wdm.ioCallDriver(this.pdo, irp);
    return end;
  }

  /** An IRP of IoBuildDeviceIoControlRequest that writes a block, and what it is waited for with. */
  synchronous(): {
    readonly irp: DriverIrp;
    readonly event: KEvent;
    readonly ioStatusBlock: IoStatusBlock;
  } {
    const event = this.wdm.keInitializeEvent('NotificationEvent', false);
    const ioStatusBlock = { status: 0, information: 0 };
    const inputBuffer = newWriteBlockInput(5, Uint8Array.of(1));
    const irp = this.wdm.ioBuildDeviceIoControlRequest({
      ioControlCode: IOCTL.IOCTL_VPCI_WRITE_BLOCK,
      deviceObject: this.pdo,
      inputBuffer,
      inputBufferLength: inputBuffer.byteLength,
      outputBuffer: undefined,
      outputBufferLength: 0,
      internalDeviceIoControl: true,
      event,
      ioStatusBlock,
    });
    if (irp === undefined) throw new Error('IoBuildDeviceIoControlRequest gave none');
    return { irp, event, ioStatusBlock };
  }
}
