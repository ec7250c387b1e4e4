/** Pieces of work that may wait; Linux has no number, but allocates each in atomic context. */
export const MAX_WORK = 1024;

type Work = () => void | Promise<void>;

/** A work queue of the kernel: runs one piece at a time, in their order, each in a turn of its own. */
export class WorkQueue {
  readonly #report: (error: unknown) => void;
  readonly #waiting: Work[] = [];
  #running = false;

  /** `report` is told what a piece of work throws. */
  constructor(report: (error: unknown) => void) {
    this.#report = report;
  }

  /** Returns false when too much waits already. */
  schedule(work: Work): boolean {
    if (this.#waiting.length >= MAX_WORK) return false;
    this.#add(work);
    return true;
  }

  /** Resolves when all that was scheduled so far has run; never, for work that waits for it. */
  flush(): Promise<void> {
    return new Promise((resolve) => this.#add(resolve));
  }

  #add(work: Work): void {
    this.#waiting.push(work);
    if (this.#running) return;
    this.#running = true;
    this.#runSoon();
  }

  /** In another turn: work that schedules itself again stops nothing else. */
  #runSoon(): void {
    setImmediate(() => void this.#runNext());
  }

  async #runNext(): Promise<void> {
    try {
      await this.#waiting.shift()?.();
    } catch (error) {
      this.#report(error);
    }
    this.#running = this.#waiting.length > 0;
    if (this.#running) this.#runSoon();
  }
}
