import type { PfMiniportFactory } from '#host/ndis/pf-miniport.ts';
import { configBlockPf } from '#host/pf-miniport/config-block-pf.ts';
import {
  readVfConfigSpace,
  writeVfConfigSpace,
} from '#host/virtualization-stack/config-space-oids.ts';
import { NDIS_STATUS } from '#shared/ndis/ndis-status.ts';
import { ManualClock } from '#test/kit/world/manual-clock.ts';
import { MACHINE_PATIENCE_MS, Patience } from './patience.ts';
import { ORIGIN, PfDoor } from './pf-door.ts';
import type { Device } from './vpci-device.ts';

const { NDIS_STATUS_SUCCESS } = NDIS_STATUS;

/** Where bytes of block data begin in the information buffer of a read. */
const DATA_AT = 20;

/** What a driver of a VF is held to its contract above. */
export interface PfDeviceOptions {
  /** The PF miniport that answers it; without one, every block is zeros and takes every write. */
  readonly pf?: PfMiniportFactory;
  /** Milliseconds of the machine's time that an answer may take; 2,000 by default. */
  readonly patienceMs?: number;
  /** The settings of the PF's adapter, by keyword. */
  readonly pfConfiguration?: ReadonlyMap<string, string>;
}

/** Runs a check above a VF whose PF miniport is there for it alone. */
export async function withDevice<T>(
  options: PfDeviceOptions,
  run: (device: Device, patience: Patience) => Promise<T>,
): Promise<T> {
  const patience = new Patience(new ManualClock(), options.patienceMs ?? MACHINE_PATIENCE_MS);
  const pf = new PfDoor(options.pf ?? zeros, options.pfConfiguration ?? new Map(), [], patience);
  await pf.start();
  const device = deviceOf(pf, await pf.allocate());
  try {
    return await run(device, patience);
  } finally {
    await pf.halt().catch(() => {});
  }
}

/** The PF miniport that has every block, all zeros. */
const zeros: PfMiniportFactory = (adapter) =>
  configBlockPf(adapter, {
    readBlock: (_vfId, _blockId, length) => new Uint8Array(length),
    writeBlock: () => NDIS_STATUS_SUCCESS,
  });

function deviceOf(pf: PfDoor, vfId: number): Device {
  return {
    async read(blockId, length) {
      const { status, request } = await pf.read(vfId, blockId, length);
      return status === NDIS_STATUS_SUCCESS
        ? request.informationBuffer.subarray(DATA_AT, request.bytesWritten)
        : undefined;
    },
    async write(blockId, data) {
      return (await pf.write(vfId, blockId, data)).status === NDIS_STATUS_SUCCESS;
    },
    async readSpace(offset, length) {
      const read = readVfConfigSpace(vfId, offset, length, ORIGIN, 0);
      const { status, request } = await pf.issue(read);
      return status === NDIS_STATUS_SUCCESS
        ? request.informationBuffer.subarray(DATA_AT, request.bytesWritten)
        : undefined;
    },
    async writeSpace(offset, data) {
      const write = writeVfConfigSpace(vfId, offset, data, ORIGIN, 0);
      return (await pf.issue(write)).status === NDIS_STATUS_SUCCESS;
    },
  };
}
