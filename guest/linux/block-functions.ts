import type { Logger } from 'pino';
import { ERRNO } from '#shared/linux/errno.ts';
import type { ContractObserver } from '#shared/ndis/contract-observer.ts';
import { NTSTATUS, type NtStatus, ntStatusName } from '#shared/nt/ntstatus.ts';
import { RecurringLog } from '#shared/recurring-log.ts';
import type { Clock } from '#shared/time/clock.ts';
import type { HopName } from '#shared/trace/hops.ts';
import type { Trace } from '#shared/trace/trace.ts';
import { hexOf } from '#shared/trace/trace-data.ts';
import type { VfIdentity } from '#shared/trace/vf-identity.ts';
import { type Channel, MAX_OUTSTANDING_REQUESTS } from '#shared/vmbus/channel.ts';
import { ChannelError } from '#shared/vmbus/channel-error.ts';
import {
  type BlockId,
  type BlockMask,
  isBlockId,
  isBlockLength,
} from '#shared/vpci/config-block.ts';
import { readBlock, writeBlock } from '#shared/wire/block.ts';
import { bytesFromWire, bytesToWire, SLOT, WRITE_PADDING_BYTES } from '#shared/wire/codecs.ts';
import { InvalidateCallback, type TakeMask } from './invalidate-callback.ts';
import type { HypervReadResult } from './linux-vf-driver.ts';
import { bytesReturned, PADDING_MARKER, type ReadPadding } from './received-length.ts';

export interface BlockFunctionsOptions {
  readonly channel: Channel;
  readonly clock: Clock;
  readonly trace: Trace;
  readonly log: Logger;
  readonly identity: () => VfIdentity;
  readonly readPadding: ReadPadding;
  readonly observer?: Pick<ContractObserver, 'broke'> | undefined;
}

/** A result, 0 and above or a negative errno, and the trace event that it came with. */
type Outcome = readonly [result: number, cause: number];

const READ = 'hyperv_read_cfg_blk';
const WRITE = 'hyperv_write_cfg_blk';

/**
 * What pci-hyperv does for the driver of one device: reads, writes, and tells of invalidations.
 * Nothing waits here for its turn, and nothing is kept: what cannot be sent at once is -EAGAIN, and
 * a mask that nobody takes is gone.
 *
 * Source: Linux pci-hyperv, as facts about a published guest.
 */
export class BlockFunctions {
  readonly #options: BlockFunctionsOptions;
  readonly #log: RecurringLog;
  readonly #callback: InvalidateCallback;
  /** What every call comes to, once the functions have ended; 0 before. */
  #ended = 0;

  constructor(options: BlockFunctionsOptions) {
    this.#options = options;
    this.#log = new RecurringLog(options.log, options.clock);
    this.#callback = new InvalidateCallback({ ...options, log: this.#log });
  }

  /** hyperv_read_cfg_blk. `cause` is the trace event that led to it. */
  async read(
    buffer: Uint8Array,
    length: number,
    blockId: BlockId,
    cause = 0,
  ): Promise<HypervReadResult> {
    const asked = this.#record('hypervReadCfgBlk', READ, blockId, length, undefined, cause);
    const refusal = this.#refusal(READ, buffer, length, blockId);
    const [result, received] =
      refusal === 0 ? await this.#sendRead(buffer, length, blockId, asked) : [refusal, asked];
    const error = Math.min(result, 0);
    const returned = Math.max(result, 0);
    this.#record('hypervReadCfgBlkReturn', READ, blockId, returned, error, received, buffer);
    return { error, bytesReturned: returned };
  }

  /** hyperv_write_cfg_blk; the bytes are taken before it returns its promise. */
  async write(buffer: Uint8Array, length: number, blockId: BlockId, cause = 0): Promise<number> {
    const hop = 'hypervWriteCfgBlk';
    const asked = this.#record(hop, WRITE, blockId, length, undefined, cause, buffer);
    const refusal = this.#refusal(WRITE, buffer, length, blockId);
    const [error, received] =
      refusal === 0 ? await this.#sendWrite(buffer, length, blockId, asked) : [refusal, asked];
    const written = error === 0 ? length : 0;
    this.#record('hypervWriteCfgBlkReturn', WRITE, blockId, written, error, received);
    return error;
  }

