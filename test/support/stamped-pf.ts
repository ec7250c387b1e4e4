import { NDIS_STATUS, type NdisStatus } from '#shared/ndis/ndis-status.ts';
import type { NdisOidRequest } from '#shared/ndis/oid-request.ts';
import { BLOCK_OIDS, RecordingPf } from './recording-pf.ts';

/** The block whose reads are refused, with a status that no other VF gets. */
export const REFUSED_BLOCK = 9;

/** A number for a VF of a guest `g<n>`, from its device: 5 for `g1/1`. */
export function numberOf(device: string): number {
  const [, guest, index] = /^g(\d+)\/(\d+)$/.exec(device) ?? [];
  return Number(guest) * 4 + Number(index);
}

/** The bit that only this VF is ever told of, as long as there are fewer than 16 guests. */
export function bitOf(device: string): bigint {
  return 1n << BigInt(numberOf(device) % 64);
}

/** The status with which this VF's reads of {@link REFUSED_BLOCK} fail. */
export function statusOf(device: string): NdisStatus {
  return STATUSES + numberOf(device);
}

/** Where the statuses of {@link statusOf} begin. */
export const STATUSES = 0xc0ab_0000;

/** What a VF reads of a block, and writes into it. */
export function stampOf(pf: string, device: string, blockId: number): string {
  return `${pf} ${device} ${blockId}`;
}

/**
 * A PF miniport that says in each answer whose it is, and checks of whatever it is given whose it
 * was. It goes by the names in OID_NIC_SWITCH_ALLOCATE_VF alone.
 */
export class StampedPf {
  /** What reached the wrong VF. */
  readonly crossed: string[] = [];
  /** How many writes there were of each device. */
  readonly writes = new Map<string, number>();
  readonly recording: RecordingPf;
  readonly #name: string;
  readonly #devices = new Map<number, string>();
  #held: NdisOidRequest | undefined;

  constructor(name: string) {
    this.#name = name;
    this.recording = new RecordingPf({
      vfAllocated: (vfId, { nicName }) => {
        this.#devices.set(vfId, nicName.replace('--', '/'));
      },
      vfFreed: (vfId) => void this.#devices.delete(vfId),
      readBlock: (vfId, blockId) => this.#read(vfId, blockId),
      writeBlock: (vfId, blockId, data) => this.#write(vfId, blockId, data),
    });
  }

  /** NdisMInvalidateConfigBlock for the VF of a device, with its own bit; nothing when it has none. */
  invalidate(device: string): void {
    for (const [vfId, each] of this.#devices) {
      if (each === device) this.recording.invalidate(vfId, bitOf(device));
    }
  }

  /** Holds block requests, and with them every other of this PF. */
  hold(): void {
    this.recording.intercept = (request) => {
      if (!BLOCK_OIDS.some((oid) => oid === request.oid)) return undefined;
      this.#held = request;
      return NDIS_STATUS.NDIS_STATUS_PENDING;
    };
  }

  /** Answers what is held, and from now on at once. */
  release(): void {
    this.recording.intercept = () => undefined;
    const held = this.#held;
    this.#held = undefined;
    if (held !== undefined) this.recording.finish(held);
  }

  #read(vfId: number, blockId: number): Uint8Array | NdisStatus {
    const device = this.#deviceOf(vfId);
    if (blockId === REFUSED_BLOCK) return statusOf(device);
    return Buffer.from(stampOf(this.#name, device, blockId));
  }

  #write(vfId: number, blockId: number, data: Uint8Array): NdisStatus {
    const device = this.#deviceOf(vfId);
    const written = Buffer.from(data).toString();
    if (written !== stampOf(this.#name, device, blockId)) {
      this.crossed.push(`${this.#name} VF ${vfId}, ${device}, was written "${written}"`);
    }
    this.writes.set(device, (this.writes.get(device) ?? 0) + 1);
    return NDIS_STATUS.NDIS_STATUS_SUCCESS;
  }

  #deviceOf(vfId: number): string {
    const device = this.#devices.get(vfId);
    if (device === undefined) this.crossed.push(`${this.#name} was asked of VF ${vfId}`);
    return device ?? '';
  }
}
