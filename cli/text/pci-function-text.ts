import type { PciFunctionAnswer } from '#host/control/pci-function-json.ts';
import { formatBytes } from './units.ts';

type Field = readonly [name: string, value: string];

/** What `vf show` prints of the PCI function as which a guest sees its VF. */
export function pciFunctionFields(pciFunction: PciFunctionAnswer | null): readonly Field[] {
  if (pciFunction === null) return [['PCI function', 'not on the bus of a guest yet']];
  const { vendorId, deviceId, revisionId, baseClass, subClass, progIf } = pciFunction;
  const { subVendorId, subSystemId, bars } = pciFunction;
  const ids = `${hex(vendorId, 4)}:${hex(deviceId, 4)}, revision ${revisionId}`;
  const classCode = [baseClass, subClass, progIf].map((byte) => hex(byte, 2)).join('');
  const subsystem = `${hex(subVendorId, 4)}:${hex(subSystemId, 4)}`;
  return [
    ['PCI function', `${ids}, class ${classCode}, subsystem ${subsystem}`],
    ...(bars.length === 0 ? [['BARs', 'none'] as const] : bars.map(barField)),
  ];
}

function barField(bar: PciFunctionAnswer['bars'][number]): Field {
  const { index, space, bits, prefetchable, length, start } = bar;
  const kind =
    space === 'io' ? 'I/O ports' : `${bits}-bit ${prefetchable ? 'prefetchable ' : ''}memory`;
  const where = start === null ? '' : ` at ${start}`;
  return [`BAR ${index}`, `${formatBytes(length)} of ${kind}${where}`];
}

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0');
}
