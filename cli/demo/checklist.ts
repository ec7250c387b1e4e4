import { CommandFailure } from '../failure.ts';

/** The checks of a tour: each is shown as it is made, and the first that fails ends it. */
export class Checklist {
  readonly #write: (text: string) => void;
  #step = '';
  #passed = 0;

  constructor(write: (text: string) => void) {
    this.#write = write;
  }

  get passed(): number {
    return this.#passed;
  }

  /** Begins a step of the tour. */
  step(title: string): void {
    this.#step = title;
    this.#write(`\n${title}\n`);
  }

  /** Checks that what one side shows is what it should be. */
  equal(side: string, what: string, seen: unknown, expected: unknown): void {
    const [left, right] = [JSON.stringify(seen), JSON.stringify(expected)];
    this.holds(side, `${what}: ${right}`, left === right, `saw ${left}`);
  }

  /** Checks that something holds; `seen` says what is there instead. */
  holds(side: string, what: string, holds: boolean, seen = 'it does not hold'): void {
    if (!holds) {
      throw new CommandFailure(`demo: failed at "${this.#step}": ${side}: ${what}; ${seen}`);
    }
    this.#passed++;
    this.#write(`  ok  ${side.padEnd(5)} ${what}\n`);
  }
}
