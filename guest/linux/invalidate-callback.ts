import { messageOf } from '#shared/message-of.ts';
import type { ContractObserver, ContractRule } from '#shared/ndis/contract-observer.ts';
import { CurrentIrql, IRQL } from '#shared/nt/irql.ts';
import type { RecurringLog } from '#shared/recurring-log.ts';
import { stackOf } from '#shared/stack-of.ts';
import type { Trace } from '#shared/trace/trace.ts';
import type { VfIdentity } from '#shared/trace/vf-identity.ts';
import { type BlockMask, maskHex } from '#shared/vpci/config-block.ts';
import { traceDropped } from './dropped-invalidation.ts';

/** Takes a mask; `cause` is the trace event that led to it. What it returns is held against it. */
export type TakeMask = (mask: BlockMask, cause: number) => unknown;

export const CALLBACK_RULE: ContractRule = {
  id: 'linux.callback-does-not-wait',
  rule: 'the invalidation callback of a Linux VF driver runs in atomic context: it does not wait, and throws nothing',
  source: 'Linux: drivers/pci/controller/pci-hyperv.c',
};

export interface InvalidateCallbackOptions {
  readonly trace: Trace;
  readonly log: RecurringLog;
  readonly identity: () => VfIdentity;
  readonly observer?: Pick<ContractObserver, 'broke'> | undefined;
}

/**
 * The invalidation callback of one device. Each message of the host is one call, with the mask as it
 * came, at once and in atomic context: nothing is merged, and what comes while nobody is registered
 * is dropped.
 */
export class InvalidateCallback {
  readonly #options: InvalidateCallbackOptions;
  /** Linux knows no IRQL; its interrupt context is to a driver what DISPATCH_LEVEL is on Windows. */
  readonly #irql = new CurrentIrql();
  #take: TakeMask | undefined;

  constructor(options: InvalidateCallbackOptions) {
    this.#options = options;
  }

  /** Whether the code that runs now was called by the callback. */
  get isRunning(): boolean {
    return this.#irql.level === IRQL.DISPATCH_LEVEL;
  }

  register(take: TakeMask | undefined): void {
    this.#take = take;
    const { trace, identity } = this.#options;
    if (!trace.enabled) return;
    const note = take === undefined ? 'nobody is registered any more' : undefined;
    const name = 'hyperv_reg_block_invalidate';
    trace.record({ hop: 'hypervRegBlockInvalidate', name, ...identity(), note });
  }

  call(mask: BlockMask, cause: number): void {
    const take = this.#take;
    const { trace, identity } = this.#options;
    if (take === undefined) {
      traceDropped(trace, identity(), mask, cause, 'no callback is registered');
      return;
    }
    const called = trace.enabled
      ? trace.record({
          hop: 'blockInvalidate',
          name: 'block_invalidate',
          ...identity(),
          mask: maskHex(mask),
          cause,
        })
      : 0;
    try {
      const answer = this.#irql.at(IRQL.DISPATCH_LEVEL, () => take(mask, called));
      if (answer instanceof Promise) this.#waits(answer);
    } catch (error) {
      this.violated(`the invalidation callback threw: ${messageOf(error)}`, stackOf(error));
    }
  }

  /** Reports what no driver may do in the callback. */
  violated(note: string, stack?: string): void {
    const { trace, log, identity, observer } = this.#options;
    const name = 'block_invalidate';
    log.error(CALLBACK_RULE.id, { device: identity().device, stack }, note);
    if (trace.enabled) trace.record({ hop: 'linuxContractViolated', name, ...identity(), note });
    observer?.broke({ ...CALLBACK_RULE, name, what: note, stack });
  }

  #waits(answer: Promise<unknown>): void {
    this.violated('the invalidation callback returned a promise: it must not wait');
    answer.catch((error: unknown) =>
      this.violated(`the invalidation callback threw: ${messageOf(error)}`, stackOf(error)),
    );
  }
}
