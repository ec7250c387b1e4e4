import { NDIS_STATUS, ntStatusFromNdisStatus } from '#shared/ndis/ndis-status.ts';
import { NTSTATUS } from '#shared/nt/ntstatus.ts';
import type { Respond } from '#shared/vmbus/packet-handlers.ts';
import type { readBlock, writeBlock } from '#shared/wire/block.ts';
import { bytesFromWire, bytesToWire, WRITE_PADDING_BYTES } from '#shared/wire/codecs.ts';
import type { CompletionOf, MessageOf } from '#shared/wire/descriptor.ts';
import { dataOfRead, readVfConfigBlock, writeVfConfigBlock } from './vf-oids.ts';
import type { VfInstance, VfSurroundings } from './vf-surroundings.ts';

/** The reads and writes of one VF's guest: each becomes an OID of the PF miniport. */
export class BlockRequests {
  readonly #surroundings: VfSurroundings;
  readonly #vf: VfInstance;

  constructor(surroundings: VfSurroundings, vf: VfInstance) {
    this.#surroundings = surroundings;
    this.#vf = vf;
  }

  /** READ_BLOCK, of 1 to 128 bytes. */
  read(
    { blockId, bytesRequested }: MessageOf<typeof readBlock>,
    respond: Respond<typeof readBlock>,
    cause: number,
  ): void {
    const { ndis, log } = this.#surroundings;
    const { vfId, origin } = this.#vf;
    const parameters = readVfConfigBlock(vfId, blockId, bytesRequested, origin, cause);
    ndis.oidRequest(parameters, (status, request) => {
      const data = dataOfRead(request);
      respond(completionOfRead(status, data), request.cause);
      if (status !== NDIS_STATUS.NDIS_STATUS_SUCCESS || data !== undefined) return;
      const { bytesWritten, outputBufferLength } = request;
      const what = { vfId, blockId, bytesWritten, outputBufferLength };
      log.error(`${vfId} read`, what, 'a read succeeded without data');
    });
  }

  /**
   * WRITE_BLOCK, of 1 to 128 bytes. Published hosts go by the byte count: what a guest sends behind it
   * is padding. Some that shipped in 2018 wanted four bytes of it; how they refused is not documented,
   * so they refuse here as the packet that they take it for: one that is too short.
   */
  write(
    message: MessageOf<typeof writeBlock>,
    respond: Respond<typeof writeBlock>,
    cause: number,
  ): void {
    const { ndis, writeSizeQuirk } = this.#surroundings;
    const { vfId, origin } = this.#vf;
    const { blockId, byteCount } = message;
    const bytes = bytesFromWire(message.bytes);
    const padding = writeSizeQuirk === '2018' ? WRITE_PADDING_BYTES : 0;
    if (bytes.byteLength < byteCount + padding) {
      respond({ status: NTSTATUS.STATUS_BAD_DATA });
      return;
    }
    const data = bytes.subarray(0, byteCount);
    ndis.oidRequest(writeVfConfigBlock(vfId, blockId, data, origin, cause), (status, request) =>
      respond({ status: ntStatusFromNdisStatus(status) }, request.cause),
    );
  }
}

function completionOfRead(
  status: number,
  data: Uint8Array | undefined,
): CompletionOf<typeof readBlock> {
  if (status !== NDIS_STATUS.NDIS_STATUS_SUCCESS) return { status: ntStatusFromNdisStatus(status) };
  return data === undefined
    ? { status: NTSTATUS.STATUS_UNSUCCESSFUL }
    : { status: NTSTATUS.STATUS_SUCCESS, bytes: bytesToWire(data) };
}
