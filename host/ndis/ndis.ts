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
import type { OidQueue } from '#shared/ndis/oid-queue.ts';
import type { NdisOidRequest, OidRequestParameters } from '#shared/ndis/oid-request.ts';
import { dispatchClock } from '#shared/nt/dispatch-clock.ts';
import { CurrentIrql, IRQL } from '#shared/nt/irql.ts';
import { kernelServices } from '#shared/nt/kernel-services.ts';
import { RecurringLog } from '#shared/recurring-log.ts';
import { stackOf } from '#shared/stack-of.ts';
import type { Clock } from '#shared/time/clock.ts';
import type { Random } from '#shared/time/random.ts';
import type { HopName } from '#shared/trace/hops.ts';
import type { Trace, TraceEntry } from '#shared/trace/trace.ts';
import { type BlockMask, blockMask, maskHex } from '#shared/vpci/config-block.ts';
import type { SriovDevice } from '../pci/sriov-device.ts';
import { NDIS_INVALID_VF_FUNCTION_ID } from './function-id.ts';
import { recordOid } from './oid-trace.ts';
import { newLuid } from './pf-luid-info.ts';
import type { PfAdapter, PfMiniport, PfMiniportFactory, PfVfReport } from './pf-miniport.ts';
import { newPfOidQueue } from './pf-oid-queue.ts';
import { virtualFunctionsOf } from './pf-virtual-functions.ts';

export interface PfNdisOptions {
  readonly name: string;
  readonly miniport: PfMiniportFactory;
  /** The NIC whose PF the miniport drives. */
  readonly device: SriovDevice;
  readonly configuration: ReadonlyMap<string, string>;
  readonly clock: Clock;
  readonly random: Random;
  readonly trace: Trace;
  readonly log: Logger;
  /** Seconds that the PF miniport may hold an OID request; 0 for ever. */
  readonly oidTimeout: number;
  readonly observer?: ContractObserver | undefined;
}

/** How NDIS tells the virtualization stack that blocks of a VF have changed. */
export type InvalidateSignal = (vfId: number, mask: BlockMask, cause: number) => void;

/** NDIS of the management OS, for one PF miniport. */
export class PfNdis {
  readonly #options: PfNdisOptions;
  readonly #log: RecurringLog;
  readonly #irql = new CurrentIrql();
  readonly #registration: MiniportRegistration;
  readonly #handle: PfAdapter;
  readonly #miniport: PfMiniport;
  readonly #oids: OidQueue;
  #signal: InvalidateSignal = () => {};
  #requestId = 0;
  #calling: string | undefined;
  #halting: Promise<void> | undefined;
  #halted = false;

