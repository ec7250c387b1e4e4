import { defineVfMiniport, type VfAdapter } from '#guest/ndis/vf-miniport.ts';
import { configBlockVf } from '#guest/vf-miniport/config-block-vf.ts';
import { NDIS_STATUS } from '#shared/ndis/ndis-status.ts';
import { VERSIONED_LENGTH } from '../../drivers/versioned-pf.ts';

/** A VF that reads block 1 in the background; `remembers` whether it was told again meanwhile. */
export function backgroundReader(remembers: boolean) {
  return defineVfMiniport((adapter) => {
    let isReading = false;
    let isStale = false;
    const readSoon = (): void => {
      isStale = true;
      if (isReading) return;
      isReading = true;
      void readWhileStale();
    };
    async function readWhileStale(): Promise<void> {
      do {
        isStale = false;
        await read(adapter);
      } while (remembers && isStale);
      isReading = false;
    }
    return configBlockVf({
      async initialize() {
        await read(adapter);
        return NDIS_STATUS.NDIS_STATUS_SUCCESS;
      },
      invalidated: readSoon,
      // A read that is under way still returns; no other may follow it.
      halt() {
        isStale = false;
      },
    });
  });
}

async function read(adapter: VfAdapter): Promise<void> {
  await adapter.ndisMReadConfigBlock(1, new Uint8Array(VERSIONED_LENGTH), VERSIONED_LENGTH);
}
