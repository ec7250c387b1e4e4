/**
 * What the bytes are that a Linux guest takes for the end of a short read: `zero`, as a host that
 * clears its packets sends them; `marker`, which makes a leak visible; `none`, when lengths are
 * exact, as on no VMBus.
 */
export const READ_PADDINGS = ['zero', 'marker', 'none'] as const;

export type ReadPadding = (typeof READ_PADDINGS)[number];

/** What fills the padding when it is marked. */
export const PADDING_MARKER = 0xa5;

/** The descriptor of a VMBus packet, and the status before the data of a read. */
const DESCRIPTOR_BYTES = 16;
const STATUS_BYTES = 4;

/** The length of a packet on VMBus is told in units of 8 bytes. */
const UNIT = 8;

/**
 * How many bytes a Linux guest believes to have read when the host sent `sent` of `requested`: the
 * length of the packet less what stands before the data. Source: Linux pci-hyperv.
 */
export function bytesReturned(sent: number, requested: number, padding: ReadPadding): number {
  const head = DESCRIPTOR_BYTES + STATUS_BYTES;
  const received = padding === 'none' ? sent : Math.ceil((head + sent) / UNIT) * UNIT - head;
  return Math.min(requested, received);
}
