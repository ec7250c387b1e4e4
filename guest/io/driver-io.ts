import { type CurrentIrql, IRQL } from '#shared/nt/irql.ts';
import { NTSTATUS, type NtStatus } from '#shared/nt/ntstatus.ts';
import type { Clock } from '#shared/time/clock.ts';
import { DeviceObject } from './device-object.ts';
import { type DriverIrp, type NextStackLocation, newStackLocation } from './driver-irp.ts';
import { DriverIrps } from './driver-irps.ts';
import { atLevel, type IoRule, type IoViolation } from './io-violation.ts';
import { IRP_MJ_DEVICE_CONTROL, IRP_MJ_INTERNAL_DEVICE_CONTROL } from './irp.ts';
import { IrpSender, type IrpSenderOptions } from './irp-sender.ts';
import { KEvent } from './kevent.ts';
import type { DeviceIoControlParameters, Wdm } from './wdm.ts';

/** The stack size of an IRP is a CCHAR. */
const MAX_STACK_SIZE = 127;

export interface DriverIoOptions
  extends Pick<IrpSenderOptions, 'device' | 'trace' | 'identity' | 'onSend'> {
  readonly irql: CurrentIrql;
  readonly clock: Clock;
  readonly violated: (violation: IoViolation) => void;
}

/** What the I/O manager and the kernel give to the drivers of one VF. */
export class DriverIo {
  /** The physical device object of the VF, which the VPCI driver is behind. */
  readonly physicalDeviceObject = new DeviceObject();
  readonly wdm: Wdm;
  readonly #options: DriverIoOptions;
  readonly #irps: DriverIrps;
  readonly #sender: IrpSender;

  constructor(options: DriverIoOptions) {
    const { device, irql, trace, identity, violated, onSend } = options;
    this.#options = options;
    this.#irps = new DriverIrps(violated);
    this.#sender = new IrpSender(this.#irps, {
      requester: { irql, violated },
      device,
      deviceObject: this.physicalDeviceObject,
      trace,
      identity,
      onSend,
    });
    this.wdm = this.#newWdm();
  }

  /** The drivers have been halted; see {@link IrpSender.close}. */
  close(): void {
    this.#sender.close();
  }

  #newWdm(): Wdm {
    const irps = this.#irps;
    const sender = this.#sender;
    return {
      ioAllocateIrp: (stackSize) => this.#allocate(stackSize),
      ioBuildDeviceIoControlRequest: (parameters) => this.#build(parameters),
      ioGetNextIrpStackLocation: (irp) => this.#nextStackLocation(irp),
      ioSetCompletionRoutine: (irp, routine, onSuccess = true, onError = true, onCancel = true) => {
        const state = irps.own(irp, 'IoSetCompletionRoutine');
        if (state === undefined) return;
        state.completion = {
          routine,
          invokeOnSuccess: onSuccess,
          invokeOnError: onError,
          invokeOnCancel: onCancel,
        };
      },
      ioCallDriver: (deviceObject, irp) => sender.call(deviceObject, irp),
      ioCancelIrp: (irp) => sender.cancel(irp),
      ioReuseIrp: (irp, ioStatus) => irps.reuse(irp, ioStatus),
      ioFreeIrp: (irp) => irps.free(irp),
      keInitializeEvent: (type, state) => new KEvent(type, state),
      keSetEvent: (event) => this.#isEvent(event, 'KeSetEvent') && event.set(),
      keClearEvent: (event) => {
        if (this.#isEvent(event, 'KeClearEvent')) event.clear();
      },
      keReadStateEvent: (event) => this.#isEvent(event, 'KeReadStateEvent') && event.signaled,
      keWaitForSingleObject: (event, timeout) => this.#wait(event, timeout),
    };
  }

  #allocate(stackSize: number): DriverIrp | undefined {
    const isSize = Number.isInteger(stackSize) && stackSize >= 1 && stackSize <= MAX_STACK_SIZE;
    return isSize ? this.#irps.create(false).irp : undefined;
  }

  #build(parameters: DeviceIoControlParameters): DriverIrp | undefined {
    const { deviceObject, event, ioStatusBlock } = parameters;
    const name = 'IoBuildDeviceIoControlRequest';
    if (!this.#mayWait('irql.synchronous-irp', name)) return undefined;
    if (deviceObject !== this.physicalDeviceObject) return this.#report('irp.device-object', name);
    if (event !== undefined && !this.#isEvent(event, name)) return undefined;
    const { irp, location } = this.#irps.create(true);
    location.majorFunction = parameters.internalDeviceIoControl
      ? IRP_MJ_INTERNAL_DEVICE_CONTROL
      : IRP_MJ_DEVICE_CONTROL;
    location.ioControlCode = parameters.ioControlCode;
    location.inputBufferLength = parameters.inputBufferLength;
    location.outputBufferLength = parameters.outputBufferLength;
    location.type3InputBuffer = parameters.inputBuffer;
    irp.userBuffer = parameters.outputBuffer;
    irp.userEvent = event;
    irp.userIosb = ioStatusBlock;
    return irp;
  }

  /** Of an IRP that is not the driver's own, a stack location that leads nowhere. */
  #nextStackLocation(irp: DriverIrp): NextStackLocation {
    return this.#irps.own(irp, 'IoGetNextIrpStackLocation')?.location ?? newStackLocation();
  }

  #wait(event: KEvent, timeout: number | undefined): Promise<NtStatus> {
    const name = 'KeWaitForSingleObject';
    const mayWait = timeout === 0 || this.#mayWait('irql.wait', name);
    if (mayWait && this.#isEvent(event, name)) return event.wait(this.#options.clock, timeout);
    return Promise.resolve(NTSTATUS.STATUS_UNSUCCESSFUL);
  }

  #mayWait(rule: IoRule, name: string): boolean {
    const { irql, violated } = this.#options;
    const may = irql.level <= IRQL.APC_LEVEL;
    if (!may) violated({ rule, name, found: atLevel(irql) });
    return may;
  }

  #isEvent(event: KEvent, name: string): boolean {
    if (event instanceof KEvent) return true;
    this.#report('event.not-an-event', name);
    return false;
  }

  #report(rule: IoRule, name: string): undefined {
    this.#options.violated({ rule, name });
  }
}
