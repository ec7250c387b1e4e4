import { configBlockVf, defineVfMiniport } from 'sriov-backchannel/guest';
import { configBlockPf, definePfMiniport, maskOfBlocks, NDIS_STATUS } from 'sriov-backchannel/host';
import { defineScenario } from 'sriov-backchannel/testing';

/** A PF that keeps what is written, and tells the VF of it. */
const pf = definePfMiniport((adapter) => {
  const blocks = new Map<number, Uint8Array>();
  return configBlockPf(adapter, {
    readBlock: (_vfId, blockId) => blocks.get(blockId) ?? new Uint8Array(4),
    writeBlock(vfId, blockId, data) {
      blocks.set(blockId, Uint8Array.from(data));
      adapter.ndisMInvalidateConfigBlock(vfId, maskOfBlocks([blockId]));
      return NDIS_STATUS.NDIS_STATUS_SUCCESS;
    },
  });
});

/** What the keyword Mischief has the VF do once it has been told of a block. */
const MISCHIEF: Readonly<Record<string, () => void>> = {
  exit: () => process.exit(3),
  loop() {
    process.stderr.write(`looping in process ${process.pid}\n`);
    for (;;);
  },
  stray() {
    setImmediate(() => {
      throw new Error('nobody catches this');
    });
  },
};

/** A VF that writes block 1, and reads it when it is told. */
const vf = defineVfMiniport((adapter) => {
  const mischief = MISCHIEF[adapter.configuration.get('Mischief') ?? ''];
  return configBlockVf({
    initialize: () => adapter.ndisMWriteConfigBlock(1, Uint8Array.of(1, 2, 3, 4), 4),
    async invalidated([blockId = 0]) {
      mischief?.();
      await adapter.ndisMReadConfigBlock(blockId, new Uint8Array(4), 4);
    },
  });
});

export default defineScenario({
  name: 'drivers that are functions',
  file: import.meta.url,
  pf,
  vf,
  async run(world) {
    await world.attachGuest('g1');
    await world.settle();
    await world.stopGuest('g1');
  },
});
