import { maskHex } from '#shared/vpci/config-block.ts';
import type { PhysicalFunction } from '../physical-function.ts';
import type { PfView } from '../virtualization-stack/pf-view.ts';
import type { PfAnswer, PfDetailAnswer } from './api.ts';

export function pfJson({ name, driver, numVfs, vfs }: PhysicalFunction): PfAnswer {
  return { name, driver: driver ?? null, numVfs, allocatedVfs: vfs.length };
}

export function pfDetailJson(pf: PhysicalFunction, view: PfView): PfDetailAnswer {
  const { luid, hardwareCapabilities, currentCapabilities, switches, vfs } = view;
  return {
    ...pfJson(pf),
    luid: luid === undefined ? null : maskHex(luid),
    hardwareCapabilities: hardwareCapabilities ?? null,
    currentCapabilities: currentCapabilities ?? null,
    switches: [...switches],
    vfs: vfs.map(({ vfId, vmName, nicName, currentMacAddress, requestorId }) => ({
      vfId,
      vmName,
      nicName,
      macAddress: macText(currentMacAddress),
      requestorId,
    })),
  };
}

/** `02:15:5d:00:00:01`. */
function macText(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(':');
}
