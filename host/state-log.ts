import type { Logger } from 'pino';
import { RecurringLog } from '#shared/recurring-log.ts';
import type { Clock } from '#shared/time/clock.ts';
import { maskHex } from '#shared/vpci/config-block.ts';
import type { VfView } from './virtualization-stack/vf.ts';
import type { VfState } from './virtualization-stack/vf-state.ts';

/** What the log shows of a VF. */
type LoggedVf = Pick<VfView, 'vfId' | 'device' | 'generation' | 'pendingMask'>;

/**
 * Logs the states of VFs, by default that they run and that they are freed. A guest may leave D0 and
 * enter it again as often as it likes, and come and go, without being able to fill the log: only the
 * first time that an instance runs is news, and of many instances not each.
 */
export class StateLog {
  readonly #log: Logger;
  readonly #news: RecurringLog;
  /** The generations that have run and are not freed yet: one for each VF at most. */
  readonly #haveRun = new Set<number>();

  constructor(log: Logger, clock: Pick<Clock, 'now'>) {
    this.#log = log;
    this.#news = new RecurringLog(log, clock);
  }

  /** `which` names the PF of the VF, where a host has several. */
  log(vf: LoggedVf, state: VfState, which: { readonly pf?: string }): void {
    const { vfId, device, generation, pendingMask } = vf;
    const waiting = pendingMask === 0n ? {} : { pendingMask: maskHex(pendingMask) };
    const what = { ...which, vfId, device, generation, ...waiting };
    if (this.#isNews(state, generation)) {
      this.#news.info(`${which.pf ?? ''} ${vfId} ${state}`, what, `VF ${state}`);
    } else {
      this.#log.debug(what, `VF ${state}`);
    }
  }

  #isNews(state: VfState, generation: number): boolean {
    if (state === 'freed') {
      this.#haveRun.delete(generation);
      return true;
    }
    if (state !== 'running' || this.#haveRun.has(generation)) return false;
    this.#haveRun.add(generation);
    return true;
  }
}
