import type { VfAdapter } from '#guest/ndis/vf-miniport.ts';
import { isConfigurationRange, PCI_WHICHSPACE_CONFIG } from '#shared/pci/configuration-space.ts';
import type { Device } from './vpci-device.ts';

/** What a {@link busDataOver} needs to know of the VF miniport that calls it. */
interface Caller {
  /** The device no longer answers. */
  isGone(): boolean;
  /** A function is called, with this range of configuration space. */
  calls(name: string, offset: number, length: number): void;
}

/** NdisMGetBusData and NdisMSetBusData over a device. */
export function busDataOver(
  device: Device,
  caller: Caller,
): Pick<VfAdapter, 'ndisMGetBusData' | 'ndisMSetBusData'> {
  const isThere = (whichSpace: number, offset: number, length: number): boolean =>
    whichSpace === PCI_WHICHSPACE_CONFIG &&
    isConfigurationRange(offset, length) &&
    !caller.isGone();
  return {
    async ndisMGetBusData(whichSpace, offset, buffer, length) {
      caller.calls('NdisMGetBusData', offset, length);
      if (!isThere(whichSpace, offset, length)) return 0;
      const data = await device.readSpace(offset, length);
      if (data === undefined || caller.isGone()) return 0;
      buffer.set(data);
      return data.byteLength;
    },
    async ndisMSetBusData(whichSpace, offset, buffer, length) {
      caller.calls('NdisMSetBusData', offset, length);
      if (!isThere(whichSpace, offset, length)) return 0;
      return (await device.writeSpace(offset, buffer.slice(0, length))) ? length : 0;
    },
  };
}
