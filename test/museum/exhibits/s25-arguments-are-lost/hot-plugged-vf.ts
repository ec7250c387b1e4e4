import { defineVfMiniport } from '#guest/ndis/vf-miniport.ts';
import { configBlockVf } from '#guest/vf-miniport/config-block-vf.ts';

/** The VF writes to it how it is set up: two bytes with its MTU, little-endian. */
export const SET_UP_BLOCK = 1;
const DEFAULT_MTU = 1500;

/** What becomes of the arguments of a device that is removed. */
export type Arguments = 'goWithIt' | 'areKept';

/**
 * The driver of a program that was started with `g1/0,mtu=9000`. The arguments belong to the device, and
 * are there when it is probed.
 */
export function hotPluggedVf(whenRemoved: Arguments) {
  const devargs = new Map([['g1/0', { mtu: 9000 }]]);
  return defineVfMiniport((adapter) =>
    configBlockVf({
      async initialize() {
        const { mtu } = devargs.get(adapter.name) ?? { mtu: DEFAULT_MTU };
        const block = Buffer.alloc(2);
        block.writeUInt16LE(mtu);
        return await adapter.ndisMWriteConfigBlock(SET_UP_BLOCK, block, block.length);
      },
      invalidated() {},
      halt() {
        if (whenRemoved === 'goWithIt') devargs.delete(adapter.name);
      },
    }),
  );
}
