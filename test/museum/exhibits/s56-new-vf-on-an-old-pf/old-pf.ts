import { definePfMiniport } from '#host/ndis/pf-miniport.ts';
import { configBlockPf } from '#host/pf-miniport/config-block-pf.ts';
import { NDIS_STATUS } from '#shared/ndis/ndis-status.ts';

/** A VF writes the version of the mailbox's protocol to it that it would like to speak. */
export const VERSION_BLOCK = 1;
/** The newest that this PF knows; VFs have become newer. */
const NEWEST = 15;

/** A PF that refuses what it does not know. */
export function oldPf() {
  return definePfMiniport((adapter) =>
    configBlockPf(adapter, {
      readBlock: () => NDIS_STATUS.NDIS_STATUS_INVALID_PARAMETER,
      writeBlock: (_vfId, _blockId, data) =>
        (data[0] ?? 0) <= NEWEST
          ? NDIS_STATUS.NDIS_STATUS_SUCCESS
          : NDIS_STATUS.NDIS_STATUS_NOT_SUPPORTED,
    }),
  );
}
