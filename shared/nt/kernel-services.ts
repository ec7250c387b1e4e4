import { allocateMemory } from './allocate-memory.ts';
import { type CurrentIrql, IRQL, type Irql, isIrql } from './irql.ts';

/** The routine of a work item. A promise stands for a routine that blocks, as it may at PASSIVE_LEVEL. */
export type IoWorkItemRoutine = () => void | Promise<void>;

/**
 * What the kernel gives to the driver of either side beside NDIS: the IRQL of its code, and a way down
 * to PASSIVE_LEVEL. An IRQL holds for what runs synchronously. What follows an `await` runs at
 * PASSIVE_LEVEL, because only code that may wait can have come there.
 */
export interface KernelServices {
  /** KeGetCurrentIrql: the level at which the driver's code runs now. */
  keGetCurrentIrql(): Irql;

  /**
   * KeRaiseIrql: returns the level before, which the driver gives to {@link keLowerIrql} before it
   * returns or waits. A level below the current one, fatal on Windows, changes nothing.
   */
  keRaiseIrql(newIrql: Irql): Irql;

  /** KeLowerIrql. A level above the current one, fatal on Windows, changes nothing. */
  keLowerIrql(newIrql: Irql): void;

  /**
   * NdisQueueIoWorkItem: calls `routine` later, at PASSIVE_LEVEL; what it throws is reported. This is
   * how a timer or a completion routine, which run at DISPATCH_LEVEL, comes to read or write a block.
   * A routine may come to run after the halt when it was queued before. IRQL <= DISPATCH_LEVEL.
   */
  ndisQueueIoWorkItem(routine: IoWorkItemRoutine): void;

  /**
   * NdisAllocateMemoryWithTagPriority, without its tag and priority: memory of the driver's own, which
   * goes away with it. Undefined stands for NULL, which a driver has to expect whenever it asks. A
   * driver that asks here can be seen without memory in a test. IRQL <= DISPATCH_LEVEL.
   *
   * @param length bytes, a UINT
   */
  ndisAllocateMemoryWithTagPriority(length: number): Uint8Array | undefined;
}

/**
 * The services of one adapter. `report` is told what a work item throws, and `allocating` that memory
 * is asked for.
 */
export function kernelServices(
  irql: CurrentIrql,
  report: (error: unknown) => void,
  allocating: (length: number | undefined) => void = () => {},
): KernelServices {
  return {
    keGetCurrentIrql: () => irql.level,
    keRaiseIrql(newIrql) {
      const before = irql.level;
      if (newIrql < before || !isIrql(newIrql)) return before;
      // What has not lowered the level when a microtask runs has returned or waits: no code of the
      // driver is on the stack then.
      queueMicrotask(() => irql.set(IRQL.PASSIVE_LEVEL));
      return irql.set(newIrql);
    },
    keLowerIrql(newIrql) {
      if (newIrql < irql.level && isIrql(newIrql)) irql.set(newIrql);
    },
    // In another turn of the event loop: a driver that queues an item from each item stops nothing.
    ndisQueueIoWorkItem: (routine) => void setImmediate(() => void run(routine, report)),
    ndisAllocateMemoryWithTagPriority: (length) => allocateMemory(length, allocating),
  };
}

async function run(routine: IoWorkItemRoutine, report: (error: unknown) => void): Promise<void> {
  try {
    await routine();
  } catch (error) {
    report(error);
  }
}
