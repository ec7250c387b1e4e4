import { ERRNO } from '#shared/linux/errno.ts';
import { NTSTATUS, type NtStatus } from '#shared/nt/ntstatus.ts';
import { readBlock, type writeBlock } from '#shared/wire/block.ts';
import { bytesFromWire, bytesToWire } from '#shared/wire/codecs.ts';
import type { CompletionOf, MessageOf, RequestDescriptor } from '#shared/wire/descriptor.ts';
import type { RequestChannel } from '../vpci/request-window.ts';
import type { BlockFunctions } from './block-functions.ts';

/** What an IRP is completed with for each errno; for any other STATUS_UNSUCCESSFUL. */
const STATUSES: ReadonlyMap<number, NtStatus> = new Map([
  [0, NTSTATUS.STATUS_SUCCESS],
  [-ERRNO.EINVAL, NTSTATUS.STATUS_INVALID_PARAMETER],
  [-ERRNO.EAGAIN, NTSTATUS.STATUS_INSUFFICIENT_RESOURCES],
  [-ERRNO.ENODEV, NTSTATUS.STATUS_DEVICE_NOT_CONNECTED],
  [-ERRNO.EOPNOTSUPP, NTSTATUS.STATUS_NOT_SUPPORTED],
]);

type OnReply = (reply: { status: NtStatus; bytes?: string }, cause: number) => void;

/**
 * The block functions of pci-hyperv where the VPCI driver has its channel. There is always room, so
 * that a request beyond what the channel takes fails as it does on Linux, instead of waiting.
 */
export class BlockFunctionsChannel implements RequestChannel {
  readonly outstanding = 0;
  readonly #blocks: BlockFunctions;

  constructor(blocks: BlockFunctions) {
    this.#blocks = blocks;
  }

  request<D extends RequestDescriptor>(
    descriptor: D,
    message: MessageOf<D>,
    onReply: (reply: CompletionOf<D>, cause: number) => void,
    cause = 0,
  ): void {
    // The VPCI driver requests these two and nothing else, and takes their completions.
    const reply = onReply as unknown as OnReply;
    const fields: unknown = message;
    if (descriptor.type === readBlock.type) {
      void this.#read(fields as MessageOf<typeof readBlock>, reply, cause);
    } else void this.#write(fields as MessageOf<typeof writeBlock>, reply, cause);
  }

  async #read(
    { blockId, bytesRequested }: MessageOf<typeof readBlock>,
    reply: OnReply,
    cause: number,
  ): Promise<void> {
    const buffer = new Uint8Array(bytesRequested);
    const read = await this.#blocks.read(buffer, bytesRequested, blockId, cause);
    const bytes = bytesToWire(buffer.subarray(0, read.bytesReturned));
    reply({ status: statusOf(read.error), bytes }, cause);
  }

  async #write(
    { blockId, byteCount, bytes }: MessageOf<typeof writeBlock>,
    reply: OnReply,
    cause: number,
  ): Promise<void> {
    const error = await this.#blocks.write(bytesFromWire(bytes), byteCount, blockId, cause);
    reply({ status: statusOf(error) }, cause);
  }
}

function statusOf(error: number): NtStatus {
  return STATUSES.get(error) ?? NTSTATUS.STATUS_UNSUCCESSFUL;
}
