import { NDIS_STATUS, type NdisStatus } from '#shared/ndis/ndis-status.ts';
import { NTSTATUS } from '#shared/nt/ntstatus.ts';
import type { HopName } from '#shared/trace/hops.ts';
import type { Trace, TraceEntry } from '#shared/trace/trace.ts';
import { hexOf } from '#shared/trace/trace-data.ts';
import { vfEntry } from '#shared/trace/vf-entry.ts';
import type { VfIdentity } from '#shared/trace/vf-identity.ts';
import { type BlockId, isBlockId } from '#shared/vpci/config-block.ts';
import type { Irp } from '../io/irp.ts';
import { newReadBlockIrp, newWriteBlockIrp } from './config-block-irp.ts';

export interface ConfigBlockCallsOptions {
  readonly trace: Trace;
  readonly identity: () => VfIdentity;
  /** Whether the miniport may call this function at all. */
  readonly mayCall: (name: string) => boolean;
  /** IoCallDriver to the VPCI driver. */
  readonly send: (irp: Irp, blockId: BlockId, length: number) => void;
}

/** NdisMReadConfigBlock and NdisMWriteConfigBlock of one VF miniport. */
export class ConfigBlockCalls {
  readonly #options: ConfigBlockCallsOptions;
  readonly #trace: Trace;

  constructor(options: ConfigBlockCallsOptions) {
    this.#options = options;
    this.#trace = options.trace;
  }

  read(blockId: BlockId, buffer: Uint8Array, length: number): Promise<NdisStatus> {
    const name = 'NdisMReadConfigBlock';
    const cause = this.#trace.enabled
      ? this.#record('ndisMReadConfigBlock', name, { blockId, length })
      : 0;
    return new Promise((resolve) => {
      const returned = this.#returning('ndisMReadConfigBlockReturn', name, blockId, cause, resolve);
      if (this.#isRefused(name, blockId, buffer, length)) returned(undefined);
      else {
        const irp = newReadBlockIrp(blockId, buffer, length, returned, cause);
        this.#options.send(irp, blockId, length);
      }
    });
  }

  write(blockId: BlockId, buffer: Uint8Array, length: number): Promise<NdisStatus> {
    const name = 'NdisMWriteConfigBlock';
    const cause = this.#trace.enabled
      ? this.#record('ndisMWriteConfigBlock', name, {
          blockId,
          length,
          data: this.#trace.keepsData ? hexOf(buffer, 0, length) : undefined,
        })
      : 0;
    return new Promise((resolve) => {
      const returned = this.#returning(
        'ndisMWriteConfigBlockReturn',
        name,
        blockId,
        cause,
        resolve,
      );
      if (this.#isRefused(name, blockId, buffer, length)) returned(undefined);
      else {
        const irp = newWriteBlockIrp(blockId, buffer.subarray(0, length), returned, cause);
        this.#options.send(irp, blockId, length);
      }
    });
  }

  #isRefused(name: string, blockId: BlockId, buffer: Uint8Array, length: number): boolean {
    return !this.#options.mayCall(name) || !isBlockId(blockId) || !fits(length, buffer);
  }

  /**
   * The return of NdisMReadConfigBlock or NdisMWriteConfigBlock. The documents list two values for
   * it, so every cause of failure becomes NDIS_STATUS_FAILURE; the trace keeps the cause.
   */
  #returning(
    hop: HopName,
    name: string,
    blockId: BlockId,
    call: number,
    resolve: (status: NdisStatus) => void,
  ): (irp: Irp | undefined) => void {
    return (irp) => {
      const status =
        irp?.ioStatus.status === NTSTATUS.STATUS_SUCCESS
          ? NDIS_STATUS.NDIS_STATUS_SUCCESS
          : NDIS_STATUS.NDIS_STATUS_FAILURE;
      if (this.#trace.enabled) {
        const length = irp?.ioStatus.information ?? 0;
        const isRead = this.#trace.keepsData && length > 0;
        const data = isRead ? hexOf(irp?.userBuffer, 0, length) : undefined;
        const cause = irp?.completionCause ?? call;
        this.#record(hop, name, { blockId, length, data, status, cause });
      }
      resolve(status);
    };
  }

  #record(hop: HopName, name: string, entry: Partial<TraceEntry>): number {
    return this.#trace.record(vfEntry(hop, name, this.#options.identity(), entry));
  }
}

/** Whether `length` is a ULONG that the buffer holds; of its range the VPCI driver judges. */
function fits(length: number, buffer: Uint8Array): boolean {
  return Number.isInteger(length) && length >= 0 && length <= buffer.byteLength;
}
