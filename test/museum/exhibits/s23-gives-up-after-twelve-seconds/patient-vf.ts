import { defineVfMiniport, type VfAdapter } from '#guest/ndis/vf-miniport.ts';
import { configBlockVf } from '#guest/vf-miniport/config-block-vf.ts';
import { NDIS_STATUS } from '#shared/ndis/ndis-status.ts';
import { delay } from '#shared/time/clock.ts';
import { MAIL_LENGTH, mailBytes, REPORT_BLOCK } from '../../drivers/mail.ts';

const DEVICE_BLOCK = 1;
const PAUSE_MS = 1000;

/** A VF that looks for its device every second, at most so many times, until it is halted. */
export function patientVf(attempts: number) {
  return defineVfMiniport((adapter) => {
    const halted = new AbortController();
    const lookForDevice = async (): Promise<void> => {
      for (let attempt = 0; attempt < attempts && !halted.signal.aborted; attempt++) {
        if (await isThere(adapter)) return await setUp(adapter);
        await delay(adapter.clock, PAUSE_MS, halted.signal);
      }
    };
    return configBlockVf({
      initialize() {
        adapter.ndisQueueIoWorkItem(lookForDevice);
        return NDIS_STATUS.NDIS_STATUS_SUCCESS;
      },
      invalidated() {},
      halt: () => halted.abort(),
    });
  });
}

async function isThere(adapter: VfAdapter): Promise<boolean> {
  const status = await adapter.ndisMReadConfigBlock(DEVICE_BLOCK, new Uint8Array(1), 1);
  return status === NDIS_STATUS.NDIS_STATUS_SUCCESS;
}

async function setUp(adapter: VfAdapter): Promise<void> {
  const report = mailBytes({ code: 1, matchId: 0, value: 0 });
  await adapter.ndisMWriteConfigBlock(REPORT_BLOCK, report, MAIL_LENGTH);
}
