import { pciIdHex } from '#shared/pci/configuration-space.ts';
import { barsOf } from '#shared/pci/probed-bars.ts';
import type { BusDevice } from '#shared/wire/bus.ts';

/** What the log says of the device that was found on the bus. */
export function describeFunction(device: BusDevice, probedBars: readonly number[]): object {
  const { vendorId, deviceId, revisionId, baseClass, subClass } = device;
  const bars = barsOf(probedBars).map(
    ({ index, bits, space, length }) => `BAR ${index}: ${length} bytes of ${bits}-bit ${space}`,
  );
  const ids = { vendorId: pciIdHex(vendorId), deviceId: pciIdHex(deviceId) };
  return { ...ids, revisionId, baseClass, subClass, bars };
}
