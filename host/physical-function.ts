import type { Logger } from 'pino';
import { messageOf } from '#shared/message-of.ts';
import { NDIS_STATUS, type NdisStatus, ndisStatusName } from '#shared/ndis/ndis-status.ts';
import type { CompletedOid, OidRequestParameters } from '#shared/ndis/oid-request.ts';
import { isAnsweredByNdis } from '#shared/ndis/oids-of-ndis.ts';
import { RecurringLog } from '#shared/recurring-log.ts';
import { stackOf } from '#shared/stack-of.ts';
import type { Clock } from '#shared/time/clock.ts';
import { ContainedClock } from '#shared/time/contained-clock.ts';
import type { Random } from '#shared/time/random.ts';
import type { Trace } from '#shared/trace/trace.ts';
import type { Transport } from '#shared/transport/transport.ts';
import { headline, type VerifierReport } from '#shared/verifier/report.ts';
import type { Verifier } from '#shared/verifier/verifier.ts';
import { type BlockId, type BlockMask, isBlockLength } from '#shared/vpci/config-block.ts';
import { PfNdis } from './ndis/ndis.ts';
import type { PfMiniportFactory, PfVfReport } from './ndis/pf-miniport.ts';
import { SriovDevice } from './pci/sriov-device.ts';
import { stopInTime } from './stop-in-time.ts';
import { watchPf } from './verifier/watch-pf.ts';
import { type PfView, viewOfPf } from './virtualization-stack/pf-view.ts';
import type { Vf, VfView } from './virtualization-stack/vf.ts';
import {
  dataOfRead,
  issued,
  readVfConfigBlock,
  writeVfConfigBlock,
} from './virtualization-stack/vf-oids.ts';
import type { VfState } from './virtualization-stack/vf-state.ts';
import { type VfOffer, VirtualizationStack } from './virtualization-stack/virtualization-stack.ts';

/** How long `stop` may take: longer than a teardown in which each OID request runs out of time. */
const STOP_TIMEOUT_MS = 60_000;

export interface PhysicalFunctionOptions {
  /** What guests and operators know the PF by; 1 to 63 letters, digits, dots, hyphens, underscores. */
  readonly name: string;
  readonly pfMiniport: PfMiniportFactory;
  /** What the settings call the miniport, for operators. */
  readonly driver?: string | undefined;
  /** The settings of the PF's adapter, by keyword. */
  readonly configuration: ReadonlyMap<string, string>;
  /** The PCI segment that the device of the PF has to itself. */
  readonly segment: number;
  /** NumVFs: how many VFs may be allocated at once. */
  readonly numVfs: number;
  /** The next number of a VF instance; no two VFs of a management OS have the same. */
  readonly nextGeneration: () => number;
  /** The VPCI protocol versions that are accepted, newest first. */
  readonly versions: readonly number[];
  /** Seconds that the PF miniport may hold an OID request; 0 for ever. */
  readonly oidTimeout: number;
  /** How long a guest may take to halt a VF after an EJECT. */
  readonly ejectTimeoutMs: number;
  /** How long `stop` may take, in milliseconds; 60,000 by default. A miniport that hangs is left behind. */
  readonly stopTimeoutMs?: number | undefined;
  /** Whether OID_SRIOV_RESET_VF keeps the mask that waits for the VF, or drops it. */
  readonly maskOnReset: 'keep' | 'drop';
  /** `2018`: a WRITE_BLOCK without four bytes beyond its data is refused, as by hosts of that year. */
  readonly writeSizeQuirk: 'none' | '2018';
  readonly clock: Clock;
  readonly random: Random;
  readonly trace: Trace;
  readonly log: Logger;
  /** Watches the PF miniport; nothing does without it. */
  readonly verifier?: Verifier | undefined;
  /** The verifier has stopped the PF: its VFs are gone by surprise. */
  readonly onStopped?: ((report: VerifierReport) => void) | undefined;
  readonly onState?: (vf: VfView, state: VfState, pf: string) => void;
}

/**
 * One PF of a management OS: its miniport, its NDIS, and the virtualization stack on its NIC switch.
 * Nothing that a VF can see or change is shared with another PF.
 */
