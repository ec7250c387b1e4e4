import { definePfMiniport } from '#host/ndis/pf-miniport.ts';
import { configBlockPf } from '#host/pf-miniport/config-block-pf.ts';
import { NDIS_STATUS } from '#shared/ndis/ndis-status.ts';

/** A VF writes one of {@link POWER} to it. */
export const POWER_BLOCK = 1;
export const POWER = { exit: 0, enter: 1 } as const;

/**
 * A PF whose device is entered once, and then is in use until it is left. A guest that crashes leaves
 * nothing, and the device does not notice that: as with the host of the report, the next one is
 * refused.
 */
export function exclusivePf() {
  return definePfMiniport((adapter) => {
    const entered = new Set<number>();
    return configBlockPf(adapter, {
      readBlock: () => NDIS_STATUS.NDIS_STATUS_INVALID_PARAMETER,
      writeBlock(vfId, _blockId, data) {
        if (data[0] === POWER.exit) entered.delete(vfId);
        else if (entered.has(vfId)) return NDIS_STATUS.NDIS_STATUS_NOT_ACCEPTED;
        else entered.add(vfId);
        return NDIS_STATUS.NDIS_STATUS_SUCCESS;
      },
    });
  });
}
