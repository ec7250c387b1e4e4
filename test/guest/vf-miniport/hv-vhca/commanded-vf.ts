import { createHvVhcaVf } from '#guest/vf-miniport/hv-vhca/index.ts';
import type { ReadCounters } from '#guest/vf-miniport/machine-counters.ts';
import {
  type ControlBlock,
  decodeControlBlock,
  EMPTY_CONTROL_BLOCK,
  encodeControlBlock,
} from '#shared/hv-vhca/control-block.ts';
import { type DataBlock, decodeDataBlock } from '#shared/hv-vhca/data-block.ts';
import type { InterfaceCounters } from '#shared/reference-nic/interface-statistics.ts';
import { ScriptedPf, VfUnderTest } from '../reference/vf-under-test.ts';

/** Counters of which every one is this. */
export function allCounters(value: bigint): InterfaceCounters {
  return {
    rxBytes: value,
    rxPackets: value,
    rxErrors: value,
    rxDrops: value,
    txBytes: value,
    txPackets: value,
    txErrors: value,
    txDrops: value,
  };
}

/** The PF of hv_vhca as its VF sees it: block 0, which a test fills, and what was written. */
export class ScriptedHvVhcaPf extends ScriptedPf {
  constructor() {
    super();
    this.blocks.clear();
    this.say({});
  }

  /** Fills block 0; what is not given is 0. */
  say(block: Partial<ControlBlock>): void {
    this.blocks.set(0, encodeControlBlock({ ...EMPTY_CONTROL_BLOCK, ...block }));
  }

  /** What the VF wrote to block 0, in order. */
  get controls(): readonly (ControlBlock | undefined)[] {
    return this.#written(0).map(decodeControlBlock);
  }

  /** What the VF wrote to block 1, in order. */
  get fragments(): readonly (DataBlock | undefined)[] {
    return this.#written(1).map(decodeDataBlock);
  }

  #written(blockId: number): Uint8Array[] {
    return this.writes.filter((write) => write.blockId === blockId).map(({ data }) => data);
  }
}

/** A VF of hv_vhca that a test commands. */
export class CommandedVf extends VfUnderTest {
  override readonly pf: ScriptedHvVhcaPf;

  constructor(
    keywords: Readonly<Record<string, string>> = {},
    readCounters: ReadCounters = async () => allCounters(1n),
    pf = new ScriptedHvVhcaPf(),
  ) {
    super(createHvVhcaVf({ readCounters }), keywords, pf);
    this.pf = pf;
  }

  /** A started VF, of which nothing has been kept so far. */
  static async start(
    keywords: Readonly<Record<string, string>> = {},
    readCounters?: ReadCounters,
  ): Promise<CommandedVf> {
    const vf = new CommandedVf(keywords, readCounters);
    await vf.initialize();
    vf.pf.reads.length = 0;
    vf.pf.writes.length = 0;
    return vf;
  }

  /** Puts a command for the statistics into block 0, and invalidates it. */
  async command(command: number): Promise<void> {
    this.pf.say({ control: 1, command });
    await this.invalidate(0);
  }
}
