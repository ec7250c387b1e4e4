import { viewOf } from '#shared/ndis/object-header.ts';
import {
  PCI_COMMON_CONFIG,
  PCI_WHICHSPACE_CONFIG,
  pciIdHex,
} from '#shared/pci/configuration-space.ts';
import { RecurringLog } from '#shared/recurring-log.ts';
import type { VfAdapter } from '../../ndis/vf-miniport.ts';

/** The ids take the bytes before the Command register. */
const IDS_LENGTH = PCI_COMMON_CONFIG.command;

/**
 * Reads from configuration space which device this is, and says so. The driver makes no difference by
 * it, since PFs of all kinds may serve its blocks; nor does it fail where nothing can be read.
 */
export async function identifyDevice(adapter: VfAdapter): Promise<void> {
  const log = new RecurringLog(adapter.log, adapter.clock);
  const bytes = new Uint8Array(IDS_LENGTH);
  const count = await adapter.ndisMGetBusData(PCI_WHICHSPACE_CONFIG, 0, bytes, IDS_LENGTH);
  if (count < IDS_LENGTH) {
    const what = 'device not identified: its configuration space cannot be read';
    log.warn('not identified', { count }, what);
    return;
  }
  const view = viewOf(bytes);
  const vendorId = pciIdHex(view.getUint16(PCI_COMMON_CONFIG.vendorId, true));
  const deviceId = pciIdHex(view.getUint16(PCI_COMMON_CONFIG.deviceId, true));
  log.info('identified', { vendorId, deviceId }, 'device identified');
}
