import type { LowerDevice } from '#guest/io/device-object.ts';
import type { Irp } from '#guest/io/irp.ts';
import { NTSTATUS, type NtStatus } from '#shared/nt/ntstatus.ts';
import type { Clock } from '#shared/time/clock.ts';
import type { FaultEngine } from './fault-engine.ts';
import { statusIn } from './faulty-calls.ts';
import { IRP_HOPS } from './verbs.ts';
import { waitFor } from './wait-for-fault.ts';

/** The VPCI driver beneath NDIS, with the faults that befall the IRPs on their way to it. */
export class FaultyDevice implements LowerDevice {
  readonly #device: LowerDevice;
  readonly #engine: FaultEngine;
  readonly #clock: Clock;

  constructor(device: LowerDevice, engine: FaultEngine, clock: Clock) {
    this.#device = device;
    this.#engine = engine;
    this.#clock = clock;
  }

  ioCallDriver(irp: Irp): NtStatus {
    const fault = this.#engine.take(IRP_HOPS);
    if (fault === undefined) return this.#device.ioCallDriver(irp);
    if (fault.verb === 'replyWith') {
      const status = statusIn(fault.reply);
      irp.complete(status, 0, irp.cause);
      return status;
    }
    if (fault.verb === 'drop') return NTSTATUS.STATUS_PENDING;
    const wait = waitFor(fault, this.#engine, this.#clock);
    if (wait === undefined) return this.#device.ioCallDriver(irp);
    void wait.then(() => this.#device.ioCallDriver(irp));
    return NTSTATUS.STATUS_PENDING;
  }
}
