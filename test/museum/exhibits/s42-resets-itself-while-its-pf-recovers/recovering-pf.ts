import { definePfMiniport, type PfAdapter } from '#host/ndis/pf-miniport.ts';
import { configBlockPf } from '#host/pf-miniport/config-block-pf.ts';
import { NDIS_STATUS } from '#shared/ndis/ndis-status.ts';
import { delay } from '#shared/time/clock.ts';
import { type Mail, mailBytes, parseMail, REPLY_BLOCK, REQUEST_BLOCK } from '../../drivers/mail.ts';

/** The state of the VF's hardware, as the code of a mail. It is invalidated when the PF resets a VF. */
export const STATE_BLOCK = 3;
export const STATE = { active: 0, inReset: 1 } as const;

/** What a VF asks of the PF. RESET_VF is not answered: a reset has no mailbox to answer in. */
export const COMMAND = { resetVf: 2, configureQueues: 6, enableQueues: 8 } as const;
export const ANSWER = { success: 0, errorParameter: 5 } as const;

/** How long it takes until the PF's service task sees to what a VF has asked. */
const SERVICE_MS = 5;
const RESET_TAKES_MS = 10;

/**
 * A PF whose VFs configure their queues and then enable them; a reset takes both back. It resets all
 * VFs at the time of the keyword `ResetAtMs`, of which they are told, and one that asks for it.
 */
export function recoveringPf() {
  return definePfMiniport((adapter) => {
    const vfs = new Map<number, VirtualFunction>();
    return configBlockPf(adapter, {
      initialize() {
        adapter.clock.setTimer(Number(adapter.configuration.get('ResetAtMs')), () => {
          for (const vf of vfs.values()) void vf.resetByPf();
        });
        return NDIS_STATUS.NDIS_STATUS_SUCCESS;
      },
      readBlock: (vfId, blockId) =>
        vfs.get(vfId)?.read(blockId) ?? NDIS_STATUS.NDIS_STATUS_INVALID_PARAMETER,
      writeBlock(vfId, blockId, data) {
        if (blockId === REQUEST_BLOCK) vfs.get(vfId)?.take(parseMail(data));
        return NDIS_STATUS.NDIS_STATUS_SUCCESS;
      },
      vfAllocated: (vfId) => void vfs.set(vfId, new VirtualFunction(adapter, vfId)),
      vfFreed: (vfId) => void vfs.delete(vfId),
    });
  });
}

class VirtualFunction {
  readonly #adapter: PfAdapter;
  readonly #vfId: number;
  #state: number = STATE.active;
  #isConfigured = false;
  #reply: Mail = { code: 0, matchId: 0, value: 0 };

  constructor(adapter: PfAdapter, vfId: number) {
    this.#adapter = adapter;
    this.#vfId = vfId;
  }

  read(blockId: number): Uint8Array {
    return mailBytes(
      blockId === STATE_BLOCK ? { code: this.#state, matchId: 0, value: 0 } : this.#reply,
    );
  }

  take(request: Mail): void {
    if (request.code === COMMAND.resetVf) void this.#resetByVf();
    else this.#answer(request, this.#carryOut(request.code));
  }

  async resetByPf(): Promise<void> {
    const done = this.#reset();
    this.#invalidate(STATE_BLOCK);
    await done;
  }

  /** Nobody is told: the VF knows that it has asked. */
  async #resetByVf(): Promise<void> {
    await delay(this.#adapter.clock, SERVICE_MS);
    await this.#reset();
  }

  async #reset(): Promise<void> {
    this.#state = STATE.inReset;
    this.#isConfigured = false;
    await delay(this.#adapter.clock, RESET_TAKES_MS);
    this.#state = STATE.active;
  }

  #carryOut(code: number): number {
    if (this.#state === STATE.inReset) return ANSWER.errorParameter;
    if (code === COMMAND.configureQueues) this.#isConfigured = true;
    return this.#isConfigured ? ANSWER.success : ANSWER.errorParameter;
  }

  #answer(request: Mail, value: number): void {
    this.#reply = { ...request, value };
    this.#invalidate(REPLY_BLOCK);
  }

  #invalidate(blockId: number): void {
    this.#adapter.ndisMInvalidateConfigBlock(this.#vfId, 1n << BigInt(blockId));
  }
}
