import { definePfMiniport } from '#host/ndis/pf-miniport.ts';
import { configBlockPf } from '#host/pf-miniport/config-block-pf.ts';
import { NDIS_STATUS } from '#shared/ndis/ndis-status.ts';
import { delay, type Timer } from '#shared/time/clock.ts';

/** Bytes that its VFs read of a block of the versioned PF, where nothing else is said. */
export const VERSIONED_LENGTH = 8;

/** The version in the data of a block of the versioned PF. */
export function versionOf(_blockId: number, data: Uint8Array): number | undefined {
  if (data.byteLength < 4) return undefined;
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength).readUInt32LE(0);
}

/** What a versioned PF does when one of its changes is due. */
export type Change = (change: {
  /** The content becomes the next version. */
  readonly next: () => void;
  /** NdisMInvalidateConfigBlock for every VF, with the mask of block 1. */
  readonly invalidate: () => void;
}) => void;

/** The change of a PF that is correct: what is invalidated has changed already. */
export const changeThenInvalidate: Change = ({ next, invalidate }) => {
  next();
  invalidate();
};

/**
 * A PF whose every block has a version, 1 at first: each of its words is that, little-endian. The keyword `ChangesAtMs` has the times, in
 * milliseconds after its start, at which block 1 changes: `10,11`; and `ReadTakesMs` how long a read
 * stays with the PF after it has taken the block's content, as it does where hardware is asked.
 */
export function versionedPf(change: Change = changeThenInvalidate) {
  return definePfMiniport((adapter) => {
    const vfs = new Set<number>();
    const changes: Timer[] = [];
    let version = 1;
    const due = (): void =>
      change({
        next: () => void version++,
        invalidate: () => {
          for (const vfId of vfs) adapter.ndisMInvalidateConfigBlock(vfId, 2n);
        },
      });
    return configBlockPf(adapter, {
      initialize() {
        const times = adapter.configuration.get('ChangesAtMs')?.split(',') ?? [];
        for (const time of times) changes.push(adapter.clock.setTimer(Number(time), due));
        return NDIS_STATUS.NDIS_STATUS_SUCCESS;
      },
      halt() {
        for (const each of changes) each.cancel();
      },
      readBlock(_vfId, _blockId, length) {
        const data = Buffer.alloc(length);
        for (let at = 0; at + 4 <= length; at += 4) data.writeUInt32LE(version, at);
        const time = Number(adapter.configuration.get('ReadTakesMs') ?? 0);
        return time === 0 ? data : delay(adapter.clock, time).then(() => data);
      },
      writeBlock: () => NDIS_STATUS.NDIS_STATUS_SUCCESS,
      vfAllocated: (vfId) => void vfs.add(vfId),
      vfFreed: (vfId) => void vfs.delete(vfId),
    });
  });
}
