import type { Logger } from 'pino';
import type { Clock, Timer } from '#shared/time/clock.ts';
import { CLOSE_CODES } from '#shared/transport/close-codes.ts';
import type { CloseDetails } from '#shared/transport/transport.ts';
import type { LifeEnd } from './vf-life.ts';

/** How long the driver of a VF whose channel was cut has to return before it is left behind. */
export const GRACE_MS = 500;

/** What the channel of a VF is closed with that does not stop. */
export const NOT_STOPPED: CloseDetails = {
  code: CLOSE_CODES.goingAway.code,
  reason: 'the guest did not stop in time',
};

export interface AbandonmentOptions {
  readonly clock: Clock;
  readonly log: Logger;
  /** Lets nothing more of the driver run by itself, and says what hangs, for people. */
  readonly leaveBehind: () => string;
}

/** The end of a VF whose driver does not let go of it. */
export class Abandonment {
  readonly #options: AbandonmentOptions;
  readonly #leftBehind: Promise<LifeEnd>;
  #resolve: (end: LifeEnd) => void = () => {};
  #grace: Timer | undefined;
  #isOver = false;

  constructor(options: AbandonmentOptions) {
    this.#options = options;
    this.#leftBehind = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  /** The channel has been cut, with these details: the driver has a little time left. */
  begin(details: CloseDetails): void {
    if (this.#isOver) return;
    const { clock, log, leaveBehind } = this.#options;
    this.#grace ??= clock.setTimer(GRACE_MS, () => {
      const leftBehind = `the driver of the VF is left behind: ${leaveBehind()}`;
      log.error(leftBehind);
      this.#resolve({ ...details, reason: `${details.reason}; ${leftBehind}`, leftBehind });
    });
  }

  /** What a life comes to, or, when its driver was left behind, what the channel was closed with. */
  async orEndOf(life: Promise<CloseDetails>): Promise<LifeEnd> {
    const end = await Promise.race([life, this.#leftBehind]);
    this.#isOver = true;
    this.#grace?.cancel();
    return end;
  }
}
