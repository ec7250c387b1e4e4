/** A lock of a driver: who waits gets it in turn. What is acquired must be released, once. */
export class Mutex {
  #held = false;
  readonly #waiting: (() => void)[] = [];

  /** Takes the lock if nobody has it; returns whether it did. */
  tryAcquire(): boolean {
    if (this.#held) return false;
    this.#held = true;
    return true;
  }

  async acquire(): Promise<void> {
    if (this.tryAcquire()) return;
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  release(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#held = false;
    else next();
  }
}
