import type { CompletedOid, OidRequestParameters } from '#shared/ndis/oid-request.ts';
import { canEnter } from '#shared/state-table.ts';
import type { ContainedClock } from '#shared/time/contained-clock.ts';
import { CLOSE_CODES } from '#shared/transport/close-codes.ts';
import type { CloseDetails } from '#shared/transport/transport.ts';
import { headline, type VerifierReport } from '#shared/verifier/report.ts';
import type { Verifier } from '#shared/verifier/verifier.ts';
import type { BusDevice } from '#shared/wire/bus.ts';
import { Abandonment, NOT_STOPPED } from './abandonment.ts';
import type { LowerDevice } from './io/device-object.ts';
import { issueOid } from './issue-oid.ts';
import type { VfNdis } from './ndis/ndis.ts';
import type { NdisHaltAction, VfMiniportFactory } from './ndis/vf-miniport.ts';
import { miniportClock, startMiniport } from './start-miniport.ts';
import type { LifeEnd, VfLife, VfLifeOptions } from './vf-life.ts';
import { VF_PHASES, type VfPhase } from './vf-phase.ts';
import { describeFunction } from './vpci/describe-function.ts';
import { VpciBus } from './vpci/vpci-bus.ts';

export interface VirtualFunctionOptions extends VfLifeOptions {
  readonly miniport: VfMiniportFactory;
  /** Puts something between NDIS and the VPCI driver, as a filter driver would be: tests do. */
  readonly interpose?: ((device: LowerDevice) => LowerDevice) | undefined;
  /** Watches the VF miniport; nothing does without it. */
  readonly verifier?: Verifier | undefined;
}

/**
 * One life of a VF in a Windows guest:
 *
 * 1. the bus finds the VF and enters D0, and the VF with it,
 * 2. NDIS initializes the VF miniport and issues the first IOCTL_VPCI_INVALIDATE_BLOCK,
 * 3. the VF runs until the host ejects it, the guest stops it, or the channel is lost,
 * 4. NDIS halts the miniport; unless the channel is lost, that comes before the bus leaves D0.
 *
 * While the guest sleeps, miniport, IOCTL and channel stay, and the bus is out of D0. Nothing runs in
 * a guest that sleeps: it answers EJECT when it wakes.
 */
export class VirtualFunction implements VfLife {
  readonly #options: VirtualFunctionOptions;
  readonly #bus: VpciBus;
  readonly #ended: Promise<CloseDetails>;
  #resolveEnded: (details: CloseDetails) => void = () => {};
  readonly #abandonment: Abandonment;
  readonly #clock: ContainedClock;
  #ndis: VfNdis | undefined;
  #phase: VfPhase = 'handshake';
  #leaveRequest: 'stop' | 'eject' | undefined;
  #sleepRequested = false;
  #didNotWake = false;
  #gone = false;
  /** All that has been begun, one thing after the other. */
  #work: Promise<void> = Promise.resolve();

