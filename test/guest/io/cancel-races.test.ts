import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { DriverIrp } from '#guest/io/driver-irp.ts';
import { IOCTL } from '#guest/io/ioctl.ts';
import { parseInvalidateBlockOutput } from '#guest/io/vpci-structures.ts';
import { NTSTATUS } from '#shared/nt/ntstatus.ts';
import { DriverBench } from '#test/support/driver-bench.ts';

type Step = { readonly mask: bigint } | 'cancel' | 'arm' | 'remove';

/** One IRP with IOCTL_VPCI_INVALIDATE_BLOCK, which is used again and again. */
class OneIrp {
  readonly bench = new DriverBench();
  readonly #irp: DriverIrp;
  readonly #output = new Uint8Array(8);
  #pending = false;
  uses = 0;
  completions = 0;
  told = 0n;

  constructor() {
    this.#irp = this.bench.allocate({}).irp;
  }

  take(step: Step): void {
    if (step === 'arm') this.#arm();
    else if (step === 'cancel') this.bench.wdm.ioCancelIrp(this.#irp);
    else if (step === 'remove') this.bench.vpci.driver.remove();
    else this.bench.vpci.driver.notifyInvalidate(step.mask, 0);
  }

  #arm(): void {
    if (this.#pending) return;
    const { wdm, pdo } = this.bench;
    wdm.ioReuseIrp(this.#irp, NTSTATUS.STATUS_SUCCESS);
    this.bench.fill(this.#irp, {
      ioControlCode: IOCTL.IOCTL_VPCI_INVALIDATE_BLOCK,
      type3InputBuffer: this.#output,
    });
    wdm.ioSetCompletionRoutine(this.#irp, () => this.#completed());
    this.#pending = true;
    this.uses++;
    wdm.ioCallDriver(pdo, this.#irp);
  }

  #completed(): number {
    this.#pending = false;
    this.completions++;
    const isTold = this.#irp.ioStatus.status === NTSTATUS.STATUS_SUCCESS;
    if (isTold) this.told |= parseInvalidateBlockOutput(this.#output);
    return NTSTATUS.STATUS_MORE_PROCESSING_REQUIRED;
  }
}

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ mask: fc.constantFrom(0n, 1n, 2n, 4n, 1n << 63n) }),
  fc.constantFrom('cancel' as const, 'arm' as const),
);

describe('cancels, invalidations and uses of one IRP, in any order,', () => {
  test('complete each use once, lose no bit, and invent none [pended.cancel-races] [ioctl.completed-once]', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const one = new OneIrp();
        let sent = 0n;
        for (const each of steps) {
          one.take(each);
          if (typeof each === 'object') sent |= each.mask;
        }
        expect(one.told | one.bench.vpci.driver.pendingMask).toBe(sent);
        one.take('remove');
        expect(one.completions).toBe(one.uses);
        expect(one.bench.broken).toEqual([]);
      }),
    );
  });
});
