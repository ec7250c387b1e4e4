import type { PfMiniportFactory } from '#host/ndis/pf-miniport.ts';
import { configBlockPf } from '#host/pf-miniport/config-block-pf.ts';
import { NDIS_STATUS } from '#shared/ndis/ndis-status.ts';
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
 * has written. It calls from a turn of its own, as a PF would to whom something has happened; and it
 * completes the write only in the next, so that the VF has nothing else to do meanwhile.
 */
export function benchPf(clock: Clock): BenchPf {
  const block = new Uint8Array(VPCI_MAX_READ_WRITE_BLOCK_SIZE).fill(0xa5);
  const calledAt: number[] = [];
  return {
    factory: (adapter) =>
      configBlockPf(adapter, {
        readBlock: () => block,
        async writeBlock(vfId) {
          await nextTurn();
          calledAt.push(clock.now());
          adapter.ndisMInvalidateConfigBlock(vfId, 1n);
          await nextTurn();
          return NDIS_STATUS.NDIS_STATUS_SUCCESS;
        },
      }),
    takeCalls: () => calledAt.splice(0),
  };
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
