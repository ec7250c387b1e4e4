import { NDIS_STATUS } from '#shared/ndis/ndis-status.ts';
import { viewOf } from '#shared/ndis/object-header.ts';
import type { NdisOidRequest, OidOrigin, OidRequestParameters } from '#shared/ndis/oid-request.ts';
import {
  PCI_COMMON_CONFIG,
  PCI_COMMON_HDR_LENGTH,
  PCI_TYPE0_ADDRESSES,
} from '#shared/pci/configuration-space.ts';
import { barsOf } from '#shared/pci/probed-bars.ts';
import type { BusDevice } from '#shared/wire/bus.ts';
import { SLOT } from '#shared/wire/codecs.ts';
import { baseRegisterValues, memoryOfBarResources } from '../ndis/bar-structures.ts';
import type { PfNdis } from '../ndis/ndis.ts';
import {
  type PackedStructure,
  packedStructure,
  unpackedStructure,
} from '../ndis/packed-structure.ts';
import { parseVendorDeviceIdInfo, UNKNOWN_IDS } from '../ndis/vf-requests.ts';
import { barResources, probedBars, readVfConfigSpace } from './config-space-oids.ts';
import { dataOfRead, issued, vendorDeviceId } from './vf-oids.ts';

/** The memory that is assigned to a BAR. */
interface BarMemory {
  /** The register of the BAR, from 0 to 5. */
  readonly index: number;
  /** The physical address. */
  readonly start: bigint;
  /** In bytes. */
  readonly length: number;
}

interface PciFunctionParts {
  readonly header: Uint8Array;
  readonly probedBars: readonly number[];
  readonly memory: readonly BarMemory[];
  readonly serialNumber: number;
}

/** The PCI function as which the management OS presents a VF to its guest. */
export class PciFunction {
  /** What its six BARs read once probed. */
  readonly probedBars: readonly number[];
  /** The memory of its BARs; of those of which the PF said so. */
  readonly memory: readonly BarMemory[];
  /** Tells one VF instance from the next. */
  readonly #serialNumber: number;
  readonly #header: PackedStructure;

  constructor({ header, probedBars, memory, serialNumber }: PciFunctionParts) {
    this.#header = packedStructure(header);
    this.probedBars = probedBars;
    // An array that has grown keeps room for more; a copy of it does not.
    this.memory = [...memory];
    this.#serialNumber = serialNumber;
  }

  /** The first 64 bytes of its configuration space, with the ids that the guest sees. */
  get header(): Uint8Array {
    return unpackedStructure(this.#header);
  }

  /** How the guest's bus lists it. */
  get device(): BusDevice {
    const view = viewOf(this.header);
    return {
      vendorId: view.getUint16(PCI_COMMON_CONFIG.vendorId, true),
      deviceId: view.getUint16(PCI_COMMON_CONFIG.deviceId, true),
      revisionId: view.getUint8(PCI_COMMON_CONFIG.revisionId),
      progIf: view.getUint8(PCI_COMMON_CONFIG.progIf),
      subClass: view.getUint8(PCI_COMMON_CONFIG.subClass),
      baseClass: view.getUint8(PCI_COMMON_CONFIG.baseClass),
      subVendorId: view.getUint16(PCI_COMMON_CONFIG.subVendorId, true),
      subSystemId: view.getUint16(PCI_COMMON_CONFIG.subSystemId, true),
      slot: SLOT,
      serialNumber: this.#serialNumber,
    };
  }
}

/** PCI class 02h, sub-class 00h: an Ethernet controller. */
const ETHERNET_CONTROLLER = 0x02;

/** Issues a request, and answers its completion; undefined when it failed or is not to be issued. */
type Ask = (parameters: OidRequestParameters) => Promise<NdisOidRequest | undefined>;

/**
 * Asks the PF what a VF is on the bus: its ids with OID_SRIOV_VF_VENDOR_DEVICE_ID, because a VF's own
 * read 0xFFFF; the rest of its header with OID_SRIOV_READ_VF_CONFIG_SPACE; its BARs with
 * OID_SRIOV_PROBED_BARS and OID_SRIOV_BAR_RESOURCES, because those in its header read 0.
 *
 * Documents require these OIDs of every PF. One that fails them keeps its VFs all the same: no block
 * depends on them. Such a VF is an Ethernet controller with the ids 0xFFFF and 0xFFFF and no BARs.
 */
export async function pciFunctionOf(
  ndis: PfNdis,
  vfId: number,
  origin: OidOrigin,
  isWanted: () => boolean,
): Promise<PciFunction> {
  const ask: Ask = async (parameters) => {
    if (!isWanted()) return undefined;
    const { status, request } = await issued(ndis, parameters);
    return status === NDIS_STATUS.NDIS_STATUS_SUCCESS ? request : undefined;
  };
  const ids = await ask(vendorDeviceId(vfId, origin));
  const bars = await ask(probedBars(origin));
  const space = await ask(readVfConfigSpace(vfId, 0, PCI_COMMON_HDR_LENGTH, origin, 0));
  const header = headerOf(space, ids);
  const values = bars && baseRegisterValues(bars.informationBuffer);
  const probed = values ?? new Array<number>(PCI_TYPE0_ADDRESSES).fill(0);
  const memory = await memoryOf(probed, vfId, origin, ask);
  const { generation } = origin;
  return new PciFunction({ header, probedBars: probed, memory, serialNumber: generation });
}

function headerOf(space: NdisOidRequest | undefined, ids: NdisOidRequest | undefined): Uint8Array {
  const read = space && dataOfRead(space);
  const header = new Uint8Array(PCI_COMMON_HDR_LENGTH);
  if (read?.byteLength === header.byteLength) header.set(read);
  else header[PCI_COMMON_CONFIG.baseClass] = ETHERNET_CONTROLLER;
  const { vendorId, deviceId } =
    (ids && parseVendorDeviceIdInfo(ids.informationBuffer)) ?? UNKNOWN_IDS;
  const view = viewOf(header);
  view.setUint16(PCI_COMMON_CONFIG.vendorId, vendorId, true);
  view.setUint16(PCI_COMMON_CONFIG.deviceId, deviceId, true);
  return header;
}

async function memoryOf(
  probed: readonly number[],
  vfId: number,
  origin: OidOrigin,
  ask: Ask,
): Promise<readonly BarMemory[]> {
  const memory: BarMemory[] = [];
  for (const { index, space } of barsOf(probed)) {
    const request = space === 'memory' ? await ask(barResources(vfId, index, origin)) : undefined;
    const found = request && memoryOfBarResources(request.informationBuffer);
    if (found !== undefined) memory.push({ index, start: found.start, length: found.length });
  }
  return memory;
}
