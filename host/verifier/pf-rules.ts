import { NDIS_STATUS, type NdisStatus } from '#shared/ndis/ndis-status.ts';
import { OID, oidName } from '#shared/ndis/oid.ts';
import type { NdisOidRequest } from '#shared/ndis/oid-request.ts';
import type { TraceEvent } from '#shared/trace/trace.ts';
import { ONLY_OF_VF } from '#shared/verifier/adapter-functions.ts';
import type { DriverCode } from '#shared/verifier/driver-code.ts';
import type { Loan } from '#shared/verifier/lent-requests.ts';
import type { SideRules } from '#shared/verifier/miniport-watch.ts';
import { type BlockMask, blockMask, maskOfBlocks } from '#shared/vpci/config-block.ts';
import { parseConfigBlockParameters } from '../ndis/config-block-parameters.ts';
import { parseVfParameters } from '../ndis/vf-parameters.ts';
import { parseFreeVfParameters } from '../ndis/vf-requests.ts';

/** Blocks of a VF that the PF miniport invalidated while it held a request. */
interface Invalidated {
  readonly mask: BlockMask;
  readonly event: TraceEvent | undefined;
}

/** A read that waits behind the request whose holder has asked for it. */
interface Deadlock {
  readonly held: Loan;
  readonly what: string;
  readonly events: readonly (TraceEvent | undefined)[];
}

/** The rules that only a PF miniport can break. */
export class PfRules implements SideRules {
  readonly foreign = ONLY_OF_VF;
  readonly foreignRule = 'actor.vf-only';
  readonly #code: DriverCode;
  readonly #allocated = new Set<number>();
  /** By VFId, of allocated VFs alone. */
  readonly #invalidated = new Map<number, Invalidated>();
  #held: Loan | undefined;
  #deadlock: Deadlock | undefined;

  constructor(code: DriverCode) {
    this.#code = code;
  }

  delivered(loan: Loan): void {
    this.#held = loan;
    this.#deadlock = undefined;
    this.#invalidated.clear();
  }

  called(name: string, [vfId, mask]: readonly unknown[], event: TraceEvent | undefined): void {
    if (name !== 'ndisMInvalidateConfigBlock' || this.#held === undefined) return;
    if (typeof vfId !== 'number' || typeof mask !== 'bigint' || !this.#allocated.has(vfId)) return;
    const before = this.#invalidated.get(vfId)?.mask ?? 0n;
    this.#invalidated.set(vfId, { mask: before | blockMask(mask), event });
  }

  /**
   * A read that waits for a request whose holder has invalidated the block that it reads: if the
   * holder waits for the read, neither ends. Whether it does shows when its time has run out.
   */
  queued(request: NdisOidRequest): void {
    const held = this.#held;
    if (held === undefined || this.#deadlock !== undefined) return;
    if (request.oid !== OID.OID_SRIOV_READ_VF_CONFIG_BLOCK) return;
    const read = parseConfigBlockParameters(request.informationBuffer);
    const invalidated = read && this.#invalidated.get(read.vfId);
    if (read === undefined || invalidated === undefined) return;
    if ((invalidated.mask & maskOfBlocks([read.blockId])) === 0n) return;
    const { vfId, blockId } = read;
    const { recent } = this.#code.verifier;
    const what = `the PF miniport holds ${oidName(held.request.oid)} and has invalidated block ${blockId} of VF ${vfId}, whose read of it waits behind that request`;
    const events = [...held.events, invalidated.event, recent.event(request.cause)];
    this.#deadlock = { held, what, events };
    this.#report(this.#deadlock, 'suspicion');
  }

  timedOut(loan: Loan): boolean {
    if (this.#deadlock?.held.request !== loan.request) return false;
    const what = `${this.#deadlock.what}, and the request has run out of time`;
    this.#report({ ...this.#deadlock, what }, 'violation');
    return true;
  }

  completed(loan: Loan, status: NdisStatus): void {
    this.#held = undefined;
    if (status !== NDIS_STATUS.NDIS_STATUS_SUCCESS) return;
    const { oid, informationBuffer } = loan.request;
    switch (oid) {
      case OID.OID_NIC_SWITCH_ALLOCATE_VF:
        this.#allocate(informationBuffer);
        break;
      case OID.OID_NIC_SWITCH_FREE_VF:
        this.#allocated.delete(parseFreeVfParameters(informationBuffer) ?? -1);
        break;
      case OID.OID_SRIOV_READ_VF_CONFIG_BLOCK:
      case OID.OID_SRIOV_WRITE_VF_CONFIG_BLOCK:
        this.#checkAllocated(loan);
        break;
      default:
    }
  }

  #allocate(informationBuffer: Uint8Array): void {
    const vfId = parseVfParameters(informationBuffer)?.vfId;
    if (vfId !== undefined) this.#allocated.add(vfId);
  }

  #checkAllocated({ request, events }: Loan): void {
    const vfId = parseConfigBlockParameters(request.informationBuffer)?.vfId;
    if (vfId === undefined || this.#allocated.has(vfId)) return;
    const name = oidName(request.oid);
    const what = `${name} of VF ${vfId}, which is not allocated, succeeded`;
    const { stack } = this.#code.here();
    this.#code.report({ id: 'oid.vf-is-allocated', what, name, events, stack });
  }

  #report({ held, what, events }: Deadlock, severity: 'suspicion' | 'violation'): void {
    const name = oidName(held.request.oid);
    this.#code.report({ id: 'concurrency.deadlock', what, name, events, severity });
  }
}
