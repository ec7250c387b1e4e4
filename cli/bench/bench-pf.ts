import type { PfMiniportFactory } from '#host/ndis/pf-miniport.ts';
import { configBlockPf } from '#host/pf-miniport/config-block-pf.ts';
import { NDIS_STATUS, type NdisStatus } from '#shared/ndis/ndis-status.ts';
import type { Clock } from '#shared/time/clock.ts';
import { VPCI_MAX_READ_WRITE_BLOCK_SIZE } from '#shared/vpci/config-block.ts';

/** The PF miniport of the bench, and what it has noted down. */
export interface BenchPf {
  readonly factory: PfMiniportFactory;
  /** When it called NdisMInvalidateConfigBlock; what is taken is forgotten. */
  takeCalls(): number[];
}

/**
 * A PF whose every block is as long as a block can be, and which invalidates block 0 whenever a VF
 * writes. It completes the write only after the invalidation is on its way, so that the VF has
 * nothing else to do when it arrives.
 */
export function benchPf(clock: Clock): BenchPf {
  const block = new Uint8Array(VPCI_MAX_READ_WRITE_BLOCK_SIZE).fill(0xa5);
  const calledAt: number[] = [];
  return {
    factory: (adapter) =>
      configBlockPf({
        readBlock: () => block,
        writeBlock(vfId) {
          calledAt.push(clock.now());
          adapter.ndisMInvalidateConfigBlock(vfId, 1n);
          return completedLater();
        },
      }),
    takeCalls: () => calledAt.splice(0),
  };
}

function completedLater(): Promise<NdisStatus> {
  return new Promise((resolve) => setImmediate(() => resolve(NDIS_STATUS.NDIS_STATUS_SUCCESS)));
}
