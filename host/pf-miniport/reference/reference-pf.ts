import { NDIS_STATUS, type NdisStatus } from '#shared/ndis/ndis-status.ts';
import { viewOf } from '#shared/ndis/object-header.ts';
import { RecurringLog } from '#shared/recurring-log.ts';
import { REFERENCE_NIC_BLOCK } from '#shared/reference-nic/block.ts';
import {
  type ConfigurationBlockId,
  isConfigurationBlock,
} from '#shared/reference-nic/content-versions.ts';
import {
  decodeInterfaceStatistics,
  encodeInterfaceStatistics,
} from '#shared/reference-nic/interface-statistics.ts';
import { type MacAddress, readMacAddress } from '#shared/reference-nic/mac-address.ts';
import {
  decodeMailboxRequest,
  type MailboxRequest,
} from '#shared/reference-nic/mailbox-request.ts';
import { encodeMailboxVerdict } from '#shared/reference-nic/mailbox-verdict.ts';
import { type BlockId, maskOfBlocks } from '#shared/vpci/config-block.ts';
import type { PfAdapter, PfVfReport } from '../../ndis/pf-miniport.ts';
import type { VfParameters } from '../../ndis/vf-parameters.ts';
import type { BlockAnswer, ConfigBlockPf } from '../config-block-pf.ts';
import { configuredMacAddress, configuredOwner } from './mac-owners.ts';
import { refusalOf } from './mailbox.ts';
import type { NicConfig } from './nic-config.ts';
import type { NicConfigSource } from './nic-config-source.ts';
import { reportOf } from './vf-report.ts';
import { settingsOfVf } from './vf-settings.ts';
import { VirtualFunction } from './virtual-function.ts';

/** The PF driver of the reference NIC, in terms of its blocks. */
export class ReferencePf implements ConfigBlockPf {
  /** No vendor has this id, and no vendor made this NIC. */
  readonly vendorDeviceId = { vendorId: 0xfffe, deviceId: 0x0001 };
  readonly #adapter: PfAdapter;
  readonly #log: RecurringLog;
  readonly #openSource: () => Promise<NicConfigSource>;
  readonly #vfs = new Map<number, VirtualFunction>();
  #source: NicConfigSource | undefined;
  #config: NicConfig = {};

  constructor(adapter: PfAdapter, openSource: () => Promise<NicConfigSource>) {
    this.#adapter = adapter;
    this.#log = new RecurringLog(adapter.log, adapter.clock);
    this.#openSource = openSource;
  }

  /** @throws NicConfigError when there is no valid configuration to start with */
  async initialize(): Promise<NdisStatus> {
    this.#source = await this.#openSource();
    this.#config = this.#source.current();
    this.#source.onChange((config) => this.#configure(config));
    return NDIS_STATUS.NDIS_STATUS_SUCCESS;
  }

  async halt(): Promise<void> {
    await this.#source?.close();
  }

