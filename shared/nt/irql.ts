/**
 * The interrupt request levels that matter here; HIGH_LEVEL, which is that of x64, stands for all above
 * DISPATCH_LEVEL. Source: wdm.h.
 */
export const IRQL = { PASSIVE_LEVEL: 0, APC_LEVEL: 1, DISPATCH_LEVEL: 2, HIGH_LEVEL: 15 } as const;

export type Irql = (typeof IRQL)[keyof typeof IRQL];

const names = new Map<number, string>(Object.entries(IRQL).map(([name, level]) => [level, name]));

/** Whether this is one of the levels here. */
export function isIrql(level: number): level is Irql {
  return names.has(level);
}

/** `DISPATCH_LEVEL`, or the number of a level without a name here. */
export function irqlName(level: number): string {
  return names.get(level) ?? String(level);
}

/**
 * The IRQL at which the code of one adapter runs now. It holds for what runs synchronously: what
 * follows an `await` runs at PASSIVE_LEVEL, as a work item would, because only code that may wait
 * can have come there.
 */
export class CurrentIrql {
  #level: Irql = IRQL.PASSIVE_LEVEL;

  get level(): Irql {
    return this.#level;
  }

  /** KeRaiseIrql, or KeLowerIrql: returns the level before. */
  set(level: Irql): Irql {
    const before = this.#level;
    this.#level = level;
    return before;
  }

  /** Calls `run` at a level, and restores the one before whatever `run` does. */
  at<T>(level: Irql, run: () => T): T {
    const before = this.set(level);
    try {
      return run();
    } finally {
      this.#level = before;
    }
  }
}
