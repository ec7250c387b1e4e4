import type { Logger } from 'pino';
import { maskHex } from '#shared/vpci/config-block.ts';
import type { VfView } from './virtualization-stack/vf.ts';
import type { VfState } from './virtualization-stack/vf-state.ts';

/** What the log shows of a VF. */
type LoggedVf = Pick<VfView, 'vfId' | 'device' | 'generation' | 'pendingMask'>;

/**
 * Logs the states of VFs, by default that they run and that they are freed. A guest may leave D0 and
 * enter it again as often as it likes, without being able to fill the log: only the first time that
 * an instance runs is news.
 */
export class StateLog {
  readonly #log: Logger;
  /** The generations that have run and are not freed yet: one for each VF at most. */
  readonly #haveRun = new Set<number>();

  constructor(log: Logger) {
    this.#log = log;
  }

  /** `which` names the PF of the VF, where a host has several. */
  log(vf: LoggedVf, state: VfState, which: { readonly pf?: string }): void {
    const { vfId, device, generation, pendingMask } = vf;
    const waiting = pendingMask === 0n ? {} : { pendingMask: maskHex(pendingMask) };
    const level = this.#isNews(state, generation) ? 'info' : 'debug';
    this.#log[level]({ ...which, vfId, device, generation, ...waiting }, `VF ${state}`);
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
