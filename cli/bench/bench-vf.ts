import { defineVfMiniport, type VfMiniportFactory } from '#guest/ndis/vf-miniport.ts';
import { NDIS_STATUS, type NdisStatus, ndisStatusName } from '#shared/ndis/ndis-status.ts';
import { OID } from '#shared/ndis/oid.ts';
import type { Clock } from '#shared/time/clock.ts';
import { VPCI_MAX_READ_WRITE_BLOCK_SIZE } from '#shared/vpci/config-block.ts';
import type { RoundTrip } from './load.ts';

/** A VF miniport as the bench drives it. */
export interface BenchVf {
  /** Reads the whole of block 0. */
  readonly read: RoundTrip;
  /** Writes a block, which makes the PF of the bench invalidate one; resolves after both are done. */
  readonly write: RoundTrip;
  /** When OID_SRIOV_VF_INVALIDATE_CONFIG_BLOCK came; what is taken is forgotten. */
  takeInvalidations(): number[];
}

/** Makes VF miniports that are driven from outside; each is handed to `created`. */
export function benchVf(clock: Clock, created: (vf: BenchVf) => void): VfMiniportFactory {
  return defineVfMiniport((adapter) => {
    const handledAt: number[] = [];
    let handled = (): void => {};
    const buffer = new Uint8Array(VPCI_MAX_READ_WRITE_BLOCK_SIZE);
    created({
      read: () => adapter.ndisMReadConfigBlock(0, buffer, buffer.byteLength).then(checkRead),
      async write() {
        const invalidated = new Promise<void>((resolve) => {
          handled = resolve;
        });
        check('write', await adapter.ndisMWriteConfigBlock(0, buffer, buffer.byteLength));
        await invalidated;
      },
      takeInvalidations: () => handledAt.splice(0),
    });
    return {
      miniportOidRequest({ oid }) {
        if (oid !== OID.OID_SRIOV_VF_INVALIDATE_CONFIG_BLOCK) {
          return NDIS_STATUS.NDIS_STATUS_NOT_SUPPORTED;
        }
        handledAt.push(clock.now());
        handled();
        return NDIS_STATUS.NDIS_STATUS_SUCCESS;
      },
    };
  });
}

function checkRead(status: NdisStatus): void {
  check('read', status);
}

function check(what: string, status: NdisStatus): void {
  if (status === NDIS_STATUS.NDIS_STATUS_SUCCESS) return;
  throw new Error(`a ${what} of a block failed with ${ndisStatusName(status)}`);
}
