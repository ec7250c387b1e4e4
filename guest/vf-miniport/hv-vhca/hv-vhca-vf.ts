import { HV_VHCA_AGENT } from '#shared/hv-vhca/agent.ts';
import type { BlockMask } from '#shared/vpci/config-block.ts';
import type { ReadCounters } from '../machine-counters.ts';
import { Agents } from './agents.ts';
import { ControlAgent } from './control-agent.ts';
import type { HvVhcaDevice } from './device.ts';
import { readKeywords } from './keywords.ts';
import { StatsAgent } from './stats-agent.ts';

/** The VF's part in hv_vhca, in whichever guest OS. */
export class HvVhcaVf {
  readonly #device: HvVhcaDevice;
  readonly #readCounters: ReadCounters;
  readonly #agents = new Agents();
  #stats: StatsAgent | undefined;

  constructor(device: HvVhcaDevice, readCounters: ReadCounters) {
    this.#device = device;
    this.#readCounters = readCounters;
  }

  /**
   * Returns false when a keyword of the configuration is not valid. A PF that does not know the
   * protocol is no reason not to start: the NIC works without it.
   */
  async start(configuration: ReadonlyMap<string, string>): Promise<boolean> {
    const keywords = readKeywords(configuration);
    if ('keyword' in keywords) {
      this.#device.log.error(keywords, 'keyword is not valid');
      return false;
    }
    await this.#agents.create(new ControlAgent(this.#device, this.#agents));
    this.#stats = new StatsAgent(this.#device, keywords.rings, this.#readCounters);
    await this.#agents.create(this.#stats);
    return true;
  }

  /** One mask at a time: resolves when the agents have looked at their blocks. */
  invalidated(mask: BlockMask): Promise<void> {
    return this.#agents.invalidated(mask);
  }

  /** The device leaves D0: the statistics wait. */
  pause(): void {
    this.#stats?.pause();
  }

  /** The device is in D0 again: the statistics go on by the command of before. */
  resume(): void {
    this.#stats?.resume();
  }

  /**
   * The PF learns that the statistics end, unless the device is gone: then the control agent goes
   * first, and without it nothing is read or written.
   */
  async stop(isGone: boolean): Promise<void> {
    const { control, stats } = HV_VHCA_AGENT;
    for (const type of isGone ? [control, stats] : [stats, control]) {
      await this.#agents.destroy(type);
    }
  }
}
