import { blocksOfMask, defineLinuxVfDriver, type LinuxPciDevice } from 'sriov-backchannel/guest';

/** A Linux VF driver that logs each note it reads: the first at its probe, others when they change. */
export default defineLinuxVfDriver((kernel) => {
  async function read(device: LinuxPciDevice, blockId: number): Promise<void> {
    const buffer = Buffer.alloc(128);
    const { error, bytesReturned } = await device.hyperv_read_cfg_blk(buffer, 128, blockId);
    const note = buffer.subarray(0, bytesReturned).toString().replaceAll('\0', '');
    kernel.log.info({ blockId, error, bytesReturned, note }, 'note read');
  }

  return {
    async probe(device) {
      device.hyperv_reg_block_invalidate(device, (context, mask) => {
        for (const blockId of blocksOfMask(mask)) {
          kernel.scheduleWork(() => read(context, blockId));
        }
      });
      await read(device, 0);
      const note = Buffer.from(`${kernel.name} is here`);
      return await device.hyperv_write_cfg_blk(note, note.length, 1);
    },
    remove() {
      kernel.log.info('removed');
    },
  };
});
