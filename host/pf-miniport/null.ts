import { configBlockPf, definePfMiniport, NDIS_STATUS, RecurringLog } from 'sriov-backchannel/host';

/** The PF miniport that does nothing: VFs come and go, and have no blocks. Copy it to begin yours. */
export default definePfMiniport((adapter) => {
  // Guests come and go as often as they like, and must not fill the log with it.
  const log = new RecurringLog(adapter.log, adapter.clock);
  return configBlockPf(adapter, {
    vfAllocated(vfId, parameters) {
      log.info(`${vfId} allocated`, { vfId, vm: parameters.vmName }, 'VF allocated');
    },
    readBlock() {
      return NDIS_STATUS.NDIS_STATUS_INVALID_PARAMETER;
    },
    writeBlock() {
      return NDIS_STATUS.NDIS_STATUS_INVALID_PARAMETER;
    },
  });
});
