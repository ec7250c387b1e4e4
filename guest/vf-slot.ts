import type { Logger } from 'pino';
import { messageOf } from '#shared/message-of.ts';
import type { CompletedOid, OidRequestParameters } from '#shared/ndis/oid-request.ts';
import { RecurringLog } from '#shared/recurring-log.ts';
import { canEnter } from '#shared/state-table.ts';
import { type Clock, delay } from '#shared/time/clock.ts';
import type { Random } from '#shared/time/random.ts';
import { CLOSE_CODES, closeCodeName } from '#shared/transport/close-codes.ts';
import type { LifeEnd, NewVfLife, VfLife, VfLifeOptions } from './vf-life.ts';
import { VF_SLOT_PHASES, type VfSlotPhase } from './vf-phase.ts';
import type { Dial, DialResult } from './vmbus/dial.ts';

/** The first pause before a lost or unreachable host is tried again; each further one doubles. */
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 10_000;
/** A VF that ran for less is no reason to be quick: a host may take each away as soon as it runs. */
const RAN_WELL_MS = 10_000;

/** How a slot came to its end. */
export interface SlotEnd {
  readonly how: 'stopped' | 'ejected' | 'failed';
  readonly reason: string;
  /** What the driver has not returned from, when it was left behind because of it, for people. */
  readonly leftBehind?: string;
}

export interface VfSlotOptions extends Omit<VfLifeOptions, 'transport' | 'onPhase'> {
  readonly newLife: NewVfLife;
  readonly dial: Dial;
  /** Whether a host that is unreachable or lost is tried again. */
  readonly retry: boolean;
  readonly random: Random;
  readonly clock: Clock;
  readonly log: Logger;
  readonly onPhase: (phase: VfSlotPhase) => void;
}

/** After these a further try would end the same way, or is not wanted. */
const FINAL_CODES: ReadonlySet<number> = new Set([
  CLOSE_CODES.protocolError.code,
  CLOSE_CODES.binaryFrame.code,
  CLOSE_CODES.malformedFrame.code,
  CLOSE_CODES.frameTooLarge.code,
  CLOSE_CODES.noVfLeft.code,
  CLOSE_CODES.allocationFailed.code,
  CLOSE_CODES.noCommonVersion.code,
  CLOSE_CODES.noSuchDevice.code,
  CLOSE_CODES.initializeFailed.code,
  CLOSE_CODES.noSuchPf.code,
  CLOSE_CODES.powerFailed.code,
  CLOSE_CODES.sriovDisabled.code,
  CLOSE_CODES.verifierStopped.code,
]);

/**
 * The place of one VF in a guest. A channel that is lost is a rescind: the VF is removed, and what
 * comes back after reconnecting is another instance, which reads everything anew.
 */
export class VfSlot {
  readonly #options: VfSlotOptions;
  readonly #log: RecurringLog;
  readonly #stopping = new AbortController();
  #life: { readonly vf: VfLife; readonly ended: Promise<LifeEnd> } | undefined;
  #phase: VfSlotPhase = 'dialing';
  #pause = FIRST_PAUSE_MS;
  #runsSince: number | undefined;
  #isSuspended = false;
  /** The VF was given back because the guest sleeps, and not because of anything else. */
  #gaveVfBack = false;
  #wake: () => void = () => {};

  constructor(options: VfSlotOptions) {
    this.#options = options;
    this.#log = new RecurringLog(options.log, options.clock);
  }

  get device(): string {
    return this.#options.device;
  }

  get phase(): VfSlotPhase {
    return this.#phase;
  }

  /** Runs VF after VF until it is stopped, the host ejects one, or another try makes no sense. */
  async run(): Promise<SlotEnd> {
    let end: SlotEnd | undefined;
    while (end === undefined) end = await this.#once();
    this.#enter('ended');
    this.#report(end);
    return end;
  }

  stop(): void {
    this.#stopping.abort();
    this.#wake();
    this.#life?.vf.stop();
  }

  /**
   * Takes the VF out of D0, and opens no channel until the slot is resumed. A VF that cannot sleep is
   * given back. Resolves when the VF is at rest.
   */
  async suspend(): Promise<void> {
    this.#isSuspended = true;
    if (this.#life === undefined) {
      this.#enter('suspended');
      return;
    }
    const { vf, ended } = this.#life;
    if (vf.suspend === undefined) {
      this.#gaveVfBack = true;
      vf.stop();
    }
    await Promise.race([vf.suspend?.() ?? ended, ended]);
  }

