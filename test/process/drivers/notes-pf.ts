import { configBlockPf, definePfMiniport, maskOfBlocks, NDIS_STATUS } from 'sriov-backchannel/host';

/** A PF whose blocks are notes: what is written to one is kept, and its VF is told to read it. */
export default definePfMiniport((adapter) => {
  const notes = new Map<string, Buffer>();
  return configBlockPf(adapter, {
    vfAllocated(vfId) {
      notes.set(`${vfId}/0`, Buffer.from(`welcome, VF ${vfId}`));
    },
    readBlock(vfId, blockId) {
      return notes.get(`${vfId}/${blockId}`) ?? NDIS_STATUS.NDIS_STATUS_INVALID_PARAMETER;
    },
    writeBlock(vfId, blockId, data) {
      const note = Buffer.from(data);
      notes.set(`${vfId}/${blockId}`, note);
      adapter.log.info({ vfId, blockId, note: note.toString() }, 'note written');
      adapter.ndisMInvalidateConfigBlock(vfId, maskOfBlocks([blockId]));
      return NDIS_STATUS.NDIS_STATUS_SUCCESS;
    },
  });
});
