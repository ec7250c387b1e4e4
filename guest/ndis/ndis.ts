import type { Logger } from 'pino';
import { messageOf } from '#shared/message-of.ts';
import {
  isNdisStatus,
  NDIS_STATUS,
  type NdisStatus,
  ndisStatusName,
} from '#shared/ndis/ndis-status.ts';
import { OID } from '#shared/ndis/oid.ts';
import type { OidQueue } from '#shared/ndis/oid-queue.ts';
import { methodRequest, type NdisOidRequest } from '#shared/ndis/oid-request.ts';
import { dispatchClock } from '#shared/nt/dispatch-clock.ts';
import { CurrentIrql, IRQL } from '#shared/nt/irql.ts';
import { kernelServices } from '#shared/nt/kernel-services.ts';
import { NTSTATUS } from '#shared/nt/ntstatus.ts';
import { stackOf } from '#shared/stack-of.ts';
import type { Clock } from '#shared/time/clock.ts';
import type { HopName } from '#shared/trace/hops.ts';
import type { Trace, TraceEntry } from '#shared/trace/trace.ts';
import { hexOf } from '#shared/trace/trace-data.ts';
import type { VfIdentity } from '#shared/trace/vf-identity.ts';
import { type BlockId, type BlockMask, isBlockId } from '#shared/vpci/config-block.ts';
import type { LowerDevice } from '../io/device-object.ts';
import { describeIoViolation, type IoViolation, stackOfIoViolation } from '../io/io-violation.ts';
import { ioctlName } from '../io/ioctl.ts';
import type { Irp } from '../io/irp.ts';
import { newReadBlockIrp, newWriteBlockIrp } from './config-block-irp.ts';
import { newInvalidateInfo } from './invalidate-info.ts';
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
import { newVfOidQueue } from './vf-oid-queue.ts';

export interface VfNdisOptions {
  readonly name: string;
  readonly miniport: VfMiniportFactory;
  /** What is behind the physical device object of the VF. */
  readonly device: LowerDevice;
  readonly configuration: ReadonlyMap<string, string>;
  readonly clock: Clock;
  readonly trace: Trace;
  readonly log: Logger;
  /** Seconds that the VF miniport may hold an OID request; 0 for ever. */
  readonly oidTimeout: number;
  readonly identity: () => VfIdentity;
  readonly busStatistics: () => BusStatistics;
}

/** NDIS of the guest OS, for one VF miniport. */
export class VfNdis {
  readonly #options: VfNdisOptions;
  readonly #device: LowerDevice;
  readonly #trace: Trace;
  readonly #identity: () => VfIdentity;
  readonly #irql = new CurrentIrql();
  readonly #loop: InvalidationLoop;
  readonly #driverIo: VfDriverIo;
  readonly #miniport: VfMiniport;
  readonly #oids: OidQueue;
  #issuesInvalidate = true;
  #isAboveVbd = false;
  #requestId = 0;
  #halted = false;

