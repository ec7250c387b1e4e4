import { HV_VHCA_AGENT } from '#shared/hv-vhca/agent.ts';
import { encodeRingStatistics, STATS_VERSION } from '#shared/hv-vhca/ring-statistics.ts';
import { periodOfCommand, STATS_COMMAND, statsCommandName } from '#shared/hv-vhca/stats-command.ts';
import { RecurringLog } from '#shared/recurring-log.ts';
import type { Timer } from '#shared/time/clock.ts';
import { countersOfChannel } from '../channel-counters.ts';
import type { ReadCounters } from '../machine-counters.ts';
import type { Agent, AgentStatus } from './agents.ts';
import type { HvVhcaDevice } from './device.ts';
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
  readonly #device: HvVhcaDevice;
  readonly #log: RecurringLog;
  readonly #rings: number;
  readonly #readCounters: ReadCounters;
  #sequence = 0;
  #order: Order | undefined;
  /** The order that waits for the device to be in D0 again. */
  #asleep: Order | undefined;
  #timer: Timer | undefined;
  /** The order whose report is to be written next. */
  #due: Order | undefined;
  #writing: Promise<void> | undefined;

  constructor(device: HvVhcaDevice, rings: number, readCounters: ReadCounters) {
    this.#device = device;
    this.#log = new RecurringLog(device.log, device.clock);
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
    const what = { command: statsCommandName(command), rings };
    this.#log.info('command', what, 'hv_vhca command taken');
    return { version: STATS_VERSION, rings };
  }

  /** The device leaves D0: a report that is under way is not continued. */
  pause(): void {
    this.#timer?.cancel();
    this.#asleep = this.#order ?? this.#asleep;
    this.#order = undefined;
  }

  /** The device is in D0 again: the command that stood before stands again, as if it came now. */
  resume(): void {
    const order = this.#asleep;
    this.#asleep = undefined;
    if (order === undefined) return;
    this.#order = { ...order };
    this.#wait(this.#order, order.period ?? 0);
  }

  async stop(): Promise<void> {
    this.#timer?.cancel();
    this.#order = undefined;
    await this.#writing;
  }

  #wait(order: Order, milliseconds: number): void {
    const device = this.#device;
    this.#timer = device.clock.setTimer(milliseconds, () => {
      device.runWork(() => {
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
      this.#log.warn('report', failure, 'hv_vhca report failed, none until the next command');
    } else if (order.period !== undefined) {
      this.#wait(order, order.period);
    }
  }

  /** Writes one report, or as much of it as the order stands. Returns why it was not written. */
  async #write(order: Order): Promise<Record<string, unknown> | undefined> {
    const counters =
      (await this.#readCounters()) ?? countersOfChannel(this.#device.busStatistics());
    const payload = encodeRingStatistics(splitOverRings(counters, this.#rings));
    const sequence = this.#sequence;
    for (const [offset, block] of fragmentsOf(payload, sequence).entries()) {
      if (this.#order !== order) return undefined;
      const status = await this.#device.writeBlock(HV_VHCA_AGENT.stats, block);
      if (status !== undefined) return { sequence, offset, status };
    }
    this.#sequence = (sequence + 1) & 0xffff;
    return undefined;
  }
}
