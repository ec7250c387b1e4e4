import { OID, oidName } from '#shared/ndis/oid.ts';
import type { Clock } from '#shared/time/clock.ts';
import type { TraceEvent } from '#shared/trace/trace.ts';
import { ONLY_OF_PF } from '#shared/verifier/adapter-functions.ts';
import type { DriverCode } from '#shared/verifier/driver-code.ts';
import type { Loan } from '#shared/verifier/lent-requests.ts';
import type { SideRules } from '#shared/verifier/miniport-watch.ts';
import { type BlockMask, maskHex, maskOfBlocks, shortMask } from '#shared/vpci/config-block.ts';
import { parseInvalidateInfo } from '../ndis/invalidate-info.ts';
import type { NdisHaltAction } from '../ndis/vf-miniport.ts';

/** How long a VF miniport may leave blocks unread that it was told are invalid. */
const UNREAD_MS = 30_000;
/** A miniport that is halted sooner than this after it was told had no time to read. */
const NO_TIME_MS = 1_000;

/** Blocks that the VF miniport was told are invalid, and of which it has read none since. */
interface Unread {
  readonly mask: BlockMask;
  readonly since: number;
  readonly events: readonly (TraceEvent | undefined)[];
}

/** The rules that only a VF miniport can break. */
export class VfRules implements SideRules {
  readonly foreign = ONLY_OF_PF;
  readonly foreignRule = 'actor.pf-only';
  readonly #code: DriverCode;
  readonly #clock: Clock;
  #unread: Unread | undefined;
  readonly #device: string;
  #unlisten: () => void = () => {};

  /** @param device which VF of which guest, as the trace names it */
  constructor(code: DriverCode, clock: Clock, device: string) {
    this.#code = code;
    this.#clock = clock;
    this.#device = device;
  }

  /**
   * What comes while blocks are unread joins them: one read of any of them will do. Another request,
   * which may put the device to sleep and wake it later, gives the miniport its time anew.
   */
  delivered({ request, events }: Loan): void {
    const now = this.#clock.now();
    const unread = this.#unread;
    if (request.oid !== OID.OID_SRIOV_VF_INVALIDATE_CONFIG_BLOCK) {
      if (unread !== undefined) this.#unread = { ...unread, since: now };
      return;
    }
    const mask = parseInvalidateInfo(request.informationBuffer) ?? 0n;
    if (unread !== undefined) {
      this.#unread = { ...unread, mask: unread.mask | mask };
      return;
    }
    this.#unread = { mask, since: now, events };
    this.#unlisten = this.#code.verifier.trace.listen((event) => this.#saw(event));
  }

  halting([action]: readonly unknown[]): void {
    const removed: NdisHaltAction = 'NdisHaltDeviceSurpriseRemoved';
    const unread = this.#unread;
    if (unread === undefined || action === removed) return;
    if (this.#clock.now() - unread.since >= NO_TIME_MS) this.#report();
  }

  ended(): void {
    this.#forget();
  }

  /**
   * A read counts by whichever door it goes to the VPCI driver: each ends in the same packet. That the
   * time is over shows with the next event; a timer of ours would be one more in every world of a test.
   */
  #saw({ hop, name, device, blockId }: TraceEvent): void {
    const unread = this.#unread;
    if (unread === undefined) return;
    const isRead = hop === 'guestPacketSent' && name === 'READ_BLOCK' && device === this.#device;
    if (isRead && (unread.mask & maskOfBlocks([blockId ?? 0])) !== 0n) this.#forget();
    else if (this.#clock.now() - unread.since >= UNREAD_MS) this.#report();
  }

  #forget(): void {
    this.#unlisten();
    this.#unread = undefined;
  }

  #report(): void {
    const unread = this.#unread;
    this.#forget();
    if (unread === undefined) return;
    const { mask, since, events } = unread;
    const seconds = Math.round((this.#clock.now() - since) / 1000);
    const what = `it was told of invalid blocks, mask ${shortMask(maskHex(mask))}, and has read none of them for ${seconds} s`;
    const name = oidName(OID.OID_SRIOV_VF_INVALIDATE_CONFIG_BLOCK);
    this.#code.report({ id: 'invalidation.is-read', what, name, events });
  }
}
