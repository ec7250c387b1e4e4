import { HV_VHCA_AGENT } from '#shared/hv-vhca/agent.ts';
import { NDIS_STATUS, type NdisStatus } from '#shared/ndis/ndis-status.ts';
import type { BlockId, BlockMask } from '#shared/vpci/config-block.ts';
import type { NdisHaltAction, VfAdapter } from '../../ndis/vf-miniport.ts';
import type { ConfigBlockVf } from '../config-block-vf.ts';
import type { ReadCounters } from '../machine-counters.ts';
import { Agents } from './agents.ts';
import { ControlAgent } from './control-agent.ts';
import { readKeywords } from './keywords.ts';
import { StatsAgent } from './stats-agent.ts';

/** The VF driver of hv_vhca, in terms of its blocks. */
export class HvVhcaVf implements ConfigBlockVf {
  readonly #adapter: VfAdapter;
  readonly #readCounters: ReadCounters;
  readonly #agents = new Agents();

  constructor(adapter: VfAdapter, readCounters: ReadCounters) {
    this.#adapter = adapter;
    this.#readCounters = readCounters;
  }

  /** A PF that does not know the protocol is no reason not to start: the NIC works without it. */
  async initialize(): Promise<NdisStatus> {
    const { configuration, log } = this.#adapter;
    const keywords = readKeywords(configuration);
    if ('keyword' in keywords) {
      log.error(keywords, 'keyword is not valid');
      return NDIS_STATUS.NDIS_STATUS_FAILURE;
    }
    await this.#agents.create(new ControlAgent(this.#adapter, this.#agents));
    const stats = new StatsAgent(this.#adapter, keywords.rings, this.#readCounters);
    await this.#agents.create(stats);
    return NDIS_STATUS.NDIS_STATUS_SUCCESS;
  }

  invalidated(_blocks: readonly BlockId[], mask: BlockMask): Promise<void> {
    return this.#agents.invalidated(mask);
  }

  /**
   * The PF learns that the statistics end, unless the device was removed by surprise: then the
   * control agent goes first, and without it nothing is read or written.
   */
  async halt(action: NdisHaltAction): Promise<void> {
    const { control, stats } = HV_VHCA_AGENT;
    const isRemoved = action === 'NdisHaltDeviceSurpriseRemoved';
    for (const type of isRemoved ? [control, stats] : [stats, control]) {
      await this.#agents.destroy(type);
    }
  }
}
