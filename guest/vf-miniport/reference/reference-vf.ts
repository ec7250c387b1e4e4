import {
  NDIS_DEVICE_POWER_STATE,
  type NdisDevicePowerState,
} from '#shared/ndis/device-power-state.ts';
import { NDIS_STATUS, type NdisStatus } from '#shared/ndis/ndis-status.ts';
import { RecurringLog } from '#shared/recurring-log.ts';
import type { Timer } from '#shared/time/clock.ts';
import type { BlockId } from '#shared/vpci/config-block.ts';
import type { VfAdapter } from '../../ndis/vf-miniport.ts';
import type { ConfigBlockVf } from '../config-block-vf.ts';
import type { ReadCounters } from '../machine-counters.ts';
import { Turns } from '../turns.ts';
import { ConfigurationReader } from './configuration-reader.ts';
import { identifyDevice } from './device-identity.ts';
import { type ReferenceVfKeywords, readKeywords } from './keywords.ts';
import { askFor, requestsOf } from './mailbox-requests.ts';
import { StatisticsReporter } from './statistics-reporter.ts';
import type { VfConfiguration } from './vf-configuration.ts';

/**
 * Milliseconds after which a configuration that could not be read is tried again: its invalidation
 * has come and gone, and nothing else would ever tell of it.
 */
const RETRY_MS = 5000;

/** Called with each configuration that the VF puts in force. */
export type OnApplied = (configuration: VfConfiguration) => void;

/** The VF driver of the reference NIC, in terms of its blocks. */
export class ReferenceVf implements ConfigBlockVf {
  readonly #adapter: VfAdapter;
  readonly #log: RecurringLog;
  readonly #readCounters: ReadCounters;
  readonly #onApplied: OnApplied;
  readonly #reader: ConfigurationReader;
  readonly #turns = new Turns();
  readonly #halt = new AbortController();
  #applied: VfConfiguration | undefined;
  #reporter: StatisticsReporter | undefined;
  #start: Timer | undefined;
  #retry: Timer | undefined;
  #requests: Promise<void> = Promise.resolve();
  #isAwake = true;

  constructor(adapter: VfAdapter, readCounters: ReadCounters, onApplied: OnApplied) {
    this.#adapter = adapter;
    this.#log = new RecurringLog(adapter.log, adapter.clock);
    this.#readCounters = readCounters;
    this.#onApplied = onApplied;
    this.#reader = new ConfigurationReader(adapter);
  }

  async initialize(): Promise<NdisStatus> {
    const { configuration, log } = this.#adapter;
    const keywords = readKeywords(configuration);
    if ('keyword' in keywords) {
      log.error(keywords, 'keyword is not valid');
      return NDIS_STATUS.NDIS_STATUS_FAILURE;
    }
    await identifyDevice(this.#adapter);
    const failure = await this.#turns.take(() => this.#refresh());
    if (failure !== undefined) {
      log.error({ reason: failure }, 'configuration cannot be read');
      return NDIS_STATUS.NDIS_STATUS_FAILURE;
    }
    this.#startWork(keywords);
    return NDIS_STATUS.NDIS_STATUS_SUCCESS;
  }

  invalidated(blocks: readonly BlockId[]): Promise<void> {
    return this.#turns.take(() => {
      this.#reader.invalidate(blocks);
      return this.#refreshOrRetry();
    });
  }

  /**
   * In D3 nothing is reported, and a configuration that could not be read is not tried again. Back in
   * D0 it is, since the invalidation that told of it has come and gone. A request that NDIS gave up may
   * come to its end only after the VF was halted: then nothing wakes any more.
   */
  async setPower(state: NdisDevicePowerState): Promise<void> {
    if (this.#halt.signal.aborted) return;
    if (state === NDIS_DEVICE_POWER_STATE.NdisDeviceStateD0) {
      this.#isAwake = true;
      this.#reporter?.start();
      await this.#turns.take(() => this.#refreshOrRetry());
    } else {
      this.#isAwake = false;
      this.#reporter?.pause();
      this.#retry?.cancel();
    }
  }

  async halt(): Promise<void> {
    this.#halt.abort();
    this.#start?.cancel();
    this.#retry?.cancel();
    await Promise.all([this.#reporter?.stop(), this.#requests, this.#turns.idle()]);
  }

  /** What is no part of starting waits until NDIS has seen the VF start. */
  #startWork(keywords: ReferenceVfKeywords): void {
    const adapter = this.#adapter;
    const requests = requestsOf(keywords);
    if (requests.length > 0) {
      this.#start = adapter.clock.setTimer(0, () => {
        adapter.ndisQueueIoWorkItem(() => {
          this.#requests = askFor(adapter, requests, this.#halt.signal).catch(this.#contain);
        });
      });
    }
    this.#reporter = new StatisticsReporter(
      adapter,
      keywords.statisticsInterval,
      this.#readCounters,
    );
    this.#reporter.start();
  }

  /** Returns why no configuration could be read. */
  async #refresh(): Promise<string | undefined> {
    const read = await this.#reader.read(this.#halt.signal);
    if ('failure' in read) return read.failure;
    this.#apply(read.configuration);
    return undefined;
  }

  async #refreshOrRetry(): Promise<void> {
    this.#retry?.cancel();
    const reason = await this.#refresh();
    if (reason === undefined || this.#halt.signal.aborted || !this.#isAwake) return;
    const adapter = this.#adapter;
    this.#log.warn(
      'configuration',
      { reason, retryMs: RETRY_MS },
      'configuration not read, the one before stays in force',
    );
    this.#retry = adapter.clock.setTimer(RETRY_MS, () => {
      adapter.ndisQueueIoWorkItem(() => this.#turns.take(() => this.#refreshOrRetry()));
    });
  }

  #apply(configuration: VfConfiguration): void {
    const { versions, attributes } = configuration;
    if (this.#applied?.versions.every((version, block) => version === versions[block]) === true) {
      this.#log.info('unchanged', { versions }, 'configuration unchanged');
      return;
    }
    this.#applied = configuration;
    const { macAddress: mac, mtu, linkState: link, vlanId: vlan } = attributes;
    this.#log.info('applied', { mac, mtu, link, vlan, versions }, 'configuration applied');
    this.#onApplied(configuration);
  }

  readonly #contain = (error: unknown): void => {
    this.#log.error('driver', { err: error }, 'the VF driver failed');
  };
}