export class PhysicalFunction {
  readonly #options: PhysicalFunctionOptions;
  readonly #ndis: PfNdis;
  readonly #stack: VirtualizationStack;
  readonly #log: RecurringLog;
  /** The time of the miniport, and of NDIS where that waits for the miniport. */
  readonly #clock: ContainedClock;
  #started = false;
  #starting: Promise<string | undefined> | undefined;
  #stopping: Promise<string | undefined> | undefined;

  /** Creates the PF miniport, whose factory may throw. */
  constructor(options: PhysicalFunctionOptions) {
    this.#options = options;
    const { name, onState, verifier, pfMiniport: factory } = options;
    this.#log = new RecurringLog(options.log, options.clock);
    const clock = new ContainedClock(options.clock, (error) => this.#timerThrew(error));
    this.#clock = clock;
    const stop = (report: VerifierReport): void => this.#stopFor(report);
    const watched = verifier && watchPf({ verifier, factory, name, clock, stop });
    this.#ndis = new PfNdis({
      ...options,
      miniport: watched?.factory ?? factory,
      observer: watched?.observer,
      device: new SriovDevice(options.segment),
      clock,
    });
    this.#stack = new VirtualizationStack({
      ...options,
      ndis: this.#ndis,
      onState: (vf, state) => onState?.(vf, state, name),
    });
  }

  /** Initializes the PF and creates the NIC switch. Returns undefined, or why it did not start. */
  start(): Promise<string | undefined> {
    this.#starting ??= this.#startOnce();
    return this.#starting;
  }

  /**
   * Ejects and frees every VF, deletes the NIC switch and halts the PF; after the start, when it is
   * called meanwhile. What never started has nothing to stop. Resolves with undefined, or, when the
   * miniport hangs and was left behind, with what it has not returned from, for people.
   */
  async stop(): Promise<string | undefined> {
    if (this.#starting === undefined) return undefined;
    this.#stopping ??= this.#stopOnce(this.#starting);
    return await this.#stopping;
  }

  /** Whether the PF is initialized and VFs can be attached. */
  get started(): boolean {
    return this.#started;
  }

  get name(): string {
    return this.#options.name;
  }

  get driver(): string | undefined {
    return this.#options.driver;
  }

  /** How many VFs may be allocated at once: none while SR-IOV is not enabled. */
  get numVfs(): number {
    return this.#ndis.sriovDisabled === undefined ? this.#options.numVfs : 0;
  }

  /** What NDIS tells of the PF, without asking the PF miniport. */
  view(): Promise<PfView> {
    return viewOfPf(this.#ndis, this.name);
  }

  /**
   * Issues an OID request that NDIS answers itself, as an overlying driver would; undefined for any
   * other, which is the virtualization stack's to issue.
   */
  async oidRequest(parameters: OidRequestParameters): Promise<CompletedOid | undefined> {
    return isAnsweredByNdis(parameters) ? await issued(this.#ndis, parameters) : undefined;
  }

  /** Attaches a channel that a guest opened: allocates a VF for it, or closes it with the reason. */
  attach(transport: Transport, offer: VfOffer): Promise<void> {
    return this.#stack.attach(transport, offer);
  }

  /** Every allocated VF, by VFId. */
  get vfs(): readonly VfView[] {
    return this.#stack.vfs.map((vf) => vf.view);
  }

  /** One VF, with what the PF miniport reports of it; undefined when it is not allocated. */
  vf(vfId: number): (VfView & { readonly report: PfVfReport | undefined }) | undefined {
    const vf = this.#stack.vf(vfId);
    return vf && { ...vf.view, report: this.#ndis.reportVf(vfId) };
  }

  /** OID_SRIOV_RESET_VF, as an operator; undefined when the VF is not allocated, or is being freed. */
  async resetVf(vfId: number): Promise<NdisStatus | undefined> {
    const vf = this.#inUse(vfId);
    if (vf === undefined) return undefined;
    return await new Promise((resolve) => vf.reset(0, resolve));
  }

  /** Asks the guest for the VF, and takes it by surprise when that takes too long. */
  ejectVf(vfId: number): boolean {
    const vf = this.#stack.vf(vfId);
    vf?.eject();
    return vf !== undefined;
  }

  /** NdisMInvalidateConfigBlock, as an operator in the PF's name; an unknown VFId is ignored. */
  invalidate(vfId: number, mask: BlockMask): void {
    this.#ndis.ndisMInvalidateConfigBlock(vfId, mask, 'by an operator');
  }

  /**
   * OID_SRIOV_READ_VF_CONFIG_BLOCK, as an operator; undefined when the VF is not allocated, or is
   * being freed. `length` is 1 to 128.
   */
  async readBlock(
    vfId: number,
    blockId: BlockId,
    length: number,
  ): Promise<{ readonly status: NdisStatus; readonly data: Uint8Array } | undefined> {
    const vf = this.#inUse(vfId);
    if (vf === undefined) return undefined;
    const none = new Uint8Array(0);
    if (!isBlockLength(length)) {
      return { status: NDIS_STATUS.NDIS_STATUS_INVALID_PARAMETER, data: none };
    }
    const parameters = readVfConfigBlock(vfId, blockId, length, vf.origin, 0);
    const { status, request } = await issued(this.#ndis, parameters);
    if (status !== NDIS_STATUS.NDIS_STATUS_SUCCESS) return { status, data: none };
    const data = dataOfRead(request);
    return data === undefined
      ? { status: NDIS_STATUS.NDIS_STATUS_FAILURE, data: none }
      : { status, data };
  }

  /**
   * OID_SRIOV_WRITE_VF_CONFIG_BLOCK, as an operator; undefined when the VF is not allocated, or is
   * being freed.
   */
  async writeBlock(
    vfId: number,
    blockId: BlockId,
    data: Uint8Array,
  ): Promise<NdisStatus | undefined> {
    const vf = this.#inUse(vfId);
    if (vf === undefined) return undefined;
    if (!isBlockLength(data.byteLength)) return NDIS_STATUS.NDIS_STATUS_INVALID_PARAMETER;
    const parameters = writeVfConfigBlock(vfId, blockId, data, vf.origin, 0);
    return (await issued(this.#ndis, parameters)).status;
  }

  /** The VF that an operator means. Of one that is being freed, the PF would be asked after it is. */
  #inUse(vfId: number): Vf | undefined {
    const vf = this.#stack.vf(vfId);
    return vf?.state === 'releasing' ? undefined : vf;
  }

  /** The VFs are removed by surprise, and the PF is halted; it takes no other VF. */
  #stopFor(report: VerifierReport): void {
    // A breach in the factory comes before the start, which it prevents.
    this.#starting ??= Promise.resolve(headline(report));
    this.#stack.abandon();
    void this.stop();
    this.#options.onStopped?.(report);
  }

  async #startOnce(): Promise<string | undefined> {
    const failure = await this.#ndis.initialize();
    if (failure !== undefined) return `the PF miniport did not initialize: ${failure}`;
    const status = await this.#stack.start();
    if (status !== NDIS_STATUS.NDIS_STATUS_SUCCESS) {
      await this.#ndis.halt();
      return `the PF miniport refused OID_NIC_SWITCH_CREATE_SWITCH: ${ndisStatusName(status)}`;
    }
    const { sriovDisabled } = this.#ndis;
    if (sriovDisabled !== undefined) {
      this.#options.log.warn(`guests get no VF, SR-IOV is not enabled on the PF: ${sriovDisabled}`);
    }
    this.#started = true;
    return undefined;
  }

  #stopOnce(started: Promise<string | undefined>): Promise<string | undefined> {
    const { clock, stopTimeoutMs = STOP_TIMEOUT_MS } = this.#options;
    return stopInTime(clock, stopTimeoutMs, {
      inOrder: () => this.#stopInOrder(started),
      cutGuests: () => this.#stack.abandon(),
      abortRequests: () => this.#ndis.abandon(),
      leaveBehind: () => this.#leaveBehind(),
    });
  }

  async #stopInOrder(started: Promise<string | undefined>): Promise<void> {
    if (!this.#started && (await started) !== undefined) return;
    this.#started = false;
    await this.#stack.stop();
    await this.#ndis.halt();
  }

  /** Time stands still for the miniport, so that nothing of it is waited for, nor keeps a process. */
  #leaveBehind(): string {
    const what = `PF ${this.name} is left behind: ${this.#ndis.leaveBehind()}`;
    this.#log.error('left behind', {}, what);
    this.#clock.stop();
    return what;
  }

  #timerThrew(error: unknown): void {
    const what = `a timer of the PF miniport threw: ${messageOf(error)}`;
    this.#log.error('timer', { stack: stackOf(error) }, what);
  }
}
