import type { DeviceObject } from '#guest/io/device-object.ts';
import { DriverIo } from '#guest/io/driver-io.ts';
import type { IoRule, IoViolation } from '#guest/io/io-violation.ts';
import type { Wdm } from '#guest/io/wdm.ts';
import { CurrentIrql } from '#shared/nt/irql.ts';
import { ManualClock } from '../kit/world/manual-clock.ts';
import { DriverRequests } from './driver-requests.ts';
import { VpciBench } from './vpci-bench.ts';

/** A driver of a VF over the VPCI driver, over a channel whose other end speaks frames by hand. */
export class DriverBench extends DriverRequests {
  readonly vpci = new VpciBench();
  readonly irql = new CurrentIrql();
  readonly clock = new ManualClock();
  readonly violations: IoViolation[] = [];
  readonly io: DriverIo;

  constructor() {
    super();
    this.io = new DriverIo({
      device: this.vpci.driver,
      irql: this.irql,
      clock: this.clock,
      trace: this.vpci.trace,
      identity: () => ({ device: 'g1/0' }),
      violated: (violation) => this.violations.push(violation),
      onSend: () => {},
    });
  }

  override get wdm(): Wdm {
    return this.io.wdm;
  }

  override get pdo(): DeviceObject {
    return this.io.physicalDeviceObject;
  }

  /** The rules that were broken, in order. */
  get broken(): readonly IoRule[] {
    return this.violations.map(({ rule }) => rule);
  }
}
