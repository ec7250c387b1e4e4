import { defineVfMiniport, type VfAdapter } from '#guest/ndis/vf-miniport.ts';
import { configBlockVf } from '#guest/vf-miniport/config-block-vf.ts';
import { NDIS_STATUS } from '#shared/ndis/ndis-status.ts';

/** A VF that does some work once it runs, and has no use for invalidations. */
export function workingVf(work: (adapter: VfAdapter) => Promise<void>) {
  return defineVfMiniport((adapter) =>
    configBlockVf({
      initialize() {
        adapter.ndisQueueIoWorkItem(() => work(adapter));
        return NDIS_STATUS.NDIS_STATUS_SUCCESS;
      },
      invalidated() {},
    }),
  );
}
