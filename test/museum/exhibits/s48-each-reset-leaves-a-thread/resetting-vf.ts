import { defineVfMiniport } from '#guest/ndis/vf-miniport.ts';
import { configBlockVf } from '#guest/vf-miniport/config-block-vf.ts';
import { NDIS_STATUS } from '#shared/ndis/ndis-status.ts';
import type { Clock, Timer } from '#shared/time/clock.ts';

/** When a device that is closed gives back the thread that it took: a reset closes it, too. */
export type Releases = 'whenClosedForGood' | 'wheneverClosed';

const LOOKS_EVERY_MS = 100;

/** A VF that closes its device and opens it again whenever its PF has reset it. */
export function resettingVf(releases: Releases) {
  return defineVfMiniport((adapter) => {
    const thread = new EventThread(adapter.clock);
    const close = (isReset: boolean): void => {
      if (!isReset || releases === 'wheneverClosed') thread.release();
    };
    return configBlockVf({
      initialize() {
        thread.acquire();
        return NDIS_STATUS.NDIS_STATUS_SUCCESS;
      },
      invalidated() {
        close(true);
        thread.acquire();
      },
      halt: () => close(false),
    });
  });
}

/** The thread that events are handled in: started for its first user, and joined after its last. */
class EventThread {
  readonly #clock: Clock;
  #users = 0;
  #timer: Timer | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  acquire(): void {
    if (this.#users++ === 0) this.#run();
  }

  release(): void {
    if (--this.#users === 0) this.#timer?.cancel();
  }

  #run(): void {
    this.#timer = this.#clock.setTimer(LOOKS_EVERY_MS, () => this.#run());
  }
}