  /** Creates the miniport, whose factory may throw. */
  constructor(options: VfNdisOptions) {
    this.#options = options;
    this.#device = options.device;
    this.#trace = options.trace;
    this.#identity = options.identity;
    this.#driverIo = new VfDriverIo({
      ...options,
      irql: this.#irql,
      record: (hop, name, entry) => this.#record(hop, name, entry),
      violated: (violation) => this.#violated(violation),
      ndisIssuesInvalidate: () => this.#issuesInvalidate,
    });
    this.#miniport = options.miniport(this.#adapter());
    this.#issuesInvalidate = ndisIssuesInvalidate(this.#miniport.ndisVersion);
    this.#isAboveVbd = this.#miniport.isAboveVirtualBusDriver === true;
    this.#oids = newVfOidQueue({ ...options, miniport: this.#miniport, irql: this.#irql });
    this.#loop = new InvalidationLoop({
      send: (irp) => this.#send(irp),
      cancel: (irp) => this.#cancel(irp),
      notify: (mask, cause, done) => this.#notify(mask, cause, done),
    });
  }

  /**
   * MiniportInitializeEx, and after it the first IOCTL_VPCI_INVALIDATE_BLOCK. Returns undefined, or
   * why the VF miniport did not start.
   */
  async initialize(): Promise<string | undefined> {
    this.#record('vfMiniportInitializeEx', 'MiniportInitializeEx', {});
    const { status, note } = await this.#callInitialize();
    this.#record('vfMiniportInitializeExReturn', 'MiniportInitializeEx', { status, note });
    if (status !== NDIS_STATUS.NDIS_STATUS_SUCCESS) {
      this.#driverIo.close();
      const failure = `MiniportInitializeEx failed with ${ndisStatusName(status)}`;
      return note === undefined ? failure : `${failure}: ${note}`;
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

  async #callInitialize(): Promise<{ readonly status: NdisStatus; readonly note?: string }> {
    const status = NDIS_STATUS.NDIS_STATUS_FAILURE;
    try {
      const answer: unknown = await this.#irql.at(IRQL.PASSIVE_LEVEL, () =>
        this.#miniport.miniportInitializeEx?.(),
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
    this.#options.log.error({ stack: stackOf(error) }, `${what} threw: ${messageOf(error)}`);
  }

  #violated(violation: IoViolation): void {
    const note = describeIoViolation(violation);
    const stack = stackOfIoViolation(violation);
    this.#options.log.error({ device: this.#options.name, stack }, note);
    this.#record('vfContractViolated', violation.name, { note });
  }

  #adapter(): VfAdapter {
    const { name, configuration, clock, log, busStatistics } = this.#options;
    return {
      name,
      configuration,
      clock: dispatchClock(clock, this.#irql),
      log,
      busStatistics,
      ...kernelServices(this.#irql, (error) => this.#reportThrow('a work item', error)),
      ndisMReadConfigBlock: this.#read.bind(this),
      ndisMWriteConfigBlock: this.#write.bind(this),
      ndisMOidRequestComplete: (request, status) =>
        this.#oids.ndisMOidRequestComplete(request, status),
      ndisMGetDeviceProperty: () => this.#driverIo.ndisMGetDeviceProperty(),
      wdm: this.#driverIo.wdm,
    };
  }

  #read(blockId: BlockId, buffer: Uint8Array, length: number): Promise<NdisStatus> {
    const name = 'NdisMReadConfigBlock';
    const cause = this.#trace.enabled
      ? this.#record('ndisMReadConfigBlock', name, { blockId, length })
      : 0;
    return new Promise((resolve) => {
      const returned = this.#returning('ndisMReadConfigBlockReturn', name, blockId, resolve);
      if (!this.#mayCall(name) || !isBlockId(blockId) || !fits(length, buffer)) returned(undefined);
      else this.#send(newReadBlockIrp(blockId, buffer, length, returned, cause), blockId, length);
    });
  }

  #write(blockId: BlockId, buffer: Uint8Array, length: number): Promise<NdisStatus> {
    const name = 'NdisMWriteConfigBlock';
    const cause = this.#trace.enabled
      ? this.#record('ndisMWriteConfigBlock', name, {
          blockId,
          length,
          data: this.#trace.keepsData ? hexOf(buffer.subarray(0, length)) : undefined,
        })
      : 0;
    return new Promise((resolve) => {
      const returned = this.#returning('ndisMWriteConfigBlockReturn', name, blockId, resolve);
      if (!this.#mayCall(name) || !isBlockId(blockId) || !fits(length, buffer)) returned(undefined);
      else {
        const data = buffer.subarray(0, length);
        this.#send(newWriteBlockIrp(blockId, data, returned, cause), blockId, length);
      }
    });
  }

  /** Above a virtual bus driver a miniport must not call NDIS for blocks; one that does is refused. */
  #mayCall(name: string): boolean {
    if (this.#isAboveVbd) this.#violated({ rule: 'ndis.above-a-vbd', name });
    return !this.#isAboveVbd;
  }

  /**
   * The return of NdisMReadConfigBlock or NdisMWriteConfigBlock. The documents list two values for
   * it, so every cause of failure becomes NDIS_STATUS_FAILURE; the trace keeps the cause.
   */
  #returning(
    hop: HopName,
    name: string,
    blockId: BlockId,
    resolve: (status: NdisStatus) => void,
  ): (irp: Irp | undefined) => void {
    return (irp) => {
      const status =
        irp?.ioStatus.status === NTSTATUS.STATUS_SUCCESS
          ? NDIS_STATUS.NDIS_STATUS_SUCCESS
          : NDIS_STATUS.NDIS_STATUS_FAILURE;
      if (this.#trace.enabled) {
        const length = irp?.ioStatus.information ?? 0;
        const isRead = this.#trace.keepsData && length > 0;
        const data = isRead ? hexOf(irp?.userBuffer?.subarray(0, length)) : undefined;
        this.#record(hop, name, { blockId, length, data, status, cause: irp?.completionCause });
      }
      resolve(status);
    };
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

  #notify(mask: BlockMask, cause: number, done: () => void): void {
    const { oidTimeout } = this.#options;
    const oid = OID.OID_SRIOV_VF_INVALIDATE_CONFIG_BLOCK;
    const request: NdisOidRequest = {
      ...methodRequest(oid, newInvalidateInfo(mask)),
      requestId: ++this.#requestId,
      timeout: oidTimeout,
      bytesWritten: 0,
      bytesRead: 0,
      bytesNeeded: 0,
      supportedRevision: 0,
      cause,
      origin: undefined,
    };
    // Nothing is sent back to the PF whatever the miniport answers: the path has no return.
    this.#oids.issue(request, done);
  }

  #record(hop: HopName, name: string, entry: Partial<TraceEntry>): number {
    const trace = this.#trace;
    return trace.enabled ? trace.record({ hop, name, ...this.#identity(), ...entry }) : 0;
  }
}

/** Whether `length` is a ULONG that the buffer holds; of its range the VPCI driver judges. */
function fits(length: number, buffer: Uint8Array): boolean {
  return Number.isInteger(length) && length >= 0 && length <= buffer.byteLength;
}
