import { definePfMiniport } from '#host/ndis/pf-miniport.ts';
import { configBlockPf } from '#host/pf-miniport/config-block-pf.ts';
import { NDIS_STATUS } from '#shared/ndis/ndis-status.ts';
import { CONTROL_BLOCK, type Control, controlBytes, parseControl } from './control-block.ts';

/**
 * A PF that gives the commands 1, 2, … at the times of the keyword `CommandsAtMs`. Of what a VF writes
 * to the control block it takes the whole, or the acknowledgement alone.
 */
export function commandingPf(takes: 'theBlock' | 'theAck') {
  return definePfMiniport((adapter) => {
    const vfs = new Set<number>();
    let control: Control = { command: 0, ack: 0 };
    let commands = 0;
    const give = (): void => {
      control = { ...control, command: ++commands };
      for (const vfId of vfs) adapter.ndisMInvalidateConfigBlock(vfId, 1n << BigInt(CONTROL_BLOCK));
    };
    return configBlockPf(adapter, {
      initialize() {
        for (const time of adapter.configuration.get('CommandsAtMs')?.split(',') ?? []) {
          adapter.clock.setTimer(Number(time), give);
        }
        return NDIS_STATUS.NDIS_STATUS_SUCCESS;
      },
      readBlock: () => controlBytes(control),
      writeBlock(_vfId, _blockId, data) {
        const written = parseControl(data);
        control = takes === 'theBlock' ? written : { ...control, ack: written.ack };
        return NDIS_STATUS.NDIS_STATUS_SUCCESS;
      },
      vfAllocated: (vfId) => void vfs.add(vfId),
      vfFreed: (vfId) => void vfs.delete(vfId),
    });
  });
}
