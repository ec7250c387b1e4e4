import { z } from '@hono/zod-openapi';
import { barsOf } from '#shared/pci/probed-bars.ts';
import type { PciFunction } from '../virtualization-stack/pci-function.ts';

const u8 = z.int().min(0).max(0xff);
const u16 = z.int().min(0).max(0xffff);

/** A BAR of a VF. */
const barAnswer = z.object({
  index: z.int().min(0).max(5).describe('the first of its registers'),
  space: z.enum(['memory', 'io']),
  bits: z.literal([32, 64]),
  prefetchable: z.boolean(),
  length: z.number().min(0).describe('bytes; a power of two'),
  start: z
    .string()
    .regex(/^0x[0-9a-f]{16}$/)
    .nullable()
    .describe('the physical address that is assigned to it; null when the PF does not say'),
});

/** The PCI function as which the guest of a VF sees it. */
export const pciFunctionAnswer = z.object({
  vendorId: u16,
  deviceId: u16,
  revisionId: u8,
  baseClass: u8,
  subClass: u8,
  progIf: u8,
  subVendorId: u16,
  subSystemId: u16,
  bars: z.array(barAnswer).max(6),
});

export type PciFunctionAnswer = z.output<typeof pciFunctionAnswer>;

export function pciFunctionJson({ device, probedBars, memory }: PciFunction): PciFunctionAnswer {
  const { slot: _slot, serialNumber: _serialNumber, ...ids } = device;
  const bars = barsOf(probedBars).map(({ length, ...bar }) => {
    const start = memory.find(({ index }) => index === bar.index)?.start;
    return { ...bar, length: Number(length), start: start === undefined ? null : address(start) };
  });
  return { ...ids, bars };
}

/** A JSON number holds only 53 bits. */
function address(start: bigint): string {
  return `0x${start.toString(16).padStart(16, '0')}`;
}
