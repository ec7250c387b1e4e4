import { IRQL } from '#shared/nt/irql.ts';
import { isNtStatus, NTSTATUS, type NtStatus, ntSuccess } from '#shared/nt/ntstatus.ts';
import type { Trace } from '#shared/trace/trace.ts';
import { vfEntry } from '#shared/trace/vf-entry.ts';
import type { VfIdentity } from '#shared/trace/vf-identity.ts';
import type { DeviceObject, LowerDevice } from './device-object.ts';
import type { DriverIrp, IoCompletionRoutine } from './driver-irp.ts';
import type { DriverIrps, IrpState } from './driver-irps.ts';
import { atLevel, type IoRule } from './io-violation.ts';
import { type IoStackLocation, IRP_MJ_PNP, type IrpRequester } from './irp.ts';
import { sentEntry } from './irp-entry.ts';
import { requestName } from './request-name.ts';
import { shapeBreach } from './request-shape.ts';
import { type RequestParameters, requestOf, SentIrp } from './sent-irp.ts';

/**
 * How deep completion routines may be that send a request which is completed at once. A driver that
 * sends its IRP again whatever the status is would overflow the kernel's stack on Windows.
 */
const MAX_NESTED_COMPLETIONS = 16;

const {
  STATUS_INVALID_PARAMETER,
  STATUS_NO_SUCH_DEVICE,
  STATUS_INVALID_DEVICE_REQUEST,
  STATUS_MORE_PROCESSING_REQUIRED,
  STATUS_INSUFFICIENT_RESOURCES,
  STATUS_DEVICE_NOT_CONNECTED,
  STATUS_NOT_SUPPORTED,
} = NTSTATUS;

export interface IrpSenderOptions {
  /** The driver that sends. */
  readonly requester: IrpRequester;
  readonly device: LowerDevice;
  readonly deviceObject: DeviceObject;
  readonly trace: Trace;
  readonly identity: () => VfIdentity;
  /** Called with the stack location of each request that is about to be sent. */
  readonly onSend: (location: IoStackLocation) => void;
}

/** IoCallDriver, IoCancelIrp and the completion of the IRPs of one driver of a VF. */
export class IrpSender {
  readonly #options: IrpSenderOptions;
  readonly #irps: DriverIrps;
  #nested = 0;
  #pending = 0;
  #closed = false;

  constructor(irps: DriverIrps, options: IrpSenderOptions) {
    this.#irps = irps;
    this.#options = options;
  }

  /**
   * The driver has been halted: it sends nothing more, and none of its completion routines is called.
   * An IRP that it left pending is reported.
   */
  close(): void {
    this.#closed = true;
    if (this.#pending === 0) return;
    this.#report('irp.pending-at-halt', `${this.#pending} pending`);
  }

  call(deviceObject: DeviceObject, irp: DriverIrp): NtStatus {
    if (this.#closed) return STATUS_DEVICE_NOT_CONNECTED;
    const state = this.#irps.own(irp, 'IoCallDriver');
    if (state === undefined) return STATUS_INVALID_PARAMETER;
    if (deviceObject !== this.#options.deviceObject) {
      return this.#refuse('irp.device-object', STATUS_NO_SUCH_DEVICE);
    }
    const { phase } = state;
    if (phase === 'pending') {
      return this.#refuse('irp.sent-while-pending', STATUS_INVALID_DEVICE_REQUEST);
    }
    if (phase === 'completed') {
      return this.#refuse('irp.sent-without-reuse', STATUS_INVALID_DEVICE_REQUEST);
    }
    if (this.#nested >= MAX_NESTED_COMPLETIONS) {
      return this.#refuse('completion.recursion', STATUS_INSUFFICIENT_RESOURCES);
    }
    return this.#send(state);
  }

  cancel(irp: DriverIrp): boolean {
    const state = this.#irps.own(irp, 'IoCancelIrp');
    if (state === undefined) return false;
    state.cancelled = true;
    const { trace, identity } = this.#options;
    if (trace.enabled) {
      const note = state.sent && requestName(state.sent.stackLocation);
      trace.record({ hop: 'vfIoCancelIrp', name: 'IoCancelIrp', ...identity(), note });
    }
    return state.sent?.cancel() ?? false;
  }

  #send(state: IrpState): NtStatus {
    const { requester, device, onSend } = this.#options;
    const request = requestOf(state.irp, state.location, () => this.#completed(state));
    if (request === undefined) return this.#refuse('irp.malformed', STATUS_INVALID_PARAMETER);
    let { status } = state.irp.ioStatus;
    if (request.majorFunction === IRP_MJ_PNP) {
      if (requester.irql.level > IRQL.PASSIVE_LEVEL) {
        const found = atLevel(requester.irql);
        return this.#refuse('irql.query-interface', STATUS_INVALID_DEVICE_REQUEST, found);
      }
      if (status >>> 0 !== STATUS_NOT_SUPPORTED) this.#report('irp.pnp-status');
      status = STATUS_NOT_SUPPORTED;
    }
    onSend(request);
    const breach = shapeBreach(request);
    if (breach !== undefined) requester.violated(breach);
    request.cause = this.#recordSent(request);
    const sent = new SentIrp(request, requester, status);
    if (state.cancelled) sent.cancel();
    state.phase = 'pending';
    state.sent = sent;
    this.#pending++;
    return device.ioCallDriver(sent);
  }

  #recordSent(request: RequestParameters): number {
    const { trace, identity } = this.#options;
    if (!trace.enabled) return 0;
    const name = requestName(request);
    const entry = sentEntry(request, trace.keepsData);
    return trace.record(vfEntry('vfIoCallDriver', name, identity(), entry));
  }

  #refuse(rule: IoRule, status: NtStatus, found?: string): NtStatus {
    this.#report(rule, found);
    return status;
  }

