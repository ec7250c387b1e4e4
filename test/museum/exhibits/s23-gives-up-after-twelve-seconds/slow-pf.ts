import { definePfMiniport } from '#host/ndis/pf-miniport.ts';
import { configBlockPf } from '#host/pf-miniport/config-block-pf.ts';
import { NDIS_STATUS } from '#shared/ndis/ndis-status.ts';

/** A PF whose blocks cannot be read for as long as the keyword `ReadyAfterMs` says. */
export function slowPf() {
  return definePfMiniport((adapter) => {
    const { clock, configuration } = adapter;
    const ready = clock.now() + Number(configuration.get('ReadyAfterMs'));
    return configBlockPf(adapter, {
      readBlock: (_vfId, _blockId, length) =>
        clock.now() < ready ? NDIS_STATUS.NDIS_STATUS_ADAPTER_NOT_READY : new Uint8Array(length),
      writeBlock: () => NDIS_STATUS.NDIS_STATUS_SUCCESS,
    });
  });
}
