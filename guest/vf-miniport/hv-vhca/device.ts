import type { Logger } from 'pino';
import type { Clock } from '#shared/time/clock.ts';
import type { BlockId } from '#shared/vpci/config-block.ts';
import type { BusStatistics } from '../../ndis/vf-miniport.ts';

/** The VF, and what its driver needs of the guest OS, whichever that is. Blocks are whole: 128 bytes. */
export interface HvVhcaDevice {
  readonly clock: Clock;
  readonly log: Logger;
  busStatistics(): BusStatistics;
  /** The bytes of a block; undefined when they cannot be read, or are fewer. */
  readBlock(blockId: BlockId): Promise<Uint8Array | undefined>;
  /** Returns undefined, or the name of the status with which the write failed. */
  writeBlock(blockId: BlockId, block: Uint8Array): Promise<string | undefined>;
  /** Calls `work`, which a timer asks for, where it may read and write blocks. */
  runWork(work: () => void): void;
}
