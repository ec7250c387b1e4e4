import { configBlockPf, definePfMiniport, NDIS_STATUS } from 'sriov-backchannel/host';

/** The PF miniport that does nothing: VFs come and go, and have no blocks. Copy it to begin yours. */
export default definePfMiniport((adapter) =>
  configBlockPf(adapter, {
    vfAllocated(vfId, parameters) {
      adapter.log.info({ vfId, vm: parameters.vmName }, 'VF allocated');
    },
    readBlock() {
      return NDIS_STATUS.NDIS_STATUS_INVALID_PARAMETER;
    },
    writeBlock() {
      return NDIS_STATUS.NDIS_STATUS_INVALID_PARAMETER;
    },
  }),
);