  constructor(options: VirtualFunctionOptions) {
    this.#options = options;
    this.#ended = new Promise((resolve) => {
      this.#resolveEnded = resolve;
    });
    const { clock, log } = options;
    this.#clock = miniportClock(clock, log);
    this.#abandonment = new Abandonment({ clock, log, leaveBehind: () => this.#leaveBehind() });
    this.#bus = new VpciBus({
      ...options,
      onEject: () => this.#ejected(),
      onGone: (details) => {
        this.#gone = true;
        this.#resolveEnded(details);
      },
    });
  }

  /**
   * Lives the whole life; resolves, when the miniport has been halted, with what ended it. A miniport
   * that does not return is left behind once the VF is abandoned.
   */
  run(): Promise<LifeEnd> {
    return this.#abandonment.orEndOf(this.#live());
  }

  /** Halts the VF, takes the bus out of D0 and closes the channel; `run` resolves after it. */
  stop(): void {
    this.#leaveRequest = 'stop';
    this.#proceed();
  }

  async suspend(): Promise<void> {
    this.#sleepRequested = true;
    this.#proceed();
    await this.#work;
  }

  async resume(): Promise<void> {
    this.#sleepRequested = false;
    this.#proceed();
    await this.#work;
  }

  /** Closes the channel whatever the miniport is doing: the VF is removed by surprise. */
  abandon(): void {
    this.#cut(NOT_STOPPED);
  }

  oidRequest(parameters: OidRequestParameters): Promise<CompletedOid | undefined> {
    return issueOid(this.#ndis, parameters);
  }

  #cut(details: CloseDetails): void {
    this.#bus.close({ code: details.code, meaning: details.reason });
    this.#abandonment.begin(details);
  }

  #leaveBehind(): string {
    this.#clock.stop();
    return this.#ndis?.hanging ?? 'MiniportInitializeEx has not returned';
  }

  async #live(): Promise<CloseDetails> {
    this.#options.onPhase(this.#phase);
    this.#work = this.#bringUp().then(() => this.#doWhatIsWanted());
    const details = await this.#ended;
    await this.#work;
    await this.#halt(this.#didNotWake ? 'NdisHaltDeviceFailed' : 'NdisHaltDeviceSurpriseRemoved');
    this.#enter('gone');
    return details;
  }

  async #bringUp(): Promise<void> {
    const device = await this.#bus.start();
    if (device === undefined) return;
    this.#options.log.debug(describeFunction(device, this.#bus.probedBars), 'device found');
    this.#enter('initializing');
    const failure = await this.#initialize(device);
    if (failure !== undefined) await this.#giveUp(failure);
    if (this.#gone) return;
    if (this.#leaveRequest === undefined) this.#enter('running');
    else await this.#leave(this.#leaveRequest);
  }

  /** Why the VF miniport could not be started; undefined when it was. */
  async #initialize(found: BusDevice): Promise<string | undefined> {
    const started = await startMiniport({
      ...this.#options,
      name: this.#options.device,
      clock: this.#clock,
      device: this.#bus.driver,
      busInterface: this.#bus.configWindow,
      identity: () => this.#bus.identity,
      serialNumber: found.serialNumber,
      busStatistics: () => this.#bus.counters,
      stop: this.#stopFor,
    });
    if (typeof started === 'string') return started;
    this.#ndis = started;
    return undefined;
  }

  readonly #stopFor = (report: VerifierReport): void => {
    const { code } = CLOSE_CODES.verifierStopped;
    this.#cut({ code, reason: headline(report) });
  };

  async #giveUp(reason: string): Promise<void> {
    if (this.#gone) return;
    await this.#bus.exitD0();
    this.#bus.close(CLOSE_CODES.initializeFailed, reason);
  }

  /** A host that asks more than once is heard once. */
  #ejected(): void {
    if (this.#leaveRequest !== undefined) return;
    this.#leaveRequest = 'eject';
    this.#proceed();
  }

  /** Does what is wanted of the VF, once what was begun before is done. */
  #proceed(): void {
    this.#work = this.#work.then(() => this.#doWhatIsWanted());
  }

  async #doWhatIsWanted(): Promise<void> {
    for (let step = this.#nextStep(); step !== undefined; step = this.#nextStep()) await step();
  }

  #nextStep(): (() => Promise<void>) | undefined {
    const leaving = this.#leaveRequest;
    if (this.#gone) return undefined;
    if (this.#phase === 'running') {
      if (leaving !== undefined) return () => this.#leave(leaving);
      return this.#sleepRequested ? () => this.#fallAsleep() : undefined;
    }
    if (this.#phase !== 'suspended') return undefined;
    if (leaving === 'stop') return () => this.#turnOff();
    return this.#sleepRequested ? undefined : () => this.#wakeUp();
  }

  /** After EJECT_COMPLETE the host closes the channel; after a stop the guest does. */
  async #leave(how: 'stop' | 'eject'): Promise<void> {
    this.#enter('halting');
    await this.#halt('NdisHaltDeviceDisabled');
    if (this.#gone) return;
    if (how === 'eject') {
      this.#bus.completeEject();
    } else {
      await this.#bus.exitD0();
      this.#bus.close(CLOSE_CODES.normal);
    }
  }

  /** A guest that is stopped while it sleeps is not woken for it: its device stays out of D0. */
  async #turnOff(): Promise<void> {
    this.#enter('halting');
    await this.#halt('NdisHaltDevicePoweredDown');
    this.#bus.close(CLOSE_CODES.normal);
  }

  async #fallAsleep(): Promise<void> {
    this.#enter('suspending');
    await this.#ndis?.power.suspend();
    await this.#bus.exitD0();
    if (!this.#gone) this.#enter('suspended');
  }

  async #wakeUp(): Promise<void> {
    this.#enter('resuming');
    this.#didNotWake = !(await this.#bus.enterD0());
    if (this.#didNotWake) return;
    await this.#ndis?.power.resume();
    if (!this.#gone) this.#enter('running');
  }

  async #halt(action: NdisHaltAction): Promise<void> {
    await this.#ndis?.halt(action);
  }

  #enter(phase: VfPhase): void {
    if (!canEnter(VF_PHASES, this.#phase, phase)) return;
    this.#phase = phase;
    this.#options.onPhase(phase);
  }
}
