import { defineVfMiniport } from '#guest/ndis/vf-miniport.ts';
import { configBlockVf } from '#guest/vf-miniport/config-block-vf.ts';
import { definePfMiniport } from '#host/ndis/pf-miniport.ts';
import { configBlockPf } from '#host/pf-miniport/config-block-pf.ts';
import { NDIS_STATUS } from '#shared/ndis/ndis-status.ts';
import { MAIL_LENGTH, mailBytes, parseMail } from './mail.ts';

/** A VF writes the fragments of a record to it one after the other; read, it has the last record. */
export const RECORD_BLOCK = 1;
/** Fragments of each record. */
export const FRAGMENTS = 3;

/** What a PF has of the record that is coming in, and the sequence number of the last one. */
export interface Assembly {
  readonly sequence: number;
  readonly fragments: readonly number[];
  readonly last: number | undefined;
}

/** What becomes of the record that is coming in, with one more fragment of it. */
export type Assemble = (
  assembly: Assembly,
  fragment: { readonly sequence: number; readonly index: number; readonly value: number },
) => Assembly;

/**
 * A PF that puts records together from fragments, as `assemble` says, and shows the last one that is
 * complete: two bytes with its sequence number, and one with the value of each fragment.
 */
export function assemblingPf(assemble: Assemble) {
  return definePfMiniport((adapter) => {
    let assembly: Assembly = { sequence: 0, fragments: [], last: undefined };
    let shown = Buffer.alloc(2 + FRAGMENTS);
    return configBlockPf(adapter, {
      readBlock: () => shown,
      writeBlock(_vfId, _blockId, data) {
        const { code: sequence, matchId: index, value } = parseMail(data);
        assembly = assemble(assembly, { sequence, index, value });
        if (assembly.fragments.length < FRAGMENTS) return NDIS_STATUS.NDIS_STATUS_SUCCESS;
        shown = Buffer.from([0, 0, ...assembly.fragments]);
        shown.writeUInt16LE(assembly.sequence, 0);
        assembly = { ...assembly, fragments: [], last: assembly.sequence };
        return NDIS_STATUS.NDIS_STATUS_SUCCESS;
      },
    });
  });
}

/**
 * A VF that sends records, and after each reads what the PF has. A record whose fragment cannot be
 * sent is sent again, with the same sequence number and newer values, as mlx5 does.
 */
export function fragmentingVf(firstSequence: number, records: number) {
  return defineVfMiniport((adapter) => {
    let value = 0;
    async function send(sequence: number): Promise<boolean> {
      value++;
      for (let matchId = 0; matchId < FRAGMENTS; matchId++) {
        const bytes = mailBytes({ code: sequence, matchId, value });
        const status = await adapter.ndisMWriteConfigBlock(RECORD_BLOCK, bytes, MAIL_LENGTH);
        if (status !== NDIS_STATUS.NDIS_STATUS_SUCCESS) return false;
      }
      return true;
    }
    async function sendAll(): Promise<void> {
      let sequence = firstSequence;
      for (let sent = 0; sent < records; ) {
        if (!(await send(sequence))) continue;
        sent++;
        sequence = (sequence + 1) & 0xffff;
        const length = 2 + FRAGMENTS;
        await adapter.ndisMReadConfigBlock(RECORD_BLOCK, new Uint8Array(length), length);
      }
    }
    return configBlockVf({
      initialize() {
        adapter.ndisQueueIoWorkItem(sendAll);
        return NDIS_STATUS.NDIS_STATUS_SUCCESS;
      },
      invalidated() {},
    });
  });
}
