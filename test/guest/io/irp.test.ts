import { describe, expect, test } from 'vitest';
import { IOCTL } from '#guest/io/ioctl.ts';
import { IRP_MJ_DEVICE_CONTROL, IRP_MJ_INTERNAL_DEVICE_CONTROL, Irp } from '#guest/io/irp.ts';
import { NTSTATUS } from '#shared/nt/ntstatus.ts';

function newIrp(): { readonly irp: Irp; readonly completions: Irp[] } {
  const completions: Irp[] = [];
  const irp = new Irp({
    majorFunction: IRP_MJ_INTERNAL_DEVICE_CONTROL,
    ioControlCode: IOCTL.IOCTL_VPCI_INVALIDATE_BLOCK,
    inputBufferLength: 8,
    outputBufferLength: 0,
    type3InputBuffer: new Uint8Array(8),
    userBuffer: undefined,
    completionRoutine: (each) => completions.push(each),
  });
  return { irp, completions };
}

describe('an IRP', () => {
  test('major function codes have their documented values [constants.irp-mj-device-control]', () => {
    expect(IRP_MJ_DEVICE_CONTROL).toBe(0x0e);
    expect(IRP_MJ_INTERNAL_DEVICE_CONTROL).toBe(0x0f);
  });

  test('is completed once: the first completion wins [ioctl.completed-once]', () => {
    const { irp, completions } = newIrp();
    expect(irp.complete(NTSTATUS.STATUS_SUCCESS, 7)).toBe(true);
    expect(irp.complete(NTSTATUS.STATUS_CANCELLED, 0)).toBe(false);
    expect(completions).toEqual([irp]);
    expect(irp.ioStatus).toEqual({ status: NTSTATUS.STATUS_SUCCESS, information: 7 });
  });

  test('is STATUS_PENDING until it is completed, and already completed in its routine', () => {
    let seen: number | undefined;
    const irp = new Irp({
      ...newIrp().irp.stackLocation,
      userBuffer: undefined,
      completionRoutine: (each) => {
        seen = each.ioStatus.status;
      },
    });
    expect(irp.ioStatus.status).toBe(NTSTATUS.STATUS_PENDING);
    irp.complete(NTSTATUS.STATUS_BUFFER_TOO_SMALL, 0);
    expect(seen).toBe(NTSTATUS.STATUS_BUFFER_TOO_SMALL);
  });

  test('cancelled without a cancel routine goes on, and says that it was cancelled', () => {
    const { irp, completions } = newIrp();
    expect(irp.cancel()).toBe(false);
    expect(irp.cancelled).toBe(true);
    expect(completions).toEqual([]);
  });

  test('cancelled with a cancel routine calls it once', () => {
    const { irp } = newIrp();
    let called = 0;
    irp.setCancelRoutine(() => called++);
    expect(irp.cancel()).toBe(true);
    expect(irp.cancel()).toBe(false);
    expect(called).toBe(1);
  });

  test('cancelled after its completion is left alone', () => {
    const { irp, completions } = newIrp();
    irp.setCancelRoutine((each) => each.complete(NTSTATUS.STATUS_CANCELLED, 0));
    irp.complete(NTSTATUS.STATUS_SUCCESS, 0);
    expect(irp.cancel()).toBe(false);
    expect(completions).toHaveLength(1);
    expect(irp.ioStatus.status).toBe(NTSTATUS.STATUS_SUCCESS);
  });
});
