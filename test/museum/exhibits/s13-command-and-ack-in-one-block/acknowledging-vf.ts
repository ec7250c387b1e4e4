import { defineVfMiniport } from '#guest/ndis/vf-miniport.ts';
import { configBlockVf } from '#guest/vf-miniport/config-block-vf.ts';
import { delay } from '#shared/time/clock.ts';
import { CONTROL_BLOCK, CONTROL_LENGTH, controlBytes, parseControl } from './control-block.ts';

const COMMAND_TAKES_MS = 5;

/** A VF that carries out a command, and writes the block back with its acknowledgement, as mlx5 does. */
export function acknowledgingVf() {
  return defineVfMiniport((adapter) =>
    configBlockVf({
      async invalidated() {
        const block = new Uint8Array(CONTROL_LENGTH);
        await adapter.ndisMReadConfigBlock(CONTROL_BLOCK, block, CONTROL_LENGTH);
        const { command, ack } = parseControl(block);
        if (command === ack) return;
        await delay(adapter.clock, COMMAND_TAKES_MS);
        const done = controlBytes({ command, ack: command });
        await adapter.ndisMWriteConfigBlock(CONTROL_BLOCK, done, CONTROL_LENGTH);
      },
    }),
  );
}
