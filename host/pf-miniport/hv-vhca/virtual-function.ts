import { type ControlBlock, EMPTY_CONTROL_BLOCK } from '#shared/hv-vhca/control-block.ts';
import type { RingStatistics } from '#shared/hv-vhca/ring-statistics.ts';
import type { IssuedCommand } from './issued-command.ts';
import { Reassembly } from './reassembly.ts';

/** A report of a VF that came whole. */
export interface StatisticsReceived {
  /** Milliseconds since the Unix epoch, by the adapter's clock. */
  readonly at: number;
  readonly sequence: number;
  readonly rings: readonly RingStatistics[];
}

/** What the PF keeps of an allocated VF. */
export class VirtualFunction {
  readonly vfId: number;
  readonly reassembly = new Reassembly();
  lastReport: StatisticsReceived | undefined;
  #written: ControlBlock = EMPTY_CONTROL_BLOCK;
  #issued: IssuedCommand | undefined;

  constructor(vfId: number) {
    this.vfId = vfId;
  }

  /** Block 0 as the VF wrote it last. */
  get written(): ControlBlock {
    return this.#written;
  }

  /** The command that stands in block 0. */
  get issued(): IssuedCommand | undefined {
    return this.#issued;
  }

  /**
   * Block 0 as the VF reads it: what it wrote itself, with what the PF commands. Were the words of
   * the PF kept where the VF writes, a VF that writes what it read earlier would undo a command.
   */
  get controlBlock(): ControlBlock {
    const { control = 0, command = 0 } = this.#issued ?? {};
    return { ...this.#written, control, command };
  }

  /** Takes what the VF wrote to block 0. */
  write(block: ControlBlock): void {
    this.#written = block;
    this.reassembly.expectRings(block.rings);
  }

  /** Puts a command into block 0 in the place of the one before. */
  issue(command: IssuedCommand): void {
    this.withdraw();
    this.#issued = command;
  }

  /** Takes the command out of block 0. */
  withdraw(): void {
    this.#issued?.withdraw();
    this.#issued = undefined;
  }
}
