import { describe, expect, test } from 'vitest';
import { NDIS_STATUS } from '#shared/ndis/ndis-status.ts';
import { OID } from '#shared/ndis/oid.ts';
import { IRQL, irqlName } from '#shared/nt/irql.ts';
import type { KernelServices } from '#shared/nt/kernel-services.ts';
import { createWorld } from '#test/kit/world/world.ts';
import { RecordingPf } from '#test/support/recording-pf.ts';
import { RecordingVf } from '#test/support/recording-vf.ts';

const { NDIS_STATUS_SUCCESS, NDIS_STATUS_PENDING } = NDIS_STATUS;

/** At which IRQL each part of a driver ran: `MiniportHaltEx PASSIVE_LEVEL`, each pair once. */
class Levels {
  readonly seen = new Set<string>();

  note(what: string, kernel: KernelServices): void {
    this.seen.add(`${what} ${irqlName(kernel.keGetCurrentIrql())}`);
  }
}

describe('the IRQL at which NDIS calls a PF miniport', () => {
  test('is that of the documents, from whatever level the call comes [irql.oid-request]', async () => {
    const levels = new Levels();
    const pf = new RecordingPf();
    const world = await createWorld({
      pf: (adapter) => {
        levels.note('factory', adapter);
        const ordinary = pf.factory(adapter);
        return {
          miniportInitializeEx: () => {
            levels.note('MiniportInitializeEx', adapter);
            return NDIS_STATUS_SUCCESS;
          },
          miniportOidRequest: (request) => {
            levels.note('MiniportOidRequest', adapter);
            return ordinary.miniportOidRequest(request);
          },
          miniportCancelOidRequest: () => levels.note('MiniportCancelOidRequest', adapter),
          miniportHaltEx: () => levels.note('MiniportHaltEx', adapter),
        };
      },
      oidTimeout: 5,
      breaks: ['oid.completed-in-time'],
    });
    await world.attachGuest(new RecordingVf().factory);
    pf.leavePending(OID.OID_SRIOV_RESET_VF);
    const resets = [world.host.resetVf(0), world.host.resetVf(0), world.host.resetVf(0)];
    pf.adapter.clock.setTimer(1, () => {
      levels.note('timer', pf.adapter);
      // The next request is delivered from within this call.
      pf.complete(pf.last(OID.OID_SRIOV_RESET_VF), NDIS_STATUS_SUCCESS);
      levels.note('timer', pf.adapter);
    });
    await world.clock.advance(20_000);
    await Promise.all(resets);
    await world.end();
    expect([...levels.seen].sort()).toEqual([
      'MiniportCancelOidRequest DISPATCH_LEVEL',
      'MiniportHaltEx PASSIVE_LEVEL',
      'MiniportInitializeEx PASSIVE_LEVEL',
      'MiniportOidRequest PASSIVE_LEVEL',
      'factory PASSIVE_LEVEL',
      'timer DISPATCH_LEVEL',
    ]);
  });
});

describe('the IRQL at which NDIS calls a VF miniport', () => {
  test('is that of the documents [irql.oid-request] [irql.timers]', async () => {
    const levels = new Levels();
    const pf = new RecordingPf();
    const breaks = ['oid.completed-in-time'];
    const world = await createWorld({ pf: pf.factory, breaks });
    await world.attachGuest((adapter) => ({
      miniportInitializeEx: () => {
        levels.note('MiniportInitializeEx', adapter);
        adapter.clock.setTimer(1, () => {
          levels.note('timer', adapter);
          adapter.ndisQueueIoWorkItem(() => levels.note('work item', adapter));
        });
        return NDIS_STATUS_SUCCESS;
      },
      miniportOidRequest: () => {
        levels.note('MiniportOidRequest', adapter);
        return NDIS_STATUS_PENDING;
      },
      miniportCancelOidRequest: () => levels.note('MiniportCancelOidRequest', adapter),
      miniportHaltEx: () => levels.note('MiniportHaltEx', adapter),
    }));
    pf.invalidate(0, 1n);
    await world.clock.advance(20_000);
    await world.end();
    expect([...levels.seen].sort()).toEqual([
      'MiniportCancelOidRequest DISPATCH_LEVEL',
      'MiniportHaltEx PASSIVE_LEVEL',
      'MiniportInitializeEx PASSIVE_LEVEL',
      'MiniportOidRequest PASSIVE_LEVEL',
      'timer DISPATCH_LEVEL',
      'work item PASSIVE_LEVEL',
    ]);
  });

  test('is restored after a driver that raises it and returns', async () => {
    const vf = new RecordingVf({
      initialize: (each) => {
        each.adapter.keRaiseIrql(IRQL.DISPATCH_LEVEL);
        return NDIS_STATUS_SUCCESS;
      },
    });
    const breaks = ['irql.restored'];
    const world = await createWorld({ pf: new RecordingPf().factory, breaks });
    await world.attachGuest(vf.factory);
    expect(irqlName(vf.current.adapter.keGetCurrentIrql())).toBe('PASSIVE_LEVEL');
  });
});
