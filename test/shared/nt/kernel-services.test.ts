import { describe, expect, test } from 'vitest';
import { CurrentIrql, IRQL, type Irql } from '#shared/nt/irql.ts';
import { type KernelServices, kernelServices } from '#shared/nt/kernel-services.ts';
import { turn } from '#test/kit/world/turn.ts';

const { PASSIVE_LEVEL, APC_LEVEL, DISPATCH_LEVEL } = IRQL;

interface Bench {
  readonly kernel: KernelServices;
  readonly reported: unknown[];
}

function newBench(): Bench {
  const reported: unknown[] = [];
  const kernel = kernelServices(new CurrentIrql(), (error) => reported.push(error));
  return { kernel, reported };
}

describe('KeRaiseIrql and KeLowerIrql', () => {
  test.each([
    ['KeRaiseIrql to a level below', (k: KernelServices) => k.keRaiseIrql(PASSIVE_LEVEL)],
    ['KeLowerIrql to a level above', (k: KernelServices) => k.keLowerIrql(DISPATCH_LEVEL)],
    ['KeRaiseIrql to what is no level', (k: KernelServices) => k.keRaiseIrql(9 as Irql)],
    ['KeRaiseIrql to what is no number', (k: KernelServices) => k.keRaiseIrql(Number.NaN as Irql)],
    ['KeLowerIrql to what is no level', (k: KernelServices) => k.keLowerIrql(-1 as Irql)],
  ])('%s changes nothing', (_what, call) => {
    const { kernel } = newBench();
    kernel.keRaiseIrql(APC_LEVEL);
    call(kernel);
    expect(kernel.keGetCurrentIrql()).toBe(APC_LEVEL);
  });

  test('give the level before, and restore it', () => {
    const { kernel } = newBench();
    const before = kernel.keRaiseIrql(DISPATCH_LEVEL);
    expect([before, kernel.keGetCurrentIrql()]).toEqual([PASSIVE_LEVEL, DISPATCH_LEVEL]);
    kernel.keLowerIrql(before);
    expect(kernel.keGetCurrentIrql()).toBe(PASSIVE_LEVEL);
  });

  test('a level that is not lowered does not outlast the code that raised it', async () => {
    const { kernel } = newBench();
    await undefined;
    kernel.keRaiseIrql(DISPATCH_LEVEL);
    expect(kernel.keGetCurrentIrql()).toBe(DISPATCH_LEVEL);
    await undefined;
    expect(kernel.keGetCurrentIrql()).toBe(PASSIVE_LEVEL);
  });
});

describe('NdisQueueIoWorkItem', () => {
  test.each([
    ['throws', () => fail()],
    ['rejects', async () => fail()],
  ])('reports a routine that %s, and takes nothing down', async (_how, routine) => {
    const { kernel, reported } = newBench();
    kernel.ndisQueueIoWorkItem(routine);
    await turn();
    expect(reported).toEqual([new Error('broken')]);
  });

  test('calls the routine later and at PASSIVE_LEVEL, whoever queued it', async () => {
    const { kernel } = newBench();
    const levels: number[] = [];
    const before = kernel.keRaiseIrql(DISPATCH_LEVEL);
    kernel.ndisQueueIoWorkItem(() => void levels.push(kernel.keGetCurrentIrql()));
    kernel.keLowerIrql(before);
    await undefined;
    expect(levels).toEqual([]);
    await turn();
    expect(levels).toEqual([PASSIVE_LEVEL]);
  });

  test('calls the routines in the order in which they were queued', async () => {
    const { kernel } = newBench();
    const order: number[] = [];
    for (const each of [1, 2, 3]) kernel.ndisQueueIoWorkItem(() => void order.push(each));
    await turn();
    expect(order).toEqual([1, 2, 3]);
  });

  test('lets other work go on when each item queues another', async () => {
    const { kernel } = newBench();
    let items = 0;
    let isOver = false;
    const again = (): void => {
      items++;
      if (!isOver) kernel.ndisQueueIoWorkItem(again);
    };
    kernel.ndisQueueIoWorkItem(again);
    for (let turns = 0; turns < 3; turns++) await turn();
    isOver = true;
    expect(items).toBeGreaterThan(1);
    await turn();
  });
});

describe('NdisAllocateMemoryWithTagPriority', () => {
  test.each([-1, 1.5, Number.NaN, 0x1_0000_0000])('has no memory for %s bytes', (length) => {
    const asked: unknown[] = [];
    const kernel = kernelServices(
      new CurrentIrql(),
      () => {},
      (each) => asked.push(each),
    );
    expect(kernel.ndisAllocateMemoryWithTagPriority(length)).toBeUndefined();
    expect(asked).toEqual([undefined]);
  });

  test('gives memory of that length, each time its own', () => {
    const { kernel } = newBench();
    const memory = kernel.ndisAllocateMemoryWithTagPriority(8);
    memory?.fill(1);
    expect(kernel.ndisAllocateMemoryWithTagPriority(8)).toEqual(new Uint8Array(8));
    expect(memory).toEqual(new Uint8Array(8).fill(1));
  });
});

function fail(): never {
  throw new Error('broken');
}