  /** Unless the configuration has another one for the VF, its address is the one that NDIS knows. */
  vfAllocated(vfId: number, { vmName, permanentMacAddress }: VfParameters): void {
    const permanent = readMacAddress(viewOf(permanentMacAddress), 0);
    const vf = new VirtualFunction(vfId, permanent, settingsOfVf(this.#config, vfId, permanent));
    this.#vfs.set(vfId, vf);
    const mac = vf.configuredMacAddress;
    this.#log.info(`${vfId} allocated`, { vfId, vm: vmName, mac }, 'VF allocated');
    this.#warnOfSharedAddress(vf);
    const asked = [...this.#vfs.values()].find((other) => other.requestedMacAddress === mac);
    if (asked !== undefined) this.#reconfigure(asked, 'allocation');
  }

  vfReset(vfId: number): void {
    const vf = this.#vfs.get(vfId);
    if (vf === undefined) return;
    this.#adapter.log.debug({ vfId }, 'VF reset');
    this.#announce(vf, vf.reset(), 'reset');
  }

  vfFreed(vfId: number): void {
    this.#vfs.delete(vfId);
    this.#adapter.log.debug({ vfId }, 'VF freed');
  }

  readBlock(vfId: number, blockId: BlockId): BlockAnswer {
    const vf = this.#vfs.get(vfId);
    if (vf === undefined) return NDIS_STATUS.NDIS_STATUS_INVALID_PARAMETER;
    if (isConfigurationBlock(blockId)) return vf.read(blockId);
    switch (blockId) {
      case REFERENCE_NIC_BLOCK.mailbox:
        return encodeMailboxVerdict(vf.verdict);
      case REFERENCE_NIC_BLOCK.interfaceStatistics:
        return vf.lastReport === undefined
          ? NDIS_STATUS.NDIS_STATUS_FAILURE
          : encodeInterfaceStatistics(vf.lastReport.statistics);
      default:
        return NDIS_STATUS.NDIS_STATUS_INVALID_PARAMETER;
    }
  }

  writeBlock(vfId: number, blockId: BlockId, data: Uint8Array): NdisStatus {
    const vf = this.#vfs.get(vfId);
    if (vf === undefined) return NDIS_STATUS.NDIS_STATUS_INVALID_PARAMETER;
    switch (blockId) {
      case REFERENCE_NIC_BLOCK.mailbox:
        return this.#writeMailbox(vf, data);
      case REFERENCE_NIC_BLOCK.interfaceStatistics:
        return this.#writeStatistics(vf, data);
      default:
        return NDIS_STATUS.NDIS_STATUS_INVALID_PARAMETER;
    }
  }

  reportVf(vfId: number): PfVfReport {
    const vf = this.#vfs.get(vfId);
    return vf === undefined ? { blocks: [], details: {} } : reportOf(vf);
  }

  #configure(config: NicConfig): void {
    this.#config = config;
    for (const vf of this.#vfs.values()) this.#reconfigure(vf, 'configuration');
    for (const vf of this.#vfs.values()) this.#warnOfSharedAddress(vf);
  }

  #reconfigure(vf: VirtualFunction, by: 'allocation' | 'configuration'): void {
    const settings = settingsOfVf(this.#config, vf.vfId, vf.permanentMacAddress);
    const changed = vf.configure(settings, (address) => this.#isConfiguredElsewhere(vf, address));
    this.#announce(vf, changed, by);
  }

  /**
   * A configuration that gives a VF the permanent address of another VF cannot be refused, because
   * VFs come and go after it was read; whoever wrote it is told.
   */
  #warnOfSharedAddress(vf: VirtualFunction): void {
    const mac = vf.configuredMacAddress;
    const others = [...this.#vfs.values()].filter((other) => other !== vf);
    const shares = others.find((other) => other.configuredMacAddress === mac);
    if (shares === undefined) return;
    const what = { vfId: vf.vfId, other: shares.vfId, mac };
    this.#log.warn(`${vf.vfId} shares`, what, 'VFs share a MAC address');
  }

  /** Tells the VF of everything that changed in one step, with one call. */
  #announce(
    vf: VirtualFunction,
    blocks: readonly ConfigurationBlockId[],
    by: 'allocation' | 'configuration' | 'mailbox' | 'reset',
  ): void {
    if (blocks.length === 0) return;
    const { vfId } = vf;
    this.#log.info(`${vfId} by ${by}`, { vfId, blocks, by }, 'VF configuration changed');
    this.#adapter.ndisMInvalidateConfigBlock(vfId, maskOfBlocks(blocks));
  }

  #writeMailbox(vf: VirtualFunction, data: Uint8Array): NdisStatus {
    const { vfId } = vf;
    const request = decodeMailboxRequest(data);
    if (request === undefined) {
      const what = { vfId, length: data.byteLength };
      this.#log.warn(`${vfId} no request`, what, 'mailbox write is no request');
      return NDIS_STATUS.NDIS_STATUS_INVALID_DATA;
    }
    const { kind, sequence } = request;
    const value = request.kind === 'setMacAddress' ? request.macAddress : request.mtu;
    const reason = this.#refusalOf(vf, request);
    if (reason !== undefined) {
      vf.verdict = { outcome: 'refused', sequence, kind, reason };
      const what = { vfId, kind, value, reason };
      this.#log.info(`${vfId} refused`, what, 'mailbox request refused');
      return NDIS_STATUS.NDIS_STATUS_INVALID_DATA;
    }
    vf.verdict = { outcome: 'granted', sequence, kind };
    this.#log.info(`${vfId} granted`, { vfId, kind, value }, 'mailbox request granted');
    this.#announce(vf, vf.grant(request), 'mailbox');
    return NDIS_STATUS.NDIS_STATUS_SUCCESS;
  }

  #refusalOf(vf: VirtualFunction, request: MailboxRequest) {
    return refusalOf(request, vf.mailboxPolicy, (address) => {
      const others = [...this.#vfs.values()].filter((other) => other !== vf);
      return (
        this.#isConfiguredElsewhere(vf, address) ||
        others.some((other) => other.requestedMacAddress === address)
      );
    });
  }

  /** Whether it is the address of another VF, allocated or not, that has asked for no other. */
  #isConfiguredElsewhere(vf: VirtualFunction, address: MacAddress): boolean {
    const owner = configuredOwner(this.#config, address);
    if (owner !== undefined) return owner !== vf.vfId;
    return [...this.#vfs.values()].some(
      (other) => other !== vf && configuredMacAddress(this.#config, other) === address,
    );
  }

  #writeStatistics(vf: VirtualFunction, data: Uint8Array): NdisStatus {
    const { vfId } = vf;
    const statistics = decodeInterfaceStatistics(data);
    if (statistics === undefined) {
      const what = { vfId, length: data.byteLength };
      this.#log.warn(`${vfId} no report`, what, 'no statistics report');
      return NDIS_STATUS.NDIS_STATUS_INVALID_DATA;
    }
    vf.lastReport = { at: this.#adapter.clock.now(), statistics };
    const { sequence, source } = statistics;
    this.#adapter.log.debug({ vfId, sequence, source }, 'statistics received');
    return NDIS_STATUS.NDIS_STATUS_SUCCESS;
  }
}
