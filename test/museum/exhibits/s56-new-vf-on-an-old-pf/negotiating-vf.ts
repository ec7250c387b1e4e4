import { defineVfMiniport } from '#guest/ndis/vf-miniport.ts';
import { configBlockVf } from '#guest/vf-miniport/config-block-vf.ts';
import { NDIS_STATUS } from '#shared/ndis/ndis-status.ts';
import { VERSION_BLOCK } from './old-pf.ts';

/** From the newest to the oldest that the VF speaks. */
const VERSIONS = [17, 16, 15, 14];

/** A VF that starts with a version that the PF accepts: only with the newest, or with an older one. */
export function negotiatingVf(how: 'insists' | 'fallsBack') {
  return defineVfMiniport((adapter) =>
    configBlockVf({
      async initialize() {
        const versions = how === 'insists' ? VERSIONS.slice(0, 1) : VERSIONS;
        for (const version of versions) {
          const status = await adapter.ndisMWriteConfigBlock(
            VERSION_BLOCK,
            Uint8Array.of(version),
            1,
          );
          if (status === NDIS_STATUS.NDIS_STATUS_SUCCESS) return status;
        }
        return NDIS_STATUS.NDIS_STATUS_BAD_VERSION;
      },
      invalidated() {},
    }),
  );
}
