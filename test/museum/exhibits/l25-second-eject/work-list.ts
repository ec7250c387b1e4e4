import { type Clock, delay } from '#shared/time/clock.ts';
import { ListHead } from '../../drivers/kernel-list.ts';

/** A `work_struct`: it is part of what it works on, and itself the entry of the list that it waits in. */
export class WorkStruct extends ListHead {
  isPending = false;
  function: () => Promise<void> = () => Promise.resolve();

  /** INIT_WORK: for memory that nobody uses yet. */
  initWork(run: () => Promise<void>): void {
    this.init();
    this.isPending = false;
    this.function = run;
  }
}

/** How long it takes until the thread of a queue has the CPU. */
const WAKES_AFTER_MS = 1;

/** A work queue of Linux: a list, and a thread that takes what is first. */
export class WorkList {
  readonly #clock: Clock;
  readonly #head = new ListHead();
  #isRunning = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** queue_work: what waits already does not wait twice. Rejects with what the work throws. */
  async queueWork(work: WorkStruct): Promise<void> {
    if (work.isPending) return;
    work.isPending = true;
    work.addTo(this.#head);
    if (this.#isRunning) return;
    this.#isRunning = true;
    await delay(this.#clock, WAKES_AFTER_MS);
    await this.#run();
  }

  async #run(): Promise<void> {
    for (let { next } = this.#head; next instanceof WorkStruct; { next } = this.#head) {
      next.delete();
      next.init();
      next.isPending = false;
      await next.function();
    }
    this.#isRunning = false;
  }
}
