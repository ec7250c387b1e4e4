import { HV_VHCA_BLOCK_SIZE } from '#shared/hv-vhca/block.ts';
import { ERRNO, errnoName } from '#shared/linux/errno.ts';
import { RecurringLog } from '#shared/recurring-log.ts';
import { counterSource } from '../../vf-miniport/counter-source.ts';
import type { HvVhcaDevice } from '../../vf-miniport/hv-vhca/device.ts';
import { HvVhcaVf } from '../../vf-miniport/hv-vhca/hv-vhca-vf.ts';
import type { ReadCounters } from '../../vf-miniport/machine-counters.ts';
import {
  defineLinuxVfDriver,
  type LinuxKernel,
  type LinuxModule,
  type LinuxPciDevice,
  type LinuxVfDriver,
} from '../linux-vf-driver.ts';

export interface LinuxHvVhcaOptions {
  /** Where the statistics come from, instead of the machine's network interfaces. */
  readonly readCounters?: ReadCounters;
}

/**
 * The VF agent of hv_vhca as mlx5 has it in Linux. It is registered for invalidations before there
 * is an agent; each invalidation is work of its own; and a block that is not whole is no block.
 *
 * Source: Linux mlx5 hv_vhca, as facts about a published driver.
 */
export function createLinuxHvVhca(options: LinuxHvVhcaOptions = {}): LinuxModule {
  return defineLinuxVfDriver((kernel) => hvVhcaDriver(kernel, options));
}

export default createLinuxHvVhca();

function hvVhcaDriver(kernel: LinuxKernel, options: LinuxHvVhcaOptions): LinuxVfDriver {
  const readCounters = options.readCounters ?? counterSource(kernel.parameters);
  const log = new RecurringLog(kernel.log, kernel.clock);
  let vf: HvVhcaVf | undefined;
  return {
    async probe(device) {
      const started = new HvVhcaVf(vhcaDevice(kernel, device), readCounters);
      vf = started;
      const error = device.hyperv_reg_block_invalidate(started, (context, mask) => {
        if (!kernel.scheduleWork(() => context.invalidated(mask))) {
          log.warn('lost', {}, 'hv_vhca invalidation lost: no memory for the work');
        }
      });
      if (error !== 0) return error;
      if (await started.start(kernel.parameters)) return 0;
      device.hyperv_reg_block_invalidate(undefined, undefined);
      return -ERRNO.EINVAL;
    },
    async remove(device) {
      await vf?.stop(false);
      device.hyperv_reg_block_invalidate(undefined, undefined);
      await kernel.flushWork();
    },
  };
}

function vhcaDevice(kernel: LinuxKernel, device: LinuxPciDevice): HvVhcaDevice {
  return {
    clock: kernel.clock,
    log: kernel.log,
    busStatistics: () => kernel.busStatistics(),
    async readBlock(blockId) {
      const block = new Uint8Array(HV_VHCA_BLOCK_SIZE);
      const { bytesReturned } = await device.hyperv_read_cfg_blk(block, block.length, blockId);
      return bytesReturned === block.length ? block : undefined;
    },
    async writeBlock(blockId, block) {
      const error = await device.hyperv_write_cfg_blk(block, block.length, blockId);
      return error === 0 ? undefined : errnoName(error);
    },
    runWork: (work) => work(),
  };
}
