import { NDIS_STATUS, ndisStatusName } from '#shared/ndis/ndis-status.ts';
import { RecurringLog } from '#shared/recurring-log.ts';
import { BLOCK_SIZE, REFERENCE_NIC_BLOCK } from '#shared/reference-nic/block.ts';
import {
  encodeInterfaceStatistics,
  type InterfaceStatistics,
} from '#shared/reference-nic/interface-statistics.ts';
import type { Timer } from '#shared/time/clock.ts';
import type { VfAdapter } from '../../ndis/vf-miniport.ts';
import { countersOfChannel } from '../channel-counters.ts';
import type { ReadCounters } from '../machine-counters.ts';

/**
 * Writes a report of the interface counters to the PF: one at the start, the others each an interval
 * after the one before it is done, so that however slow the PF is, it is sent one at a time.
 */
export class StatisticsReporter {
  readonly #adapter: VfAdapter;
  readonly #log: RecurringLog;
  readonly #interval: number;
  readonly #readCounters: ReadCounters;
  #sequence = 0;
  #timer: Timer | undefined;
  #report: Promise<void> = Promise.resolve();
  #paused = true;

  /** @param interval milliseconds; 0 sends no report */
  constructor(adapter: VfAdapter, interval: number, readCounters: ReadCounters) {
    this.#adapter = adapter;
    this.#log = new RecurringLog(adapter.log, adapter.clock);
    this.#interval = interval;
    this.#readCounters = readCounters;
  }

  /** Begins to report, or goes on with it once the report that was under way at the pause is done. */
  start(): void {
    this.#paused = false;
    if (this.#interval > 0) this.#report = this.#report.then(() => this.#reportIn(0));
  }

  /** Begins no further report until the next start. */
  pause(): void {
    this.#paused = true;
    this.#timer?.cancel();
  }

  /** Begins no further report; resolves when none is under way. */
  async stop(): Promise<void> {
    this.pause();
    await this.#report;
  }

  #reportIn(milliseconds: number): void {
    if (this.#paused) return;
    const adapter = this.#adapter;
    this.#timer?.cancel();
    this.#timer = adapter.clock.setTimer(milliseconds, () => {
      adapter.ndisQueueIoWorkItem(() => this.#work());
    });
  }

  /** The work item of the timer; nothing is written when the reports were stopped before it came to run. */
  #work(): void {
    if (this.#paused) return;
    this.#report = this.#send()
      .catch((error: unknown) => this.#failed({ err: error }))
      .then(() => this.#reportIn(this.#interval));
  }

  async #send(): Promise<void> {
    const counters = await this.#readCounters();
    if (this.#paused) return;
    this.#sequence = (this.#sequence + 1) >>> 0;
    const statistics: InterfaceStatistics = {
      sequence: this.#sequence,
      source: counters === undefined ? 'channel' : 'machine',
      interval: this.#interval,
      counters: counters ?? countersOfChannel(this.#adapter.busStatistics()),
    };
    const status = await this.#adapter.ndisMWriteConfigBlock(
      REFERENCE_NIC_BLOCK.interfaceStatistics,
      encodeInterfaceStatistics(statistics),
      BLOCK_SIZE,
    );
    const { sequence, source } = statistics;
    if (status !== NDIS_STATUS.NDIS_STATUS_SUCCESS) {
      this.#failed({ sequence, status: ndisStatusName(status) });
    } else {
      this.#adapter.log.debug({ sequence, source }, 'statistics reported');
    }
  }

  #failed(why: Readonly<Record<string, unknown>>): void {
    if (!this.#paused) this.#log.warn('statistics', why, 'statistics report failed');
  }
}