  #report(rule: IoRule, found?: string): void {
    this.#options.requester.violated({ rule, name: 'IoCallDriver', found });
  }

  /** Nothing that the driver's objects or its code do gets out of here. */
  #completed(state: IrpState): void {
    const { sent } = state;
    state.phase = 'completed';
    state.sent = undefined;
    this.#pending--;
    if (this.#closed || sent === undefined) return;
    try {
      const { irp, location } = state;
      Object.assign(irp.ioStatus, sent.ioStatus);
      const answered = sent.stackLocation.queryInterface;
      if (answered !== undefined) Object.assign(location.queryInterface ?? {}, answered);
      if (!this.#isStopped(state)) this.#finish(state);
    } catch (error) {
      this.#threw(error);
    }
  }

  /** Whether the IRP stays with the driver. */
  #isStopped(state: IrpState): boolean {
    const routine = routineOf(state);
    if (routine === undefined) return false;
    const answer = this.#invoke(routine, state.irp);
    if (answer === STATUS_MORE_PROCESSING_REQUIRED) return true;
    // A routine that does not say that it keeps the IRP may have sent or freed it all the same.
    const isKept = state.phase !== 'completed' || (answer === undefined && !state.isSynchronous);
    if (isKept && answer !== undefined) this.#notStopped();
    return isKept;
  }

  /** What the routine returned; undefined when that is no status, which has been reported. */
  #invoke(routine: IoCompletionRoutine, irp: DriverIrp): NtStatus | undefined {
    this.#nested++;
    try {
      const { irql, violated } = this.#options.requester;
      const answer: unknown = irql.at(IRQL.DISPATCH_LEVEL, () => routine(irp));
      if (isNtStatus(answer)) return answer >>> 0;
      if (answer instanceof Promise) answer.catch((error: unknown) => this.#threw(error));
      const found = `it returned ${answer instanceof Promise ? 'a promise' : typeof answer}`;
      violated({ rule: 'completion.not-a-status', name: 'IoCompletion', found });
    } catch (error) {
      this.#threw(error);
    } finally {
      this.#nested--;
    }
    return undefined;
  }

  /** The I/O manager's completion of an IRP: the requester is told, and the IRP freed. */
  #finish(state: IrpState): void {
    if (!state.isSynchronous) this.#notStopped();
    state.phase = 'freed';
    const { ioStatus, userIosb, userEvent } = state.irp;
    if (userIosb !== undefined) Object.assign(userIosb, ioStatus);
    userEvent?.set();
  }

  #notStopped(): void {
    this.#options.requester.violated({ rule: 'completion.not-stopped', name: 'IoCompletion' });
  }

  #threw(error: unknown): void {
    this.#options.requester.violated({ rule: 'completion.threw', name: 'IoCompletion', error });
  }
}

/** The completion routine, if it was set for the case in which the IRP is completed. */
function routineOf({ completion, irp, cancelled }: IrpState): IoCompletionRoutine | undefined {
  if (completion === undefined) return undefined;
  const { routine, invokeOnSuccess, invokeOnError, invokeOnCancel } = completion;
  const isInvoked =
    (ntSuccess(irp.ioStatus.status) ? invokeOnSuccess : invokeOnError) ||
    (cancelled && invokeOnCancel);
  return isInvoked ? routine : undefined;
}
