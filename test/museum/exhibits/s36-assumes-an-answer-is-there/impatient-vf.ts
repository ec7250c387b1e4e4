import { defineVfMiniport, type VfAdapter } from '#guest/ndis/vf-miniport.ts';
import { configBlockVf } from '#guest/vf-miniport/config-block-vf.ts';
import { NDIS_STATUS } from '#shared/ndis/ndis-status.ts';
import {
  MAIL_LENGTH,
  mailBytes,
  parseMail,
  REPLY_BLOCK,
  REPORT_BLOCK,
  REQUEST_BLOCK,
} from '../../drivers/mail.ts';

const SET_VLAN_FILTER = { code: 2, matchId: 1, value: 100 };

/**
 * A VF that gives one command, and is set up when it is done. It looks for the answer when the request
 * has returned; `waits` is whether it looks again when it is told that there is one.
 */
export function impatientVf(how: 'looksOnce' | 'waits') {
  return defineVfMiniport((adapter) => {
    const command = async (): Promise<void> => {
      await write(adapter, REQUEST_BLOCK);
      await look(adapter);
    };
    return configBlockVf({
      initialize() {
        adapter.ndisQueueIoWorkItem(command);
        return NDIS_STATUS.NDIS_STATUS_SUCCESS;
      },
      async invalidated() {
        if (how === 'waits') await look(adapter);
      },
    });
  });
}

async function look(adapter: VfAdapter): Promise<void> {
  const buffer = new Uint8Array(MAIL_LENGTH);
  await adapter.ndisMReadConfigBlock(REPLY_BLOCK, buffer, MAIL_LENGTH);
  if (parseMail(buffer).matchId === SET_VLAN_FILTER.matchId) await write(adapter, REPORT_BLOCK);
}

async function write(adapter: VfAdapter, blockId: number): Promise<void> {
  await adapter.ndisMWriteConfigBlock(blockId, mailBytes(SET_VLAN_FILTER), MAIL_LENGTH);
}
