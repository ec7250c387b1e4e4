import { defineVfMiniport, type VfAdapter } from '#guest/ndis/vf-miniport.ts';
import { configBlockVf } from '#guest/vf-miniport/config-block-vf.ts';
import { NDIS_STATUS } from '#shared/ndis/ndis-status.ts';
import { MAIL_LENGTH, mailBytes, REPORT_BLOCK } from '../../drivers/mail.ts';

const LOOKS_AFTER_MS = 1000;

/**
 * A driver that sets up a VF a second after it has come, and remembers which are to be set up: each
 * of them, or the last, in the one variable that the driver has for all its devices.
 */
export function hotAdding(remembers: 'each' | 'theLast') {
  const added = new Set<VfAdapter>();
  const setUp = async (adapter: VfAdapter): Promise<void> => {
    if (!added.delete(adapter)) return;
    const report = mailBytes({ code: 1, matchId: 0, value: 0 });
    await adapter.ndisMWriteConfigBlock(REPORT_BLOCK, report, MAIL_LENGTH);
  };
  return defineVfMiniport((adapter) =>
    configBlockVf({
      initialize() {
        if (remembers === 'theLast') added.clear();
        added.add(adapter);
        adapter.clock.setTimer(LOOKS_AFTER_MS, () =>
          adapter.ndisQueueIoWorkItem(() => setUp(adapter)),
        );
        return NDIS_STATUS.NDIS_STATUS_SUCCESS;
      },
      invalidated() {},
      halt: () => void added.delete(adapter),
    }),
  );
}
