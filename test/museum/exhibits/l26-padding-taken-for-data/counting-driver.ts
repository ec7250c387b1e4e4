import { defineLinuxVfDriver } from '#guest/linux/linux-vf-driver.ts';
import { MAIL_LENGTH, mailBytes, REPORT_BLOCK } from '../../drivers/mail.ts';
import { VLANS_BLOCK, WORD_BYTES } from './listing-pf.ts';

const LONGEST_BLOCK = 128;

/** From what a driver knows how long a list is: from its length, or from what is in it. */
export type Counts = 'bytesReturned' | 'theList';

/** A driver that sets up the VLANs that the PF lists, and reports each. */
export function countingDriver(counts: Counts) {
  return defineLinuxVfDriver(() => ({
    async probe(device) {
      const block = Buffer.alloc(LONGEST_BLOCK);
      const read = await device.hyperv_read_cfg_blk(block, LONGEST_BLOCK, VLANS_BLOCK);
      if (read.error !== 0) return read.error;
      const length = read.bytesReturned / WORD_BYTES - 1;
      const vlans = counts === 'bytesReturned' ? length : block.readUInt32LE(0);
      for (let index = 1; index <= vlans; index++) {
        const value = block.readUInt32LE(index * WORD_BYTES);
        const report = mailBytes({ code: 1, matchId: index, value });
        await device.hyperv_write_cfg_blk(report, MAIL_LENGTH, REPORT_BLOCK);
      }
      return 0;
    },
    remove: () => {},
  }));
}