  /** Creates the miniport, whose factory may throw. The PF's LUID is there before it is initialized. */
  constructor(options: PfNdisOptions) {
    this.#options = options;
    this.#log = new RecurringLog(options.log, options.clock);
    this.#registration = new MiniportRegistration('NdisHypervisorPartitionTypeMsHvParent', (why) =>
      this.#broke(refusedAttributes(why)),
    );
    this.#handle = this.#adapter();
    this.#miniport = options.miniport(this.#handle);
    this.#oids = newPfOidQueue(this.#miniport, this.#irql, {
      ...options,
      log: this.#log,
      luid: newLuid(options.random),
      registration: this.#registration,
    });
  }

  /** Sets who is signalled on an invalidation: the virtualization stack, before anything runs. */
  onInvalidate(signal: InvalidateSignal): void {
    this.#signal = signal;
  }

  /** OID requests that the miniport holds or that wait for it. */
  get outstanding(): number {
    return this.#oids.outstanding;
  }

  /**
   * MiniportInitializeEx. Returns undefined, or why the PF miniport did not start. One that has
   * started in spite of attributes that were refused is halted.
   */
  async initialize(): Promise<string | undefined> {
    this.#record('pfMiniportInitializeEx', 'MiniportInitializeEx', {});
    const failure = await this.#registration.during(() => this.#callInitialize());
    const status =
      failure === undefined ? NDIS_STATUS.NDIS_STATUS_SUCCESS : NDIS_STATUS.NDIS_STATUS_FAILURE;
    this.#record('pfMiniportInitializeExReturn', 'MiniportInitializeEx', { status, note: failure });
    const { refusal } = this.#registration;
    if (failure !== undefined || refusal === undefined) return failure;
    await this.halt();
    return refusal;
  }

  /** Why the PF has no NIC switch; undefined when it may have one. */
  get sriovDisabled(): string | undefined {
    return this.#registration.sriovDisabled;
  }

  /** Issues an OID request to the PF miniport; `complete` is called once, perhaps before this returns. */
  oidRequest(
    parameters: OidRequestParameters,
    complete: (status: NdisStatus, request: NdisOidRequest) => void,
  ): void {
    const { trace, oidTimeout } = this.#options;
    const { cause = 0, origin } = parameters;
    const request: NdisOidRequest = {
      requestType: parameters.requestType,
      requestId: ++this.#requestId,
      timeout: oidTimeout,
      oid: parameters.oid,
      informationBuffer: parameters.informationBuffer,
      inputBufferLength: parameters.inputBufferLength,
      outputBufferLength: parameters.outputBufferLength,
      bytesWritten: 0,
      bytesRead: 0,
      bytesNeeded: 0,
      supportedRevision: 0,
      cause: trace.enabled ? recordOid(trace, 'oidRequest', parameters, { cause }) : 0,
      origin,
    };
    this.#oids.issue(request, (status) => {
      if (trace.enabled) {
        recordOid(trace, 'oidRequestComplete', request, { status, cause: request.cause });
      }
      complete(status, request);
    });
  }

  /** Aborts the OID requests that are outstanding, and takes no other. */
  abandon(): void {
    this.#oids.abandon();
  }

  /** Traces that the miniport is left behind, and tells in what, for people. */
  leaveBehind(): string {
    const name = this.#calling ?? 'PF miniport';
    const note = this.#calling === undefined ? 'it has not stopped' : `${name} has not returned`;
    this.#record('pfContractViolated', name, { note: `${note}; it is left behind` });
    return note;
  }

  /** MiniportHaltEx, once no OID is outstanding. What the miniport throws is reported. */
  halt(): Promise<void> {
    this.#halting ??= this.#haltOnce();
    return this.#halting;
  }

  /** What the PF miniport shows of a VF; undefined when it shows nothing. */
  reportVf(vfId: number): PfVfReport | undefined {
    try {
      return this.#miniport.reportVf?.(vfId);
    } catch (error) {
      this.#reportThrow('reportVf', error, { vfId });
      return undefined;
    }
  }

  /**
   * NdisMInvalidateConfigBlock, called by the PF miniport or, in its name, by somebody else: `note`
   * says by whom, for the trace.
   */
  ndisMInvalidateConfigBlock(vfId: number, mask: BlockMask, note?: string): void {
    const bits = blockMask(mask);
    const cause = this.#record('ndisMInvalidateConfigBlock', 'NdisMInvalidateConfigBlock', {
      vfId,
      mask: maskHex(bits),
      note: bits === 0n ? 'a mask of 0 says nothing' : note,
    });
    if (bits === 0n || this.#halted) return;
    if (vfId === NDIS_INVALID_VF_FUNCTION_ID) {
      const why = 'VFId 0xFFFF names the PF or no VF; documents give it no meaning here';
      const entry = { vfId, mask: maskHex(bits), cause, note: why };
      this.#record('blockMaskDropped', 'BlockMask', entry);
      return;
    }
    const signal = this.#record('invalidateSignal', 'BlockMask', {
      vfId,
      mask: maskHex(bits),
      cause,
    });
    this.#signal(vfId, bits, signal);
  }

  async #callInitialize(): Promise<string | undefined> {
    try {
      const answer: unknown = await this.#inCall('MiniportInitializeEx', () =>
        this.#miniport.miniportInitializeEx?.(this.#handle),
      );
      if (answer === undefined || answer === NDIS_STATUS.NDIS_STATUS_SUCCESS) return undefined;
      return isNdisStatus(answer)
        ? `MiniportInitializeEx returned ${ndisStatusName(answer)}`
        : `MiniportInitializeEx answered ${messageOf(answer)}, which is no NDIS_STATUS`;
    } catch (error) {
      this.#reportThrow('MiniportInitializeEx', error);
      return messageOf(error);
    }
  }

  async #haltOnce(): Promise<void> {
    await this.#oids.close();
    this.#halted = true;
    this.#record('pfMiniportHaltEx', 'MiniportHaltEx', {});
    try {
      await this.#inCall('MiniportHaltEx', () => this.#miniport.miniportHaltEx?.());
    } catch (error) {
      this.#reportThrow('MiniportHaltEx', error);
    }
  }

  /** Calls an entry point at PASSIVE_LEVEL, which may take as long as it likes. */
  async #inCall<T>(name: string, call: () => T): Promise<Awaited<T>> {
    this.#calling = name;
    try {
      return await this.#irql.at(IRQL.PASSIVE_LEVEL, call);
    } finally {
      this.#calling = undefined;
    }
  }

  #broke(breach: ContractBreach): void {
    this.#log.error(breach.id, {}, breach.what);
    this.#record('pfContractViolated', breach.name, { note: breach.what });
    this.#options.observer?.broke(breach);
  }

  #reportThrow(what: string, error: unknown, fields: object = {}): void {
    const message = `${what} threw: ${messageOf(error)}`;
    this.#log.error(what, { ...fields, stack: stackOf(error) }, message);
  }

  #adapter(): PfAdapter {
    const { name, configuration, clock, log, device } = this.#options;
    return {
      name,
      configuration,
      clock: dispatchClock(clock, this.#irql),
      log,
      ...kernelServices(
        this.#irql,
        (error) => this.#reportThrow('a work item', error),
        (length) =>
          this.#record('pfAllocateMemory', 'NdisAllocateMemoryWithTagPriority', { length }),
      ),
      ...virtualFunctionsOf(device, (called, entry) => {
        this.#record('pfVirtualFunctionCall', called, entry);
      }),
      ...this.#registration.services,
      ndisMInvalidateConfigBlock: (vfId, mask) => this.ndisMInvalidateConfigBlock(vfId, mask),
      ndisMOidRequestComplete: (request, status) =>
        this.#oids.ndisMOidRequestComplete(request, status),
    };
  }

  #record(hop: HopName, name: string, entry: Partial<TraceEntry>): number {
    const { trace } = this.#options;
    return trace.enabled ? trace.record({ hop, name, ...entry }) : 0;
  }
}
