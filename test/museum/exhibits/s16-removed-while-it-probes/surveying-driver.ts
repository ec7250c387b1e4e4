import {
  defineLinuxVfDriver,
  type LinuxKernel,
  type LinuxPciDevice,
} from '#guest/linux/linux-vf-driver.ts';
import { ERRNO } from '#shared/linux/errno.ts';
import { delay } from '#shared/time/clock.ts';
import { VERSIONED_LENGTH } from '../../drivers/versioned-pf.ts';

const QUERY_BLOCK = 0;
const LIST_BLOCK = 1;

/** How often a wait looks whether the device is still there. */
const LOOKS_EVERY_MS = 10;
/** How long the work takes with a list of devices. */
const SURVEY_MS = 50;

/** The stack frame of a function, with the completion that is a variable of it. */
interface Frame {
  isDone: boolean;
  /** The function has returned, and others use the memory. */
  hasReturned: boolean;
}

/**
 * hv_pci_query_relations in miniature: asks for the list of what is there, and waits for the work that
 * takes the list in, which completes a completion on the stack. `flushes` is whether it lets that work
 * finish before it gives up because the device is gone.
 */
export function surveyingDriver(flushes: boolean) {
  return defineLinuxVfDriver((kernel) => {
    /** Where the work finds the completion: what is NULL is not completed. */
    let surveyEvent: Frame | undefined;
    const survey = async (device: LinuxPciDevice): Promise<void> => {
      const found = surveyEvent;
      surveyEvent = undefined;
      await readList(device);
      await delay(kernel.clock, SURVEY_MS);
      if (found !== undefined) complete(found);
    };
    return {
      async probe(device) {
        device.hyperv_reg_block_invalidate(device, (each) => {
          kernel.scheduleWork(() => survey(each));
        });
        const frame: Frame = { isDone: false, hasReturned: false };
        surveyEvent = frame;
        const error = await queryAndWait(kernel, device, frame);
        if (error !== 0 && flushes) await kernel.flushWork();
        frame.hasReturned = true;
        return error;
      },
      remove: (device) => void device.hyperv_reg_block_invalidate(undefined, undefined),
    };
  });
}

async function queryAndWait(
  kernel: LinuxKernel,
  device: LinuxPciDevice,
  frame: Frame,
): Promise<number> {
  const query = new Uint8Array(VERSIONED_LENGTH);
  let error = await device.hyperv_write_cfg_blk(query, query.length, QUERY_BLOCK);
  while (error === 0 && !frame.isDone) {
    await delay(kernel.clock, LOOKS_EVERY_MS);
    error = await deviceError(device);
  }
  return error;
}

/** -ENODEV once the channel has been rescinded; the channel itself has no flag that a driver sees. */
async function deviceError(device: LinuxPciDevice): Promise<number> {
  const probe = new Uint8Array(VERSIONED_LENGTH);
  const error = await device.hyperv_write_cfg_blk(probe, probe.length, QUERY_BLOCK);
  return error === -ERRNO.ENODEV ? error : 0;
}

async function readList(device: LinuxPciDevice): Promise<void> {
  await device.hyperv_read_cfg_blk(new Uint8Array(VERSIONED_LENGTH), VERSIONED_LENGTH, LIST_BLOCK);
}

/** complete() takes the lock that is in the completion. */
function complete(frame: Frame): void {
  if (frame.hasReturned)
    throw new Error('page fault: complete() on the stack of a function that has returned');
  frame.isDone = true;
}
