import { definePfMiniport, type PfAdapter } from '#host/ndis/pf-miniport.ts';
import { configBlockPf } from '#host/pf-miniport/config-block-pf.ts';
import { NDIS_STATUS } from '#shared/ndis/ndis-status.ts';
import { delay } from '#shared/time/clock.ts';
import { type Mail, mailBytes, parseMail, REPLY_BLOCK, REQUEST_BLOCK } from '../../drivers/mail.ts';
import { Mutex } from '../../drivers/mutex.ts';

/** The PF's own message to a VF, which is invalidated with it: the value has {@link CTS} or not. */
export const PING_BLOCK = 3;
/** A write to it acknowledges the PF's message. */
export const ACK_BLOCK = 5;
/** "Clear to send": the VF has introduced itself, and takes part in the protocol. */
export const CTS = 1;

/** What a VF asks. With RESET it introduces itself. */
export const REQUEST = { reset: 1, getLinkState: 16 } as const;

/** Of which messages the PF awaits the acknowledgement. */
export type Awaits = 'everyAck' | 'anAckThatCanCome';

const ACK_TIMEOUT_MS = 1000;

/**
 * A PF that sends each VF a message when its link changes, at the time of the keyword `LinkChangesAtMs`.
 * Mail of VFs is served, and sent, by one task.
 */
export function pingingPf(awaits: Awaits) {
  return definePfMiniport((adapter) => {
    const mailboxes = new Map<number, Mailbox>();
    const task = new Mutex();
    const serve = async (mailbox: Mailbox, request: Mail): Promise<void> => {
      await task.acquire();
      mailbox.answer(request);
      task.release();
    };
    const pingAll = async (): Promise<void> => {
      await task.acquire();
      for (const mailbox of mailboxes.values()) await mailbox.ping(awaits);
      task.release();
    };
    return configBlockPf(adapter, {
      initialize() {
        const time = Number(adapter.configuration.get('LinkChangesAtMs'));
        adapter.clock.setTimer(time, () => void pingAll());
        return NDIS_STATUS.NDIS_STATUS_SUCCESS;
      },
      readBlock: (vfId, blockId) =>
        mailboxes.get(vfId)?.read(blockId) ?? NDIS_STATUS.NDIS_STATUS_INVALID_PARAMETER,
      writeBlock(vfId, blockId, data) {
        const mailbox = mailboxes.get(vfId);
        if (blockId === ACK_BLOCK) mailbox?.acknowledge();
        if (blockId === REQUEST_BLOCK && mailbox) void serve(mailbox, parseMail(data));
        return NDIS_STATUS.NDIS_STATUS_SUCCESS;
      },
      vfAllocated: (vfId) => void mailboxes.set(vfId, new Mailbox(adapter, vfId)),
      vfFreed: (vfId) => void mailboxes.delete(vfId),
    });
  });
}

class Mailbox {
  readonly #adapter: PfAdapter;
  readonly #vfId: number;
  #isClearToSend = false;
  #reply: Mail = { code: 0, matchId: 0, value: 0 };
  #acknowledged = new AbortController();

  constructor(adapter: PfAdapter, vfId: number) {
    this.#adapter = adapter;
    this.#vfId = vfId;
  }

  read(blockId: number): Uint8Array {
    const ping = { code: 0, matchId: 0, value: this.#isClearToSend ? CTS : 0 };
    return mailBytes(blockId === PING_BLOCK ? ping : this.#reply);
  }

  answer(request: Mail): void {
    if (request.code === REQUEST.reset) this.#isClearToSend = true;
    this.#reply = request;
    this.#invalidate(REPLY_BLOCK);
  }

  /** ixgbe_write_mbx_pf: puts the message there, and waits until the VF has taken it. */
  async ping(awaits: Awaits): Promise<void> {
    this.#acknowledged = new AbortController();
    this.#invalidate(PING_BLOCK);
    if (awaits === 'anAckThatCanCome' && !this.#isClearToSend) return;
    await delay(this.#adapter.clock, ACK_TIMEOUT_MS, this.#acknowledged.signal);
  }

  acknowledge(): void {
    this.#acknowledged.abort();
  }

  #invalidate(blockId: number): void {
    this.#adapter.ndisMInvalidateConfigBlock(this.#vfId, 1n << BigInt(blockId));
  }
}
