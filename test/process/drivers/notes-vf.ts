import { configBlockVf, defineVfMiniport } from 'sriov-backchannel/guest';

/** A VF that logs each note it reads: the first when it starts, others when they have changed. */
export default defineVfMiniport((adapter) => {
  async function read(blockId: number): Promise<void> {
    const buffer = Buffer.alloc(128);
    const status = await adapter.ndisMReadConfigBlock(blockId, buffer, buffer.length);
    const note = buffer.toString().replaceAll('\0', '');
    adapter.log.info({ blockId, status, note }, 'note read');
  }

  return configBlockVf({
    async initialize() {
      await read(0);
      const note = Buffer.from(`${adapter.name} is here`);
      return await adapter.ndisMWriteConfigBlock(1, note, note.length);
    },
    async invalidated(blocks) {
      for (const blockId of blocks) await read(blockId);
    },
    halt(action) {
      adapter.log.info({ action }, 'halted');
    },
  });
});
