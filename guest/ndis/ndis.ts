import type { Logger } from 'pino';
import { messageOf } from '#shared/message-of.ts';
import type { ContractBreach, ContractObserver } from '#shared/ndis/contract-observer.ts';
import { MiniportRegistration, refusedAttributes } from '#shared/ndis/miniport-registration.ts';
import {
  isNdisStatus,
  NDIS_STATUS,
  type NdisStatus,
  ndisStatusName,
} from '#shared/ndis/ndis-status.ts';
import { oidName } from '#shared/ndis/oid.ts';
import type { NdisOidRequest, OidRequestParameters } from '#shared/ndis/oid-request.ts';
import { dispatchClock } from '#shared/nt/dispatch-clock.ts';
import { CurrentIrql, IRQL } from '#shared/nt/irql.ts';
import { kernelServices } from '#shared/nt/kernel-services.ts';
import { RecurringLog } from '#shared/recurring-log.ts';
import { stackOf } from '#shared/stack-of.ts';
import type { Clock } from '#shared/time/clock.ts';
import type { HopName } from '#shared/trace/hops.ts';
import type { Trace, TraceEntry } from '#shared/trace/trace.ts';
import { vfEntry } from '#shared/trace/vf-entry.ts';
import type { VfIdentity } from '#shared/trace/vf-identity.ts';
import type { BlockId } from '#shared/vpci/config-block.ts';
import type { BusInterfaceStandard } from '../io/bus-interface.ts';
import type { LowerDevice } from '../io/device-object.ts';
import { breachOf, type IoViolation } from '../io/io-violation.ts';
import { ioctlName } from '../io/ioctl.ts';
import type { Irp } from '../io/irp.ts';
import { AdapterPower } from './adapter-power.ts';
import { BusDataCalls } from './bus-data-calls.ts';
import { ConfigBlockCalls } from './config-block-calls.ts';
import { InvalidationLoop } from './invalidation-loop.ts';
import { ndisIssuesInvalidate } from './ndis-version.ts';
import { VfDriverIo } from './vf-driver-io.ts';
import type {
  BusStatistics,
  NdisHaltAction,
  VfAdapter,
  VfMiniport,
  VfMiniportFactory,
} from './vf-miniport.ts';
import { VfOids } from './vf-oids.ts';

export interface VfNdisOptions {
  readonly name: string;
  readonly miniport: VfMiniportFactory;
  /** What is behind the physical device object of the VF. */
  readonly device: LowerDevice;
  /** What the VPCI driver serves the VF's configuration space with. */
  readonly busInterface: BusInterfaceStandard;
  readonly configuration: ReadonlyMap<string, string>;
  readonly clock: Clock;
  readonly trace: Trace;
  readonly log: Logger;
  /** Seconds that the VF miniport may hold an OID request; 0 for ever. */
  readonly oidTimeout: number;
  readonly observer?: ContractObserver | undefined;
  readonly identity: () => VfIdentity;
  readonly busStatistics: () => BusStatistics;
  /** What OID_SRIOV_VF_SERIAL_NUMBER answers: what the VPCI driver found on its bus. */
  readonly serialNumber: number;
}

/** NDIS of the guest OS, for one VF miniport. */
export class VfNdis {
  readonly power: AdapterPower;
  readonly #options: VfNdisOptions;
  readonly #log: RecurringLog;
  readonly #device: LowerDevice;
  readonly #trace: Trace;
  readonly #identity: () => VfIdentity;
  readonly #irql = new CurrentIrql();
  readonly #loop: InvalidationLoop;
  readonly #driverIo: VfDriverIo;
  readonly #registration: MiniportRegistration;
  readonly #handle: VfAdapter;
  readonly #miniport: VfMiniport;
  readonly #oids: VfOids;
  #issuesInvalidate = true;
  #isAboveVbd = false;
  #halted = false;