  /** Takes the VF into D0 again, or looks for one; resolves when the VF is at rest. */
  async resume(): Promise<void> {
    this.#isSuspended = false;
    this.#wake();
    if (this.#life === undefined) {
      if (this.#phase === 'suspended') this.#enter('dialing');
      return;
    }
    const { vf, ended } = this.#life;
    await Promise.race([vf.resume?.(), ended]);
  }

  /** Issues an OID request to the VF's adapter; undefined when there is none. */
  async oidRequest(parameters: OidRequestParameters): Promise<CompletedOid | undefined> {
    return await this.#life?.vf.oidRequest?.(parameters);
  }

  /** Cuts the channel of a VF that does not stop. */
  abandon(): void {
    this.#life?.vf.abandon();
  }

  /** One connection; undefined when another try is due. */
  async #once(): Promise<SlotEnd | undefined> {
    if (this.#isSuspended) await this.#awake();
    else if (!this.#stopping.signal.aborted) this.#enter('dialing');
    if (this.#stopping.signal.aborted) return { how: 'stopped', reason: 'the guest stopped' };
    const result = await this.#dial();
    if (result === undefined) return { how: 'stopped', reason: 'the guest stopped' };
    if (this.#isSuspended) {
      closeUnused(result);
      return undefined;
    }
    if ('failure' in result) return await this.#retry(result.failure, result.permanent);
    const vf = this.#options.newLife({
      ...this.#options,
      transport: result.transport,
      onPhase: (phase) => this.#enter(phase),
    });
    const ended = vf.run();
    this.#life = { vf, ended };
    const details = await ended;
    this.#life = undefined;
    this.#judgeLife();
    return await this.#after(details);
  }

  /** Resolves when the guest does not sleep any more, or is stopped. */
  async #awake(): Promise<void> {
    this.#enter('suspended');
    while (this.#isSuspended && !this.#stopping.signal.aborted) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  /** After a VF that ran well the pauses are short again. */
  #judgeLife(): void {
    const since = this.#runsSince;
    this.#runsSince = undefined;
    const ranWell = since !== undefined && this.#options.clock.now() - since >= RAN_WELL_MS;
    if (ranWell) this.#pause = FIRST_PAUSE_MS;
  }

  /** The result of dialing; undefined when the slot was stopped meanwhile. */
  async #dial(): Promise<DialResult | undefined> {
    const { signal } = this.#stopping;
    const dialing = this.#tryDial();
    const result = await unlessAborted(dialing, signal);
    if (!signal.aborted) return result;
    dialing.then(closeUnused, () => {});
    return undefined;
  }

  async #tryDial(): Promise<DialResult> {
    try {
      return await this.#options.dial();
    } catch (error) {
      return { failure: messageOf(error), permanent: false };
    }
  }

  async #after({ code, leftBehind, ...details }: LifeEnd): Promise<SlotEnd | undefined> {
    const reason = `${details.reason} (${closeCodeName(code)})`;
    const left = leftBehind === undefined ? {} : { leftBehind };
    if (this.#stopping.signal.aborted) return { how: 'stopped', reason, ...left };
    if (code === CLOSE_CODES.ejected.code) return { how: 'ejected', reason, ...left };
    if (FINAL_CODES.has(code)) return { how: 'failed', reason, ...left };
    if (this.#gaveVfBack) {
      this.#gaveVfBack = false;
      return undefined;
    }
    return await this.#retry(`the channel is lost: ${reason}`, false);
  }

  async #retry(failure: string, permanent: boolean): Promise<SlotEnd | undefined> {
    if (permanent || !this.#options.retry) return { how: 'failed', reason: failure };
    const { clock, random } = this.#options;
    if (this.#isSuspended) {
      this.#log.warn('suspended', {}, `${failure}; next try when the guest is resumed`);
      return undefined;
    }
    const pause = Math.round(this.#pause * (0.75 + random() / 2));
    this.#pause = Math.min(this.#pause * 2, LONGEST_PAUSE_MS);
    this.#log.warn('retry', { pauseMs: pause }, `${failure}; next try in ${pause} ms`);
    await delay(clock, pause, this.#stopping.signal);
    return undefined;
  }

  /** Other VFs of the guest may run on for long: this is said now, not when the last has ended. */
  #report({ how, reason }: SlotEnd): void {
    const { log } = this.#options;
    if (how === 'failed') log.error(`the VF has failed: ${reason}`);
    else if (how === 'ejected') log.info(`the VF was ejected: ${reason}`);
  }

  #enter(phase: VfSlotPhase): void {
    if (!canEnter(VF_SLOT_PHASES, this.#phase, phase)) return;
    if (phase === 'running') this.#runsSince ??= this.#options.clock.now();
    this.#phase = phase;
    this.#options.onPhase(phase);
  }
}

/** What `work` comes to; undefined as soon as `signal` is aborted. */
async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  let abort: () => void = () => {};
  const aborted = new Promise<undefined>((resolve) => {
    abort = () => resolve(undefined);
  });
  signal.addEventListener('abort', abort, { once: true });
  const result = await Promise.race([work, aborted]);
  signal.removeEventListener('abort', abort);
  return result;
}

/** Closes a channel that was opened after nobody wanted it any more. */
function closeUnused(result: DialResult): void {
  const { code, meaning } = CLOSE_CODES.normal;
  if ('transport' in result) result.transport.close({ code, reason: meaning });
}
