import { configBlockVf, defineVfMiniport, RecurringLog } from 'sriov-backchannel/guest';

/** The VF miniport that does nothing: it starts, and hears what changed. Copy it to begin yours. */
export default defineVfMiniport((adapter) => {
  // A PF invalidates, and a VF comes and goes, as often as they like, and must not fill the log with it.
  const log = new RecurringLog(adapter.log, adapter.clock);
  return configBlockVf({
    invalidated(blocks) {
      log.info('changed', { blocks }, 'blocks have changed');
    },
    halt(action) {
      log.info('halted', { action }, 'halted');
    },
  });
});
