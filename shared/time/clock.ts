/** A timer that has been set; cancelling one that has fired or was cancelled does nothing. */
export interface Timer {
  cancel(): void;
}

/**
 * Time as every component sees it. It is handed in, so that a test moves it by hand and a run can
 * be repeated; only `system.ts` asks the machine.
 */
export interface Clock {
  /** Milliseconds since the Unix epoch, with a fraction, never running backwards. */
  now(): number;
  /** Calls `fire` once after `milliseconds`. */
  setTimer(milliseconds: number, fire: () => void): Timer;
}

/** Calls `fire` every `milliseconds` until cancelled; the next period begins when `fire` returns. */
export function setPeriodicTimer(clock: Clock, milliseconds: number, fire: () => void): Timer {
  return new PeriodicTimer(clock, milliseconds, fire);
}

class PeriodicTimer implements Timer {
  readonly #clock: Clock;
  readonly #milliseconds: number;
  readonly #fire: () => void;
  #timer: Timer | undefined;
  #cancelled = false;

  constructor(clock: Clock, milliseconds: number, fire: () => void) {
    this.#clock = clock;
    this.#milliseconds = milliseconds;
    this.#fire = fire;
    this.#arm();
  }

  cancel(): void {
    this.#cancelled = true;
    this.#timer?.cancel();
  }

  #arm(): void {
    this.#timer = this.#clock.setTimer(this.#milliseconds, () => {
      this.#fire();
      if (!this.#cancelled) this.#arm();
    });
  }
}

/** Resolves after `milliseconds`, or earlier when `signal` is aborted. */
export function delay(clock: Clock, milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted === true) {
      resolve();
      return;
    }
    const timer = clock.setTimer(milliseconds, finish);
    signal?.addEventListener('abort', finish, { once: true });
    function finish(): void {
      timer.cancel();
      signal?.removeEventListener('abort', finish);
      resolve();
    }
  });
}
