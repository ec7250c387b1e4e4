import { type CurrentIrql, IRQL } from '#shared/nt/irql.ts';
import type { Clock } from '#shared/time/clock.ts';
import type { Trace } from '#shared/trace/trace.ts';
import type { VfIdentity } from '#shared/trace/vf-identity.ts';
import type { DeviceObject, LowerDevice } from '../io/device-object.ts';
import { DriverIo } from '../io/driver-io.ts';
import { atLevel, type IoViolation } from '../io/io-violation.ts';
import { IOCTL } from '../io/ioctl.ts';
import type { IoStackLocation } from '../io/irp.ts';
import type { Wdm } from '../io/wdm.ts';

/**
 * What NdisMGetDeviceProperty retrieves. There is no filter between the miniport and its bus: the next
 * device object is the physical one.
 */
export interface DeviceProperty {
  readonly physicalDeviceObject: DeviceObject;
  readonly nextDeviceObject: DeviceObject;
}

export interface VfDriverIoOptions {
  readonly device: LowerDevice;
  readonly irql: CurrentIrql;
  readonly clock: Clock;
  readonly trace: Trace;
  readonly identity: () => VfIdentity;
  readonly violated: (violation: IoViolation) => void;
  /** Whether IOCTL_VPCI_INVALIDATE_BLOCK is NDIS's to issue. */
  readonly ndisIssuesInvalidate: () => boolean;
}

/** How the drivers of one VF reach the VPCI driver past NDIS; most never do. */
export class VfDriverIo {
  readonly #options: VfDriverIoOptions;
  #io: DriverIo | undefined;
  #closed = false;

  constructor(options: VfDriverIoOptions) {
    this.#options = options;
  }

  get wdm(): Wdm {
    return this.#used().wdm;
  }

  ndisMGetDeviceProperty(): DeviceProperty {
    const name = 'NdisMGetDeviceProperty';
    const { irql, violated } = this.#options;
    if (irql.level > IRQL.PASSIVE_LEVEL) {
      violated({ rule: 'irql.device-property', name, found: atLevel(irql) });
    }
    const { physicalDeviceObject } = this.#used();
    return { physicalDeviceObject, nextDeviceObject: physicalDeviceObject };
  }

  /** The drivers have been halted: nothing more comes from them or goes to them. */
  close(): void {
    this.#closed = true;
    this.#io?.close();
  }

  #used(): DriverIo {
    if (this.#io !== undefined) return this.#io;
    const { device, irql, clock, trace, identity, violated } = this.#options;
    const onSend = (location: IoStackLocation): void => this.#watch(location);
    this.#io = new DriverIo({ device, irql, clock, trace, identity, violated, onSend });
    if (this.#closed) this.#io.close();
    return this.#io;
  }

  /**
   * Documents say that a miniport of NDIS 6.30 and later must not issue the IOCTL, and not what becomes
   * of one that does. It is reported and sent: while NDIS's is pended the VPCI driver refuses it, as
   * any second one.
   */
  #watch({ ioControlCode }: IoStackLocation): void {
    const name = 'IOCTL_VPCI_INVALIDATE_BLOCK';
    const isInvalidate = ioControlCode === IOCTL[name];
    if (!isInvalidate || !this.#options.ndisIssuesInvalidate()) return;
    this.#options.violated({ rule: 'ndis.invalidate-ioctl', name });
  }
}
