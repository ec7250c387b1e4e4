import type { NtStatus } from '#shared/nt/ntstatus.ts';
import {
  type CompletionSettings,
  type DriverIrp,
  type NextStackLocation,
  newDriverIrp,
  newStackLocation,
} from './driver-irp.ts';
import type { IoRule, IoViolation } from './io-violation.ts';
import type { SentIrp } from './sent-irp.ts';

/** An IRP of a driver, as the I/O manager sees it. */
export interface IrpState {
  readonly irp: DriverIrp;
  readonly location: NextStackLocation;
  /** It comes from IoBuildDeviceIoControlRequest: the I/O manager frees it. */
  readonly isSynchronous: boolean;
  phase: 'ready' | 'pending' | 'completed' | 'freed';
  completion: CompletionSettings | undefined;
  /** IoCancelIrp was called. */
  cancelled: boolean;
  /** The request that is pending. */
  sent: SentIrp | undefined;
}

/** The IRPs that one driver of a VF has created. No other driver's are known here. */
export class DriverIrps {
  readonly #states = new WeakMap<DriverIrp, IrpState>();
  readonly #violated: (violation: IoViolation) => void;

  constructor(violated: (violation: IoViolation) => void) {
    this.#violated = violated;
  }

  create(isSynchronous: boolean): IrpState {
    const irp = newDriverIrp();
    const state: IrpState = {
      irp,
      location: newStackLocation(),
      isSynchronous,
      phase: 'ready',
      completion: undefined,
      cancelled: false,
      sent: undefined,
    };
    this.#states.set(irp, state);
    return state;
  }

  /** The state of an IRP of this driver. One that is not, or no more, is reported and is undefined. */
  own(irp: DriverIrp, name: string): IrpState | undefined {
    const state = this.#states.get(irp);
    if (state !== undefined && state.phase !== 'freed') return state;
    const found = state === undefined ? 'this is none of its own' : 'this one has been freed';
    this.#violated({ rule: 'irp.not-the-drivers-own', name, found });
    return undefined;
  }

  /** IoReuseIrp. */
  reuse(irp: DriverIrp, status: NtStatus): void {
    const name = 'IoReuseIrp';
    const state = this.own(irp, name);
    if (state === undefined) return;
    const rule = reuseRule(state);
    if (rule !== undefined) {
      this.#violated({ rule, name });
      return;
    }
    state.phase = 'ready';
    state.completion = undefined;
    state.cancelled = false;
    Object.assign(state.location, newStackLocation());
    Object.assign(irp, { ...newDriverIrp(), ioStatus: irp.ioStatus });
    Object.assign(irp.ioStatus, { status, information: 0 });
  }

  /** IoFreeIrp. */
  free(irp: DriverIrp): void {
    const name = 'IoFreeIrp';
    const state = this.own(irp, name);
    if (state === undefined) return;
    const rule = freeRule(state);
    if (rule === undefined) state.phase = 'freed';
    else this.#violated({ rule, name });
  }
}

function reuseRule({ phase, isSynchronous }: IrpState): IoRule | undefined {
  if (phase === 'pending') return 'irp.reused-while-pending';
  return isSynchronous ? 'irp.synchronous-is-not-reused' : undefined;
}

function freeRule({ phase, isSynchronous }: IrpState): IoRule | undefined {
  if (phase === 'pending') return 'irp.freed-while-pending';
  return isSynchronous ? 'irp.synchronous-is-not-freed' : undefined;
}
