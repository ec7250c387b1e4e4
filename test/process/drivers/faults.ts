/** What a faulty driver does, by the block that it is asked about. */
export const FAULT = {
  throws: 10,
  throwsInTimer: 11,
  throwsLater: 12,
  rejectsLater: 13,
  neverCompletes: 14,
} as const;

/** What a fault needs of the adapter of either side. */
interface Timers {
  readonly clock: { setTimer(milliseconds: number, fire: () => void): unknown };
}

/** Commits the fault of a block; undefined for a block that stands for none. */
export function commitFault(adapter: Timers, blockId: number): Promise<never> | undefined {
  const fail = (): never => {
    throw new Error(`fault ${blockId}`);
  };
  switch (blockId) {
    case FAULT.throws:
      return fail();
    case FAULT.throwsInTimer:
      adapter.clock.setTimer(1, fail);
      return undefined;
    case FAULT.throwsLater:
      queueMicrotask(fail);
      return undefined;
    case FAULT.rejectsLater:
      void Promise.reject(new Error(`fault ${blockId}`));
      return undefined;
    case FAULT.neverCompletes:
      return new Promise<never>(() => {});
    default:
      return undefined;
  }
}
