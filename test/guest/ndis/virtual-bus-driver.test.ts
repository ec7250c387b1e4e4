import { describe, expect, test } from 'vitest';
import type { VfMiniport } from '#guest/ndis/vf-miniport.ts';
import {
  defineVirtualBusDriver,
  type VirtualBusDevice,
  type VirtualBusDriver,
} from '#guest/ndis/virtual-bus-driver.ts';
import { NDIS_STATUS } from '#shared/ndis/ndis-status.ts';
import { NTSTATUS } from '#shared/nt/ntstatus.ts';
import { VfUnderTest } from '#test/guest/vf-miniport/reference/vf-under-test.ts';

const { NDIS_STATUS_SUCCESS, NDIS_STATUS_FAILURE, NDIS_STATUS_NOT_SUPPORTED } = NDIS_STATUS;

/** A bus driver and the miniport above it, which write down what they are told. */
function newStack(bus: VirtualBusDriver = {}, above: Partial<VfMiniport> = {}) {
  const calls: string[] = [];
  const seen: { device?: VirtualBusDevice; asked?: unknown } = {};
  const factory = defineVirtualBusDriver(
    (device) => {
      seen.device = device;
      return {
        startDevice() {
          calls.push('startDevice');
          return bus.startDevice?.();
        },
        removeDevice() {
          calls.push('removeDevice');
          return bus.removeDevice?.();
        },
        privately: () => 'the answer of the bus driver',
      };
    },
    (_adapter, busDriver) => ({
      ...above,
      miniportInitializeEx(adapter) {
        calls.push('miniportInitializeEx');
        seen.asked = busDriver.privately();
        return above.miniportInitializeEx?.(adapter) ?? NDIS_STATUS_SUCCESS;
      },
      miniportOidRequest: () => NDIS_STATUS_NOT_SUPPORTED,
      miniportHaltEx(action) {
        calls.push('miniportHaltEx');
        return above.miniportHaltEx?.(action);
      },
    }),
  );
  return { vf: new VfUnderTest(factory), calls, seen };
}

describe('a virtual bus driver', () => {
  test.each<[string, VirtualBusDriver['startDevice']]>([
    ['fails', () => NTSTATUS.STATUS_UNSUCCESSFUL],
    ['fails later', () => Promise.resolve(NTSTATUS.STATUS_DEVICE_NOT_CONNECTED)],
  ])('that %s to start ends the VF, and is removed again', async (_how, startDevice = () => 0) => {
    const { vf, calls } = newStack({ startDevice });
    expect(await vf.initialize()).toBe(NDIS_STATUS_FAILURE);
    expect(calls).toEqual(['startDevice', 'removeDevice']);
    expect(vf.logged.lines).toContainEqual(
      expect.objectContaining({ msg: expect.stringContaining('failed to start: STATUS_') }),
    );
  });

  test('that throws when it starts is removed again', async () => {
    const startDevice = () => {
      throw new Error('broken');
    };
    const { vf, calls } = newStack({ startDevice });
    await expect(vf.initialize()).rejects.toThrow('broken');
    expect(calls).toEqual(['startDevice', 'removeDevice']);
  });

  test('is removed when the miniport above it does not start', async () => {
    const { vf, calls } = newStack({}, { miniportInitializeEx: () => NDIS_STATUS_FAILURE });
    expect(await vf.initialize()).toBe(NDIS_STATUS_FAILURE);
    expect(calls).toEqual(['startDevice', 'miniportInitializeEx', 'removeDevice']);
  });

  test('is removed though the halt of the miniport above it throws', async () => {
    const miniportHaltEx = () => {
      throw new Error('broken');
    };
    const { vf, calls } = newStack({}, { miniportHaltEx });
    await vf.initialize();
    await expect(vf.halt()).rejects.toThrow('broken');
    expect(calls.slice(-2)).toEqual(['miniportHaltEx', 'removeDevice']);
  });

  test('starts before the miniport above it, which asks it privately, and is removed after it', async () => {
    const { vf, calls, seen } = newStack();
    expect(await vf.initialize()).toBe(NDIS_STATUS_SUCCESS);
    expect(seen.asked).toBe('the answer of the bus driver');
    await vf.halt();
    expect(calls).toEqual([
      'startDevice',
      'miniportInitializeEx',
      'miniportHaltEx',
      'removeDevice',
    ]);
  });

  test('has the device and the kernel, and nothing of NDIS but what is named so', () => {
    const { device } = newStack().seen;
    expect(Object.keys(device ?? {}).sort()).toEqual([
      'clock',
      'configuration',
      'keGetCurrentIrql',
      'keLowerIrql',
      'keRaiseIrql',
      'log',
      'name',
      'ndisAllocateMemoryWithTagPriority',
      'ndisQueueIoWorkItem',
      'physicalDeviceObject',
      'wdm',
    ]);
  });
});
