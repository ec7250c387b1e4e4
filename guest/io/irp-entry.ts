import { readUlong } from '#shared/ndis/object-header.ts';
import { NTSTATUS } from '#shared/nt/ntstatus.ts';
import type { TraceEntry } from '#shared/trace/trace.ts';
import { hexOf } from '#shared/trace/trace-data.ts';
import { maskHex } from '#shared/vpci/config-block.ts';
import { IOCTL } from './ioctl.ts';
import type { IoStackLocation, Irp } from './irp.ts';
import {
  parseInvalidateBlockOutput,
  SIZEOF_VPCI_INVALIDATE_BLOCK_OUTPUT,
  SIZEOF_VPCI_READ_BLOCK_INPUT,
  VPCI_WRITE_BLOCK_INPUT_DATA,
} from './vpci-structures.ts';

/** What a trace shows of a request that a driver sends: its block, whatever else is wrong with it. */
export function sentEntry(location: IoStackLocation, keepsData: boolean): Partial<TraceEntry> {
  const { ioControlCode, type3InputBuffer: input } = location;
  const isWrite = ioControlCode === IOCTL.IOCTL_VPCI_WRITE_BLOCK;
  const isBlockRequest = isWrite || ioControlCode === IOCTL.IOCTL_VPCI_READ_BLOCK;
  if (!isBlockRequest || input === undefined || input.byteLength < 4) return {};
  // Both structures have the block first, and its length behind it.
  const blockId = readUlong(input, 0);
  if (input.byteLength < SIZEOF_VPCI_READ_BLOCK_INPUT) return { blockId };
  const length = readUlong(input, 4);
  if (!isWrite || !keepsData) return { blockId, length };
  const start = VPCI_WRITE_BLOCK_INPUT_DATA;
  return { blockId, length, data: hexOf(input, start, start + length) };
}

/** What a trace shows of a request that the VPCI driver completes: what it brings the requester. */
export function completedEntry(
  irp: Irp,
  status: number,
  length: number,
  cause: number,
  keepsData: boolean,
): Partial<TraceEntry> {
  const { stackLocation, userBuffer, requester } = irp;
  const { ioControlCode, type3InputBuffer: output } = stackLocation;
  if (status !== NTSTATUS.STATUS_SUCCESS) return { length, status, cause };
  if (ioControlCode === IOCTL.IOCTL_VPCI_INVALIDATE_BLOCK) {
    const isThere = (output?.byteLength ?? 0) >= SIZEOF_VPCI_INVALIDATE_BLOCK_OUTPUT;
    const mask =
      output !== undefined && isThere ? maskHex(parseInvalidateBlockOutput(output)) : undefined;
    return { length, mask, status, cause };
  }
  // What NDIS has read is shown where it returns to the miniport.
  const isRead = ioControlCode === IOCTL.IOCTL_VPCI_READ_BLOCK && requester !== undefined;
  const data = isRead && keepsData ? hexOf(userBuffer, 0, length) : undefined;
  return { length, data, status, cause };
}
