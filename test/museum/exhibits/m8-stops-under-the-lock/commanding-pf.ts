import { definePfMiniport } from '#host/ndis/pf-miniport.ts';
import { configBlockPf } from '#host/pf-miniport/config-block-pf.ts';
import { capabilityBit, HV_VHCA_AGENT, invalidationBit } from '#shared/hv-vhca/agent.ts';
import { EMPTY_CONTROL_BLOCK, encodeControlBlock } from '#shared/hv-vhca/control-block.ts';
import { NDIS_STATUS } from '#shared/ndis/ndis-status.ts';

/**
 * A PF that commands the statistics agent of its VFs: the keyword `Commands` has what, and `CommandsAtMs`
 * when, in milliseconds after its start.
 */
export function commandingPf() {
  return definePfMiniport((adapter) => {
    const vfs = new Set<number>();
    let block = EMPTY_CONTROL_BLOCK;
    const give = (command: number): void => {
      block = { ...block, control: capabilityBit(HV_VHCA_AGENT.stats), command };
      const mask = invalidationBit(HV_VHCA_AGENT.control);
      for (const vfId of vfs) adapter.ndisMInvalidateConfigBlock(vfId, mask);
    };
    return configBlockPf(adapter, {
      initialize() {
        const times = adapter.configuration.get('CommandsAtMs')?.split(',') ?? [];
        const commands = adapter.configuration.get('Commands')?.split(',') ?? [];
        for (const [index, time] of times.entries()) {
          adapter.clock.setTimer(Number(time), () => give(Number(commands[index])));
        }
        return NDIS_STATUS.NDIS_STATUS_SUCCESS;
      },
      readBlock: () => encodeControlBlock(block),
      writeBlock: () => NDIS_STATUS.NDIS_STATUS_SUCCESS,
      vfAllocated: (vfId) => void vfs.add(vfId),
      vfFreed: (vfId) => void vfs.delete(vfId),
    });
  });
}
