import { delay } from '#shared/time/clock.ts';
import { workingVf } from '../../drivers/working-vf.ts';

const BLOCK = 1;
const LENGTH = 4;
const READS = 8;
const PAUSE_MS = 1;

/** A VF that reads its block several times. */
export function blockReader() {
  return workingVf(async (adapter) => {
    for (let count = 0; count < READS; count++) {
      await adapter.ndisMReadConfigBlock(BLOCK, new Uint8Array(LENGTH), LENGTH);
      await delay(adapter.clock, PAUSE_MS);
    }
  });
}
