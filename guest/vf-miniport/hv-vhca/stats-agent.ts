import { HV_VHCA_AGENT } from '#shared/hv-vhca/agent.ts';
import { HV_VHCA_BLOCK_SIZE } from '#shared/hv-vhca/block.ts';
import { encodeRingStatistics, STATS_VERSION } from '#shared/hv-vhca/ring-statistics.ts';
import { periodOfCommand, STATS_COMMAND, statsCommandName } from '#shared/hv-vhca/stats-command.ts';
import { NDIS_STATUS, type NdisStatus, ndisStatusName } from '#shared/ndis/ndis-status.ts';
import type { Timer } from '#shared/time/clock.ts';
import type { VfAdapter } from '../../ndis/vf-miniport.ts';
import { countersOfChannel } from '../channel-counters.ts';
import type { ReadCounters } from '../machine-counters.ts';
import type { Agent, AgentStatus } from './agents.ts';
import { fragmentsOf } from './fragments.ts';
import { splitOverRings } from './rings.ts';

/** A command that has reports made, as long as it is the last one. */
interface Order {
  /** Milliseconds between reports; undefined when there is but one. */
  readonly period: number | undefined;
}

/**
 * The agent of block 1: reports the counters of the rings as the PF commands. The first report of a
 * period comes at its end, and each further one a period after the one before it was written.
 */
export class StatsAgent implements Agent {
  readonly type = HV_VHCA_AGENT.stats;
  readonly #adapter: VfAdapter;
  readonly #rings: number;
  readonly #readCounters: ReadCounters;
  #sequence = 0;
  #order: Order | undefined;
  #timer: Timer | undefined;
  /** The order whose report is to be written next. */
  #due: Order | undefined;
  #writing: Promise<void> | undefined;

  constructor(adapter: VfAdapter, rings: number, readCounters: ReadCounters) {
    this.#adapter = adapter;
    this.#rings = rings;
    this.#readCounters = readCounters;
  }

  /**
   * Takes the place of the command before: a report that is under way is not continued, and its
   * sequence is used again. Its outstanding write is not waited for: while a PF did not complete that,
   * no command could be acknowledged, not even the one to stop.
   */
  control(command: number): AgentStatus {
    this.#timer?.cancel();
    const rings = this.#rings;
    const isReported = command !== STATS_COMMAND.stop && rings > 0;
    this.#order = isReported ? { period: periodOfCommand(command) } : undefined;
    if (this.#order !== undefined) this.#wait(this.#order, this.#order.period ?? 0);
    this.#adapter.log.info({ command: statsCommandName(command), rings }, 'hv_vhca command taken');
    return { version: STATS_VERSION, rings };
  }

  async stop(): Promise<void> {
    this.#timer?.cancel();
    this.#order = undefined;
    await this.#writing;
  }

  #wait(order: Order, milliseconds: number): void {
    const adapter = this.#adapter;
    this.#timer = adapter.clock.setTimer(milliseconds, () => {
      adapter.ndisQueueIoWorkItem(() => {
        if (this.#order !== order) return;
        this.#due = order;
        this.#writing ??= this.#writeDue();
      });
    });
  }

  /** One report is written at a time, and of those that wait for it only the last. */
  async #writeDue(): Promise<void> {
    while (this.#due !== undefined) {
      const order = this.#due;
      this.#due = undefined;
      await this.#report(order);
    }
    this.#writing = undefined;
  }

  async #report(order: Order): Promise<void> {
    const failure = await this.#write(order).catch((error: unknown) => ({ err: error }));
    if (this.#order !== order) return;
    if (failure !== undefined) {
      this.#adapter.log.warn(failure, 'hv_vhca report failed, none until the next command');
    } else if (order.period !== undefined) {
      this.#wait(order, order.period);
    }
  }

  /** Writes one report, or as much of it as the order stands. Returns why it was not written. */
  async #write(order: Order): Promise<Record<string, unknown> | undefined> {
    const counters =
      (await this.#readCounters()) ?? countersOfChannel(this.#adapter.busStatistics());
    const payload = encodeRingStatistics(splitOverRings(counters, this.#rings));
    const sequence = this.#sequence;
    for (const [offset, block] of fragmentsOf(payload, sequence).entries()) {
      if (this.#order !== order) return undefined;
      const status = await this.#writeBlock(block);
      if (status !== NDIS_STATUS.NDIS_STATUS_SUCCESS) {
        return { sequence, offset, status: ndisStatusName(status) };
      }
    }
    this.#sequence = (sequence + 1) & 0xffff;
    return undefined;
  }

  #writeBlock(block: Uint8Array): Promise<NdisStatus> {
    return this.#adapter.ndisMWriteConfigBlock(HV_VHCA_AGENT.stats, block, HV_VHCA_BLOCK_SIZE);
  }
}
