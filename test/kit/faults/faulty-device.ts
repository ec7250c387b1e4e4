import type { Irp } from '#guest/io/irp.ts';
import type { LowerDevice } from '#guest/ndis/ndis.ts';
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

  ioCallDriver(irp: Irp): void {
    const fault = this.#engine.take(IRP_HOPS);
    if (fault === undefined) {
      this.#device.ioCallDriver(irp);
    } else if (fault.verb === 'replyWith') {
      irp.complete(statusIn(fault.reply), 0, irp.cause);
    } else if (fault.verb !== 'drop') {
      this.#later(irp, waitFor(fault, this.#engine, this.#clock));
    }
  }

  #later(irp: Irp, wait: Promise<void> | undefined): void {
    if (wait === undefined) this.#device.ioCallDriver(irp);
    else void wait.then(() => this.#device.ioCallDriver(irp));
  }
}
