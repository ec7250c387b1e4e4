import type {
  ConfigurationBlockId,
  ContentVersions,
} from '#shared/reference-nic/content-versions.ts';
import type { InterfaceStatistics } from '#shared/reference-nic/interface-statistics.ts';
import type { MacAddress } from '#shared/reference-nic/mac-address.ts';
import type { MailboxRequest } from '#shared/reference-nic/mailbox-request.ts';
import type { MailboxVerdict } from '#shared/reference-nic/mailbox-verdict.ts';
import { ConfigurationBlocks } from './configuration-blocks.ts';
import type { MailboxPolicy, VfSettings } from './vf-settings.ts';

/** The last report of a VF. */
export interface StatisticsReceived {
  /** Milliseconds since the Unix epoch, by the adapter's clock. */
  readonly at: number;
  readonly statistics: InterfaceStatistics;
}

/**
 * What the PF keeps of an allocated VF.
 *
 * A value that the VF asked for, and was granted, stands over the configured one until the VF is
 * reset or freed, or until the configured value of the same field changes: the operator's later word
 * counts. A later change of what may be asked for takes nothing back. Nobody has specified this; it
 * is this device's choice.
 */
export class VirtualFunction {
  readonly vfId: number;
  /** The address by which NDIS knows the VF. */
  readonly permanentMacAddress: MacAddress;
  verdict: MailboxVerdict = { outcome: 'none' };
  lastReport: StatisticsReceived | undefined;
  #configured: VfSettings;
  #requestedMacAddress: MacAddress | undefined;
  #requestedMtu: number | undefined;
  readonly #blocks: ConfigurationBlocks;

  constructor(vfId: number, permanentMacAddress: MacAddress, configured: VfSettings) {
    this.vfId = vfId;
    this.permanentMacAddress = permanentMacAddress;
    this.#configured = configured;
    this.#blocks = new ConfigurationBlocks(configured);
  }

  /** The address that the VF has while it has asked for no other. */
  get configuredMacAddress(): MacAddress {
    return this.#configured.attributes.macAddress;
  }

  get requestedMacAddress(): MacAddress | undefined {
    return this.#requestedMacAddress;
  }

  get requestedMtu(): number | undefined {
    return this.#requestedMtu;
  }

  get mailboxPolicy(): MailboxPolicy {
    return this.#configured.mailbox;
  }

  get versions(): ContentVersions {
    return this.#blocks.versions;
  }

  /** The settings in force: the configured ones, with what was asked for. */
  get settings(): VfSettings {
    const { attributes } = this.#configured;
    const macAddress = this.#requestedMacAddress ?? attributes.macAddress;
    const mtu = this.#requestedMtu ?? attributes.mtu;
    return { ...this.#configured, attributes: { ...attributes, macAddress, mtu } };
  }

  read(block: ConfigurationBlockId): Uint8Array {
    return this.#blocks.read(block);
  }

  /**
   * Takes a changed configuration. Returns the blocks that changed with it, as all of these do.
   *
   * @param isTaken whether the configuration gives an address to another VF; this one loses it then
   */
  configure(
    configured: VfSettings,
    isTaken: (address: MacAddress) => boolean,
  ): ConfigurationBlockId[] {
    const before = this.#configured.attributes;
    const { macAddress, mtu } = configured.attributes;
    const requested = this.#requestedMacAddress;
    if (macAddress !== before.macAddress || (requested !== undefined && isTaken(requested))) {
      this.#requestedMacAddress = undefined;
    }
    if (mtu !== before.mtu) this.#requestedMtu = undefined;
    this.#configured = configured;
    return this.#blocks.update(this.settings);
  }

  /** Puts what the VF asked for in force. */
  grant(request: MailboxRequest): ConfigurationBlockId[] {
    if (request.kind === 'setMacAddress') this.#requestedMacAddress = request.macAddress;
    else this.#requestedMtu = request.mtu;
    return this.#blocks.update(this.settings);
  }

  /** Forgets all that the VF has told. The versions of its blocks go on, since it may keep blocks. */
  reset(): ConfigurationBlockId[] {
    this.#requestedMacAddress = undefined;
    this.#requestedMtu = undefined;
    this.verdict = { outcome: 'none' };
    this.lastReport = undefined;
    return this.#blocks.update(this.settings);
  }
}
