import type { ContractBreach } from './contract-observer.ts';
import { type NdisHypervisorPartitionType, newHypervisorInfo } from './hypervisor-info.ts';
import {
  type AttributeServices,
  NDIS_OBJECT_TYPE_MINIPORT_ADAPTER_GENERAL_ATTRIBUTES,
  NDIS_OBJECT_TYPE_MINIPORT_ADAPTER_HARDWARE_ASSIST_ATTRIBUTES,
  type NdisMiniportAdapterAttributes,
  type NdisMiniportAdapterHardwareAssistAttributes,
} from './miniport-attributes.ts';
import { NDIS_STATUS, type NdisStatus } from './ndis-status.ts';
import type { Oid } from './oid.ts';
import {
  capabilitiesOf,
  newSriovCapabilities,
  parseSriovCapabilities,
  sriovCapsNames,
} from './sriov-capabilities.ts';

/** What is wrong with a call of NdisMSetMiniportAttributes, and what it returns. */
interface Refusal {
  readonly status: NdisStatus;
  readonly why: string;
}

/** What a miniport has registered of its adapter while NDIS initialized it. */
export class MiniportRegistration {
  readonly services: AttributeServices;
  readonly #partitionType: NdisHypervisorPartitionType;
  readonly #report: (why: string) => void;
  #isOpen = false;
  #isRegistered = false;
  #refusal: string | undefined;
  #oids: ReadonlySet<Oid> | undefined;
  #hardware: Uint8Array | undefined;
  #current: Uint8Array | undefined;

  /** `report` is told of each call that breaks the contract. */
  constructor(partitionType: NdisHypervisorPartitionType, report: (why: string) => void) {
    this.#partitionType = partitionType;
    this.#report = report;
    this.services = {
      ndisMSetMiniportAttributes: (attributes) => this.#set(attributes),
      ndisGetHypervisorInfo: () => newHypervisorInfo(partitionType),
    };
  }

  /** Takes attributes while `initialize`, which calls MiniportInitializeEx, has not returned. */
  async during<T>(initialize: () => Promise<T>): Promise<T> {
    this.#isOpen = true;
    try {
      return await initialize();
    } finally {
      this.#isOpen = false;
    }
  }

  /** Why the adapter must not start, whatever MiniportInitializeEx returned; undefined when it may. */
  get refusal(): string | undefined {
    return this.#refusal;
  }

  /** Whether the miniport lists an OID, or lists none at all. */
  supports(oid: Oid): boolean {
    return this.#oids === undefined || this.#oids.has(oid);
  }

  /** The NDIS_SRIOV_CAPABILITIES that OID_SRIOV_HARDWARE_CAPABILITIES answers; undefined for none. */
  get hardwareSriovCapabilities(): Uint8Array | undefined {
    return this.#hardware;
  }

  /** The NDIS_SRIOV_CAPABILITIES that OID_SRIOV_CURRENT_CAPABILITIES answers; undefined for none. */
  get currentSriovCapabilities(): Uint8Array | undefined {
    return this.#current;
  }

  /** Why SR-IOV is not enabled; undefined when it is. A miniport that registers nothing has it. */
  get sriovDisabled(): string | undefined {
    if (!this.#isRegistered || this.#current !== undefined) return undefined;
    return this.#hardware === undefined
      ? 'its miniport registered no HardwareSriovCapabilities'
      : 'its miniport registered NULL as CurrentSriovCapabilities';
  }

  #set(attributes: NdisMiniportAdapterAttributes): NdisStatus {
    const refusal = this.#isOpen ? this.#take(attributes) : OUT_OF_TIME;
    if (refusal === undefined) return NDIS_STATUS.NDIS_STATUS_SUCCESS;
    const why = `NdisMSetMiniportAttributes was refused: ${refusal.why}`;
    if (this.#isOpen) this.#refusal ??= why;
    this.#report(why);
    return refusal.status;
  }

  #take(attributes: NdisMiniportAdapterAttributes): Refusal | undefined {
    this.#isRegistered = true;
    switch (attributes?.type) {
      case NDIS_OBJECT_TYPE_MINIPORT_ADAPTER_GENERAL_ATTRIBUTES: {
        const list: unknown = attributes.supportedOidList;
        if (!isOidList(list)) return invalid('SupportedOidList is no list of OIDs');
        this.#oids = new Set(list);
        return undefined;
      }
      case NDIS_OBJECT_TYPE_MINIPORT_ADAPTER_HARDWARE_ASSIST_ATTRIBUTES:
        return this.#takeHardwareAssist(attributes);
      default:
        return undefined;
    }
  }

  /**
   * Pages contradict each other on HardwareSriovCapabilities without CurrentSriovCapabilities: one
   * forbids it, another demands it of an adapter whose SR-IOV is disabled. It is taken.
   */
  #takeHardwareAssist(
    attributes: NdisMiniportAdapterHardwareAssistAttributes,
  ): Refusal | undefined {
    const { hardwareSriovCapabilities, currentSriovCapabilities } = attributes;
    const hardware = hardwareSriovCapabilities ?? undefined;
    const current = currentSriovCapabilities ?? undefined;
    const refusal =
      this.#refusalOf('HardwareSriovCapabilities', hardware) ??
      this.#refusalOf('CurrentSriovCapabilities', current);
    if (refusal !== undefined) return refusal;
    if (current !== undefined && hardware === undefined) {
      return invalid('HardwareSriovCapabilities is NULL, and CurrentSriovCapabilities is not');
    }
    this.#hardware = hardware && newSriovCapabilities(capabilitiesOf(this.#partitionType));
    this.#current = current && this.#hardware;
    return undefined;
  }

  #refusalOf(member: string, structure: unknown): Refusal | undefined {
    if (structure === undefined) return undefined;
    const flags = structure instanceof Uint8Array ? parseSriovCapabilities(structure) : undefined;
    if (flags === undefined) {
      const why = `${member} is no NDIS_SRIOV_CAPABILITIES of revision 1`;
      return { status: NDIS_STATUS.NDIS_STATUS_BAD_VERSION, why };
    }
    const expected = capabilitiesOf(this.#partitionType);
    if (flags === expected) return undefined;
    const must = `in ${this.#partitionType} it must be ${sriovCapsNames(expected)}`;
    return invalid(`${member} is ${sriovCapsNames(flags)}; ${must}`);
  }
}

export const ATTRIBUTES_RULE = {
  id: 'attributes.accepted',
  rule: 'a miniport registers, in MiniportInitializeEx alone, attributes that NDIS can accept',
  source: 'Microsoft Learn: NdisMSetMiniportAttributes',
} as const;

/** Attributes that were refused, as a breach of the contract. */
export function refusedAttributes(what: string): ContractBreach {
  return { ...ATTRIBUTES_RULE, name: 'NdisMSetMiniportAttributes', what };
}

const OUT_OF_TIME: Refusal = {
  status: NDIS_STATUS.NDIS_STATUS_FAILURE,
  why: 'it is for MiniportInitializeEx alone',
};

function invalid(why: string): Refusal {
  return { status: NDIS_STATUS.NDIS_STATUS_INVALID_PARAMETER, why };
}

function isOidList(list: unknown): list is readonly Oid[] {
  return Array.isArray(list) && list.every((oid) => Number.isInteger(oid));
}
