import { configBlockVf, defineVfMiniport } from 'sriov-backchannel/guest';

/** The VF miniport that does nothing: it starts, and hears what changed. Copy it to begin yours. */
export default defineVfMiniport((adapter) =>
  configBlockVf({
    invalidated(blocks) {
      adapter.log.info({ blocks }, 'blocks have changed');
    },
    halt(action) {
      adapter.log.info({ action }, 'halted');
    },
  }),
);
