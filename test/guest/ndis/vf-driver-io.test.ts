import { describe, expect, test } from 'vitest';
import type { IoViolation } from '#guest/io/io-violation.ts';
import { VfDriverIo } from '#guest/ndis/vf-driver-io.ts';
import { CurrentIrql, IRQL } from '#shared/nt/irql.ts';
import { NTSTATUS } from '#shared/nt/ntstatus.ts';
import { ManualClock } from '#test/kit/world/manual-clock.ts';
import { VpciBench } from '#test/support/vpci-bench.ts';

function newDriverIo() {
  const irql = new CurrentIrql();
  const violations: IoViolation[] = [];
  const { driver, trace } = new VpciBench();
  const driverIo = new VfDriverIo({
    device: driver,
    irql,
    clock: new ManualClock(),
    trace,
    identity: () => ({ device: 'g1/0' }),
    violated: (violation) => violations.push(violation),
    ndisIssuesInvalidate: () => true,
  });
  return { driverIo, irql, violations };
}

describe('NdisMGetDeviceProperty', () => {
  test('at DISPATCH_LEVEL is reported', () => {
    const { driverIo, irql, violations } = newDriverIo();
    irql.set(IRQL.DISPATCH_LEVEL);
    driverIo.ndisMGetDeviceProperty();
    expect(violations).toMatchObject([
      { rule: 'irql.device-property', found: 'it was at DISPATCH_LEVEL' },
    ]);
  });

  test('has the physical device object, which is also the next one, each time the same', () => {
    const { driverIo, violations } = newDriverIo();
    const { physicalDeviceObject, nextDeviceObject } = driverIo.ndisMGetDeviceProperty();
    expect(nextDeviceObject).toBe(physicalDeviceObject);
    expect(driverIo.ndisMGetDeviceProperty().physicalDeviceObject).toBe(physicalDeviceObject);
    expect(violations).toEqual([]);
  });
});

describe('a driver that first comes to its IRPs after the halt', () => {
  test('sends none', () => {
    const { driverIo } = newDriverIo();
    driverIo.close();
    const { physicalDeviceObject } = driverIo.ndisMGetDeviceProperty();
    const irp = driverIo.wdm.ioAllocateIrp(physicalDeviceObject.stackSize);
    const sent = irp && driverIo.wdm.ioCallDriver(physicalDeviceObject, irp);
    expect(sent).toBe(NTSTATUS.STATUS_DEVICE_NOT_CONNECTED);
  });
});
