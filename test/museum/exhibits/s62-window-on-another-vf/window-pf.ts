import { definePfMiniport } from '#host/ndis/pf-miniport.ts';
import { configBlockPf } from '#host/pf-miniport/config-block-pf.ts';
import { NDIS_STATUS } from '#shared/ndis/ndis-status.ts';
import { type Clock, delay, setPeriodicTimer, type Timer } from '#shared/time/clock.ts';

/** Hardware that shows the block of one VF at a time: of the one that was selected last. */
class WindowedDevice {
  readonly #clock: Clock;
  #selected = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  select(vfId: number): void {
    this.#selected = vfId;
  }

  /** The block in the window: its first byte is the VFId. */
  read(length: number): Uint8Array {
    const data = new Uint8Array(length);
    data[0] = this.#selected;
    return data;
  }

  /** Until the hardware is ready to be asked. */
  async ready(milliseconds: number): Promise<void> {
    await delay(this.#clock, milliseconds);
  }
}

/**
 * A PF whose timer looks after all VFs in turn, through the window through which it reads their blocks
 * for them. The keyword `SweepEveryMs` says how often, `ReadTakesMs` how long the hardware takes to be
 * ready for a read: before the VF is selected, or after it.
 */
export function windowPf(order: 'selectsThenReads' | 'selectsAndReads') {
  return definePfMiniport((adapter) => {
    const { clock, configuration } = adapter;
    const device = new WindowedDevice(clock);
    const vfs = new Set<number>();
    let sweep: Timer | undefined;
    return configBlockPf(adapter, {
      initialize() {
        sweep = setPeriodicTimer(clock, Number(configuration.get('SweepEveryMs')), () => {
          for (const vfId of vfs) device.select(vfId);
        });
        return NDIS_STATUS.NDIS_STATUS_SUCCESS;
      },
      halt: () => sweep?.cancel(),
      async readBlock(vfId, _blockId, length) {
        if (order === 'selectsThenReads') device.select(vfId);
        await device.ready(Number(configuration.get('ReadTakesMs')));
        if (order === 'selectsAndReads') device.select(vfId);
        return device.read(length);
      },
      writeBlock: () => NDIS_STATUS.NDIS_STATUS_SUCCESS,
      vfAllocated: (vfId) => void vfs.add(vfId),
      vfFreed: (vfId) => void vfs.delete(vfId),
    });
  });
}