  /** hyperv_reg_block_invalidate: the last registration wins, and undefined takes it back. */
  register(take: TakeMask | undefined): number {
    if (this.#ended === 0) this.#callback.register(take);
    return this.#ended;
  }

  /** An INVALIDATE_BLOCK has arrived for the device. */
  invalidated(mask: BlockMask, cause: number): void {
    this.#callback.call(mask, cause);
  }

  /** The driver has let go of the device; what it calls all the same comes to this negative errno. */
  end(error: number): void {
    this.#ended = error;
  }

  /**
   * Why a request is not sent; 0 when it can be. A wait in atomic context never ends on Linux,
   * because the completion is taken by the channel callback that waits: here it is -EDEADLK.
   */
  #refusal(name: string, buffer: Uint8Array, length: number, blockId: BlockId): number {
    if (this.#ended !== 0) return this.#ended;
    if (this.#callback.isRunning) {
      this.#callback.violated(`${name} waits, and was called in the invalidation callback`);
      return -ERRNO.EDEADLK;
    }
    if (!isBlockLength(length) || length > buffer.byteLength) return -ERRNO.EINVAL;
    if (!isBlockId(blockId)) return -ERRNO.EINVAL;
    const { channel } = this.#options;
    const isFull = channel.congested || channel.outstanding >= MAX_OUTSTANDING_REQUESTS;
    return isFull ? -ERRNO.EAGAIN : 0;
  }

  #sendRead(buffer: Uint8Array, length: number, blockId: BlockId, asked: number): Promise<Outcome> {
    const message = { blockId, slot: SLOT, bytesRequested: length };
    return new Promise((resolve) => {
      this.#options.channel.request(
        readBlock,
        message,
        (reply, cause) => {
          if (reply instanceof ChannelError) resolve([-ERRNO.ENODEV, cause]);
          else if (reply.status !== NTSTATUS.STATUS_SUCCESS) {
            resolve([this.#refusedByHost(READ, blockId, reply.status), cause]);
          } else resolve([this.#receive(buffer, length, reply.bytes ?? ''), cause]);
        },
        asked,
      );
    });
  }

  /** Stores what was read, and what is taken for its end. Returns the bytes, or a negative errno. */
  #receive(buffer: Uint8Array, length: number, base64: string): number {
    const { readPadding } = this.#options;
    const sent = bytesFromWire(base64).subarray(0, length);
    const returned = bytesReturned(sent.byteLength, length, readPadding);
    if (returned === 0) return -ERRNO.EIO;
    // The caller may have given the memory of its buffer away meanwhile.
    if (buffer.byteLength < returned) return -ERRNO.EFAULT;
    buffer.set(sent);
    buffer.fill(readPadding === 'marker' ? PADDING_MARKER : 0, sent.byteLength, returned);
    return returned;
  }

  /** Four bytes follow the data: some hosts of 2018 check for them, and no host minds them. */
  #sendWrite(
    buffer: Uint8Array,
    length: number,
    blockId: BlockId,
    asked: number,
  ): Promise<Outcome> {
    const padded = new Uint8Array(length + WRITE_PADDING_BYTES);
    padded.set(buffer.subarray(0, length));
    const message = { blockId, slot: SLOT, byteCount: length, bytes: bytesToWire(padded) };
    return new Promise((resolve) => {
      this.#options.channel.request(
        writeBlock,
        message,
        (reply, cause) => {
          if (reply instanceof ChannelError) resolve([-ERRNO.ENODEV, cause]);
          else if (reply.status === NTSTATUS.STATUS_SUCCESS) resolve([0, cause]);
          else resolve([this.#refusedByHost(WRITE, blockId, reply.status), cause]);
        },
        asked,
      );
    });
  }

  /** The host's status goes no further than the log. */
  #refusedByHost(name: string, blockId: BlockId, status: NtStatus): number {
    this.#log.warn(name, { blockId, status: ntStatusName(status) }, `${name}: the host refused`);
    return -ERRNO.EIO;
  }

  #record(
    hop: HopName,
    name: string,
    blockId: BlockId,
    length: number,
    status: number | undefined,
    cause: number,
    moved?: Uint8Array,
  ): number {
    const { trace, identity } = this.#options;
    if (!trace.enabled) return 0;
    const isShown = trace.keepsData && moved !== undefined && length > 0;
    const data = isShown ? hexOf(moved, 0, length) : undefined;
    return trace.record({ hop, name, ...identity(), blockId, length, data, status, cause });
  }
}
