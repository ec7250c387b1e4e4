import { viewOf } from '#shared/ndis/object-header.ts';
import {
  isConfigurationRange,
  PCI_COMMON_CONFIG,
  PCI_CONFIGURATION_SPACE_SIZE,
  PCI_ENABLE_BUS_MASTER,
  PCI_INVALID_VENDORID,
} from '#shared/pci/configuration-space.ts';

/** TotalVFs: as many as there are VFIds, of which 0xFFFF is none. */
export const TOTAL_VFS = 0xfffe;

/** Where a function sits. */
export interface PciLocation {
  readonly segmentNumber: number;
  readonly busNumber: number;
  readonly functionNumber: number;
}

/** Physical memory that is assigned to a BAR. */
export interface BarMemory {
  /** The physical address. */
  readonly start: bigint;
  /** In bytes. */
  readonly length: number;
}

/** The VF BARs of the capability: 64-bit and prefetchable, each of which takes two registers. */
const VF_BARS: ReadonlyMap<number, number> = new Map([
  [0, 0x4000],
  [2, 0x1000],
]);

/** The low bits of a BAR: memory, 64-bit, prefetchable. */
const MEMORY_64_PREFETCHABLE = 0b1100;

/** What each VF reads, but for its Command register. */
const VF_CONFIGURATION_SPACE = vfConfigurationSpace();

/**
 * The NIC itself, as far as PCI sees it: the SR-IOV capability of its PF, and the configuration space
 * of its VFs. There is no hardware behind it: nothing is at the addresses of its BARs.
 *
 * A VF has what SR-IOV leaves to it. Its own ids read 0xFFFF; its BARs read 0, because those of all VFs
 * are in the capability of the PF; and of Command it has the Bus Master bit alone. No capability is
 * listed, since none would be used.
 *
 * The device has a PCI segment to itself, where the PF has the routing id 0 and VF n the routing id
 * n + 1 (First VF Offset 1, VF Stride 1): so any VFId has one, of the 16 bits that there are.
 *
 * Source: PCI Express: Single Root I/O Virtualization and Sharing.
 */
export class SriovDevice {
  readonly #segment: number;
  readonly #busMasters = new Set<number>();
  #numVfs = 0;

  constructor(segment = 1) {
    this.#segment = segment;
  }

  /** How many VFs there are; 0 while VF Enable is clear. */
  get numVfs(): number {
    return this.#numVfs;
  }

  /** Sets NumVFs and VF Enable. Returns false when that is set already, or `numVfs` is out of range. */
  enable(numVfs: number): boolean {
    const isNumber = Number.isInteger(numVfs) && numVfs >= 1 && numVfs <= TOTAL_VFS;
    if (this.#numVfs > 0 || !isNumber) return false;
    this.#numVfs = numVfs;
    return true;
  }

  /** Clears VF Enable: every VF is gone, with what was in its registers. */
  disable(): void {
    this.#numVfs = 0;
    this.#busMasters.clear();
  }

  /** Where a VF sits, or will once there are VFs. */
  locationOf(vfId: number): PciLocation {
    const routingId = vfId + 1;
    return {
      segmentNumber: this.#segment,
      busNumber: (routingId >>> 8) & 0xff,
      functionNumber: routingId & 0xff,
    };
  }

  /** Bytes of the configuration space of a VF; undefined when there is no such VF or no such range. */
  read(vfId: number, offset: number, length: number): Uint8Array | undefined {
    if (!this.#has(vfId) || !isConfigurationRange(offset, length)) return undefined;
    const bytes = VF_CONFIGURATION_SPACE.slice(offset, offset + length);
    const command = PCI_COMMON_CONFIG.command - offset;
    if (this.#busMasters.has(vfId) && command >= 0 && command < length) {
      bytes[command] = PCI_ENABLE_BUS_MASTER;
    }
    return bytes;
  }

  /**
   * Writes to the configuration space of a VF; what cannot be written keeps its value. Returns false
   * when there is no such VF or no such range.
   */
  write(vfId: number, offset: number, data: Uint8Array): boolean {
    if (!this.#has(vfId) || !isConfigurationRange(offset, data.byteLength)) return false;
    const command = data[PCI_COMMON_CONFIG.command - offset];
    if (command === undefined) return true;
    if ((command & PCI_ENABLE_BUS_MASTER) === 0) this.#busMasters.delete(vfId);
    else this.#busMasters.add(vfId);
    return true;
  }

  /** What each VF BAR reads after all ones were written to it; 0 for one that is not there. */
  get probedBars(): readonly number[] {
    return [0, 1, 2, 3, 4, 5].map((index) => {
      const length = VF_BARS.get(index);
      if (length !== undefined) return (-length | MEMORY_64_PREFETCHABLE) >>> 0;
      return VF_BARS.has(index - 1) ? 0xffff_ffff : 0;
    });
  }

  /** The memory of a BAR of a VF; undefined when there is no such VF, or the BAR does not begin there. */
  memoryOf(vfId: number, barIndex: number): BarMemory | undefined {
    const length = VF_BARS.get(barIndex);
    if (length === undefined || !this.#has(vfId)) return undefined;
    const first = (BigInt(this.#segment) << 40n) + (BigInt(barIndex) << 32n);
    return { start: first + BigInt(vfId * length), length };
  }

  #has(vfId: number): boolean {
    return Number.isInteger(vfId) && vfId >= 0 && vfId < this.#numVfs;
  }
}

/** An Ethernet controller, revision 1. No vendor has the subsystem's vendor id. */
function vfConfigurationSpace(): Uint8Array {
  const bytes = new Uint8Array(PCI_CONFIGURATION_SPACE_SIZE);
  const view = viewOf(bytes);
  view.setUint16(PCI_COMMON_CONFIG.vendorId, PCI_INVALID_VENDORID, true);
  view.setUint16(PCI_COMMON_CONFIG.deviceId, 0xffff, true);
  view.setUint8(PCI_COMMON_CONFIG.revisionId, 0x01);
  view.setUint8(PCI_COMMON_CONFIG.baseClass, 0x02);
  view.setUint16(PCI_COMMON_CONFIG.subVendorId, 0xfffe, true);
  view.setUint16(PCI_COMMON_CONFIG.subSystemId, 0x0001, true);
  return bytes;
}