  /** Creates the miniport, whose factory may throw. */
  constructor(options: VfNdisOptions) {
    this.#options = options;
    this.#log = new RecurringLog(options.log, options.clock);
    this.#device = options.device;
    this.#trace = options.trace;
    this.#identity = options.identity;
    this.#driverIo = new VfDriverIo({
      device: options.device,
      irql: this.#irql,
      clock: options.clock,
      trace: options.trace,
      identity: options.identity,
      violated: (violation) => this.#violated(violation),
      ndisIssuesInvalidate: () => this.#issuesInvalidate,
    });
    const partition = 'NdisHypervisorPartitionMsHvChild';
    const registration = new MiniportRegistration(partition, (note) =>
      this.#broke(refusedAttributes(note)),
    );
    this.#registration = registration;
    this.#handle = this.#adapter();
    this.#miniport = options.miniport(this.#handle);
    this.#issuesInvalidate = ndisIssuesInvalidate(this.#miniport.ndisVersion);
    this.#isAboveVbd = this.#miniport.isAboveVirtualBusDriver === true;
    this.#oids = new VfOids({
      ...options,
      log: this.#log,
      miniport: this.#miniport,
      irql: this.#irql,
      registration,
    });
    this.#loop = new InvalidationLoop({
      clock: options.clock,
      send: (irp) => this.#send(irp),
      cancel: (irp) => this.#cancel(irp),
      notify: (mask, cause, done) => this.#oids.invalidate(mask, cause, done),
    });
    this.power = new AdapterPower(this.#oids, this.#loop, options.log);
  }

  /**
   * MiniportInitializeEx, and after it the first IOCTL_VPCI_INVALIDATE_BLOCK. Returns undefined, or
   * why the VF miniport did not start. One that has started in spite of attributes that were refused
   * is halted.
   */
  async initialize(): Promise<string | undefined> {
    this.#record('vfMiniportInitializeEx', 'MiniportInitializeEx', {});
    const { status, note } = await this.#registration.during(() => this.#callInitialize());
    this.#record('vfMiniportInitializeExReturn', 'MiniportInitializeEx', { status, note });
    if (status !== NDIS_STATUS.NDIS_STATUS_SUCCESS) {
      this.#driverIo.close();
      const failure = `MiniportInitializeEx failed with ${ndisStatusName(status)}`;
      return note === undefined ? failure : `${failure}: ${note}`;
    }
    const { refusal } = this.#registration;
    if (refusal !== undefined) {
      await this.halt('NdisHaltDeviceInitializationFailed');
      return refusal;
    }
    if (!this.#halted && this.#issuesInvalidate) this.#loop.start();
    return undefined;
  }

  /**
   * MiniportHaltEx, once no OID is outstanding; the pended IOCTL is cancelled before. A miniport that
   * throws is reported, and is halted all the same.
   */
  async halt(action: NdisHaltAction): Promise<void> {
    if (this.#halted) return;
    this.#halted = true;
    this.#loop.stop();
    await this.#oids.close();
    this.#record('vfMiniportHaltEx', 'MiniportHaltEx', { note: action });
    try {
      await this.#irql.at(IRQL.PASSIVE_LEVEL, () => this.#miniport.miniportHaltEx?.(action));
    } catch (error) {
      this.#reportThrow('MiniportHaltEx', error);
    }
    this.#driverIo.close();
  }

  /** What the miniport has not completed, or else not returned from. */
  get hanging(): string {
    const held = this.#oids.held;
    const name = this.#halted ? 'MiniportHaltEx' : 'MiniportInitializeEx';
    return held === undefined
      ? `${name} has not returned`
      : `${oidName(held.oid)} is not completed`;
  }

  /**
   * Issues an OID request to the VF's adapter, as an overlying driver would; `complete` is called
   * once, perhaps before this returns.
   */
  oidRequest(
    parameters: OidRequestParameters,
    complete: (status: NdisStatus, request: NdisOidRequest) => void,
  ): void {
    this.#oids.issue(parameters, complete);
  }

  async #callInitialize(): Promise<{ readonly status: NdisStatus; readonly note?: string }> {
    const status = NDIS_STATUS.NDIS_STATUS_FAILURE;
    try {
      const answer: unknown = await this.#irql.at(IRQL.PASSIVE_LEVEL, () =>
        this.#miniport.miniportInitializeEx?.(this.#handle),
      );
      if (answer === undefined) return { status: NDIS_STATUS.NDIS_STATUS_SUCCESS };
      if (isNdisStatus(answer)) return { status: answer >>> 0 };
      return { status, note: `it answered ${messageOf(answer)}, which is no NDIS_STATUS` };
    } catch (error) {
      this.#reportThrow('MiniportInitializeEx', error);
      return { status, note: messageOf(error) };
    }
  }

  #reportThrow(what: string, error: unknown): void {
    this.#log.error(what, { stack: stackOf(error) }, `${what} threw: ${messageOf(error)}`);
  }

  #violated(violation: IoViolation): void {
    this.#broke(breachOf(violation));
  }

  #broke(breach: ContractBreach): void {
    const { name: device, observer } = this.#options;
    this.#log.error(breach.id, { device, stack: breach.stack }, breach.what);
    this.#record('vfContractViolated', breach.name, { note: breach.what });
    observer?.broke(breach);
  }

  #adapter(): VfAdapter {
    const { name, configuration, clock, log, busStatistics } = this.#options;
    const driverIo = this.#driverIo;
    const blocks = new ConfigBlockCalls({
      trace: this.#trace,
      identity: this.#identity,
      mayCall: (functionName) => this.#mayCall(functionName),
      send: (irp, blockId, length) => this.#send(irp, blockId, length),
    });
    const busData = new BusDataCalls(this.#options);
    return {
      name,
      configuration,
      clock: dispatchClock(clock, this.#irql),
      log,
      busStatistics,
      ...kernelServices(
        this.#irql,
        (error) => this.#reportThrow('a work item', error),
        (length) =>
          this.#record('vfAllocateMemory', 'NdisAllocateMemoryWithTagPriority', { length }),
      ),
      ...this.#registration.services,
      ndisMReadConfigBlock: blocks.read.bind(blocks),
      ndisMWriteConfigBlock: blocks.write.bind(blocks),
      ndisMGetBusData: busData.get.bind(busData),
      ndisMSetBusData: busData.set.bind(busData),
      ndisMOidRequestComplete: (request, status) => this.#oids.complete(request, status),
      ndisMGetDeviceProperty: () => driverIo.ndisMGetDeviceProperty(),
      get wdm() {
        return driverIo.wdm;
      },
    };
  }

  /** Above a virtual bus driver a miniport must not call NDIS for blocks; one that does is refused. */
  #mayCall(name: string): boolean {
    if (this.#isAboveVbd) this.#violated({ rule: 'ndis.above-a-vbd', name });
    return !this.#isAboveVbd;
  }

  #send(irp: Irp, blockId?: BlockId, length?: number): void {
    if (this.#trace.enabled) {
      const { cause, stackLocation } = irp;
      const name = ioctlName(stackLocation.ioControlCode);
      this.#record('ioCallDriver', name, { blockId, length, cause });
    }
    this.#device.ioCallDriver(irp);
  }

  #cancel(irp: Irp): void {
    const note = ioctlName(irp.stackLocation.ioControlCode);
    this.#record('ioCancelIrp', 'IoCancelIrp', { note });
    irp.cancel();
  }

  #record(hop: HopName, name: string, entry: Partial<TraceEntry>): number {
    const trace = this.#trace;
    return trace.enabled ? trace.record(vfEntry(hop, name, this.#identity(), entry)) : 0;
  }
}
