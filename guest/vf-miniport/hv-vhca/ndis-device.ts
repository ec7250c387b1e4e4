import { HV_VHCA_BLOCK_SIZE } from '#shared/hv-vhca/block.ts';
import { NDIS_STATUS, ndisStatusName } from '#shared/ndis/ndis-status.ts';
import type { BlockId } from '#shared/vpci/config-block.ts';
import type { VfAdapter } from '../../ndis/vf-miniport.ts';
import type { HvVhcaDevice } from './device.ts';

/** What no block has as its last byte, which is reserved and 0. */
const UNREAD = 0xff;

/** The VF as NDIS gives it to its miniport. */
export function ndisDevice(adapter: VfAdapter): HvVhcaDevice {
  return {
    clock: adapter.clock,
    log: adapter.log,
    busStatistics: () => adapter.busStatistics(),
    readBlock: (blockId) => readBlock(adapter, blockId),
    async writeBlock(blockId, block) {
      const status = await adapter.ndisMWriteConfigBlock(blockId, block, HV_VHCA_BLOCK_SIZE);
      return status === NDIS_STATUS.NDIS_STATUS_SUCCESS ? undefined : ndisStatusName(status);
    },
    runWork: (work) => adapter.ndisQueueIoWorkItem(work),
  };
}

/**
 * NdisMReadConfigBlock does not tell how many bytes it has read, but it leaves those behind them as
 * they are: a block is whole when its last byte was overwritten.
 */
async function readBlock(adapter: VfAdapter, blockId: BlockId): Promise<Uint8Array | undefined> {
  const bytes = new Uint8Array(HV_VHCA_BLOCK_SIZE).fill(UNREAD);
  const status = await adapter.ndisMReadConfigBlock(blockId, bytes, HV_VHCA_BLOCK_SIZE);
  return status === NDIS_STATUS.NDIS_STATUS_SUCCESS && bytes.at(-1) !== UNREAD ? bytes : undefined;
}
