import type { Logger } from 'pino';
import type { Clock, Timer } from '#shared/time/clock.ts';
import { CLOSE_CODES } from '#shared/transport/close-codes.ts';
import type { CloseDetails } from '#shared/transport/transport.ts';

/** How long the driver of a VF whose channel was cut has to return before it is left behind. */
const GRACE_MS = 500;

/** What the channel of a VF is closed with that does not stop. */
export const NOT_STOPPED: CloseDetails = {
  code: CLOSE_CODES.goingAway.code,
  reason: 'the guest did not stop in time',
};

/** The end of a VF whose driver does not let go of it. */
export class Abandonment {
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #leftBehind: Promise<CloseDetails>;
  #resolve: (details: CloseDetails) => void = () => {};
  #grace: Timer | undefined;
  #isOver = false;

  constructor({ clock, log }: { readonly clock: Clock; readonly log: Logger }) {
    this.#clock = clock;
    this.#log = log;
    this.#leftBehind = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  /** The channel has been cut, with these details: the driver has a little time left. */
  begin(details: CloseDetails): void {
    if (this.#isOver) return;
    this.#grace ??= this.#clock.setTimer(GRACE_MS, () => {
      this.#log.error('the driver of the VF did not return; it is left behind');
      this.#resolve(details);
    });
  }

  /** What a life comes to, or, when its driver was left behind, what the channel was closed with. */
  async orEndOf(life: Promise<CloseDetails>): Promise<CloseDetails> {
    const details = await Promise.race([life, this.#leftBehind]);
    this.#isOver = true;
    this.#grace?.cancel();
    return details;
  }
}
