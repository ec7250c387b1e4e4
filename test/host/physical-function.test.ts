import { describe, expect, test } from 'vitest';
import type { PfMiniportFactory } from '#host/ndis/pf-miniport.ts';
import { NDIS_STATUS, type NdisStatus } from '#shared/ndis/ndis-status.ts';
import { OID } from '#shared/ndis/oid.ts';
import { IRQL } from '#shared/nt/irql.ts';
import { CLOSE_CODES } from '#shared/transport/close-codes.ts';
import { turn } from '#test/kit/world/turn.ts';
import { createWorld, World } from '#test/kit/world/world.ts';
import { recordingLog } from '#test/support/recording-log.ts';
import { RecordingPf } from '#test/support/recording-pf.ts';
import { RecordingVf } from '#test/support/recording-vf.ts';
import { TEARDOWN } from '#test/support/vf-oids-in-order.ts';

const { NDIS_STATUS_SUCCESS, NDIS_STATUS_FAILURE, NDIS_STATUS_INVALID_PARAMETER } = NDIS_STATUS;

describe('a PF that does not start', () => {
  test.each<[string, () => NdisStatus | Promise<NdisStatus>, string]>([
    [
      'throws',
      () => {
        throw new Error('no configuration');
      },
      'no configuration',
    ],
    ['fails', () => NDIS_STATUS_FAILURE, 'NDIS_STATUS_FAILURE'],
  ])(
    'because its PF miniport %s says why, and creates no switch [bring-up.pf-initialize]',
    async (_how, initialize, why) => {
      const pf = new RecordingPf({ initialize });
      const world = new World({ pf: pf.factory, breaks: ['driver.no-exception'] });
      expect(await world.host.start()).toBe(
        `the PF miniport did not initialize: ${why === 'NDIS_STATUS_FAILURE' ? 'MiniportInitializeEx returned NDIS_STATUS_FAILURE' : why}`,
      );
      expect(world.host.started).toBe(false);
      expect(pf.oids).toEqual([]);
      expect(pf.halts).toBe(0);
    },
  );

  test('because its PF miniport refuses the switch halts the PF', async () => {
    const pf = new RecordingPf();
    pf.intercept = () => NDIS_STATUS.NDIS_STATUS_NOT_SUPPORTED;
    const world = new World({ pf: pf.factory });
    expect(await world.host.start()).toContain('NDIS_STATUS_NOT_SUPPORTED');
    expect(pf.halts).toBe(1);
    expect(world.host.started).toBe(false);
  });

  test('because the factory throws, which the caller sees', () => {
    const pf = () => {
      throw new Error('broken');
    };
    expect(() => new World({ pf, breaks: ['driver.no-exception'] })).toThrow('broken');
  });

  test('because the verifier has stopped it for what its factory did, gives out no VF', async () => {
    const recording = new RecordingPf();
    const pf: PfMiniportFactory = (adapter) => {
      adapter.keRaiseIrql(IRQL.DISPATCH_LEVEL);
      return recording.factory(adapter);
    };
    const world = new World({ pf, verifier: 'fatal', breaks: ['irql.restored'] });
    await turn();
    expect(await world.host.start()).toContain('PF miniport pf0 broke irql.restored');
    expect(world.host.started).toBe(false);
    expect(recording.oids).toEqual([]);
  });
});

describe('the stop of a PF', () => {
  test('ejects every VF, frees it, deletes the switch and halts the PF, in this order [teardown.switch-last]', async () => {
    const pf = new RecordingPf();
    const world = await createWorld({ pf: pf.factory });
    const vf = new RecordingVf();
    await world.attachGuest(vf.factory, { vfs: 2 });
    pf.oids.length = 0;
    await world.host.stop();
    expect(pf.oids).toEqual([...TEARDOWN, ...TEARDOWN, 'OID_NIC_SWITCH_DELETE_SWITCH']);
    expect(pf.halts).toBe(1);
    expect(vf.instances.map((each) => each.halts)).toEqual([
      ['NdisHaltDeviceDisabled'],
      ['NdisHaltDeviceDisabled'],
    ]);
    expect(world.events.at(-1)?.hop).toBe('pfMiniportHaltEx');
    expect(world.clock.timers).toBe(0);
  });

  test('cuts the channel of a guest that does not give its VF back within 3 s', async () => {
    const pf = new RecordingPf();
    const world = await createWorld({ pf: pf.factory });
    const { guest } = await world.attachRawGuest();
    await guest.enterD0();
    const stopped = world.host.stop();
    await world.clock.advance(2_999);
    expect(guest.closed).toBeUndefined();
    await world.clock.advance(1);
    expect(guest.closed).toMatchObject({ code: CLOSE_CODES.goingAway.code });
    await stopped;
    expect(pf.halts).toBe(1);
    expect(world.clock.timers).toBe(0);
  });

  test('asked for twice is one, and both wait for it', async () => {
    const pf = new RecordingPf();
    const world = await createWorld({ pf: pf.factory });
    pf.leavePending(OID.OID_NIC_SWITCH_DELETE_SWITCH);
    let ended = 0;
    for (let each = 0; each < 2; each++) void world.host.stop().then(() => ended++);
    await turn();
    expect(ended).toBe(0);
    pf.complete(pf.last(OID.OID_NIC_SWITCH_DELETE_SWITCH), NDIS_STATUS_SUCCESS);
    await turn();
    expect(ended).toBe(2);
    expect(pf.halts).toBe(1);
  });

  test('asked for while it starts comes after the start', async () => {
    let finish: (status: NdisStatus) => void = () => {};
    const pf = new RecordingPf({
      initialize: () =>
        new Promise<NdisStatus>((resolve) => {
          finish = resolve;
        }),
    });
    const world = new World({ pf: pf.factory });
    const started = world.host.start();
    const stopped = world.host.stop();
    finish(NDIS_STATUS_SUCCESS);
    await Promise.all([started, stopped]);
    expect(pf.halts).toBe(1);
    expect(world.host.started).toBe(false);
  });

  test('of one that never started is nothing', async () => {
    const pf = new RecordingPf();
    await new World({ pf: pf.factory }).host.stop();
    expect(pf.halts).toBe(0);
  });

  test('waits for a PF miniport no longer than its OIDs may take', async () => {
    const pf = new RecordingPf();
    const world = await createWorld({ pf: pf.factory, oidTimeout: 10 });
    world.expectBreaches('oid.completed-in-time');
    await world.attachRawGuest();
    pf.intercept = () => NDIS_STATUS.NDIS_STATUS_PENDING;
    let ended = false;
    void world.host.stop().then(() => {
      ended = true;
    });
    // The filter, the VPort, the reset and the switch; NDIS refuses to free a VF that has a VPort.
    await world.clock.advance(39_999);
    expect(ended).toBe(false);
    await world.clock.advance(1);
    expect(ended).toBe(true);
    expect(pf.halts).toBe(1);
  });
});

describe('an operator of a PF', () => {
  test.each([0, 129, -1, 1.5, 4_294_967_295])(
    'reads no block of %d bytes: the PF is not asked',
    async (length) => {
      const pf = new RecordingPf();
      const world = await createWorld({ pf: pf.factory });
      await world.attachRawGuest();
      pf.oids.length = 0;
      expect(await world.host.readBlock(0, 5, length)).toEqual({
        status: NDIS_STATUS_INVALID_PARAMETER,
        data: new Uint8Array(0),
      });
      expect(pf.oids).toEqual([]);
    },
  );

  test.each([0, 129])('writes no block of %i bytes: the PF is not asked', async (length) => {
    const pf = new RecordingPf();
    const world = await createWorld({ pf: pf.factory });
    await world.attachRawGuest();
    pf.oids.length = 0;
    expect(await world.host.writeBlock(0, 5, new Uint8Array(length))).toBe(
      NDIS_STATUS_INVALID_PARAMETER,
    );
    expect(pf.oids).toEqual([]);
  });

  test('of a VF that is not allocated reads, writes and shows nothing', async () => {
    const world = await createWorld({ pf: new RecordingPf().factory });
    expect(await world.host.readBlock(0, 5, 1)).toBeUndefined();
    expect(await world.host.writeBlock(0, 5, new Uint8Array(1))).toBeUndefined();
    expect(world.host.vf(0)).toBeUndefined();
    world.host.invalidate(0, 1n);
  });

  test('of a VF that is being freed is one of none, and never gets to the PF [teardown.operator] [teardown.invalidate]', async () => {
    const pf = new RecordingPf();
    const world = await createWorld({ pf: pf.factory });
    await world.attachGuest(new RecordingVf().factory);
    pf.leavePending(OID.OID_RECEIVE_FILTER_MOVE_FILTER);
    world.cut('g1/0');
    await turn();
    expect(world.host.vfs).toMatchObject([{ vfId: 0, state: 'releasing' }]);
    const asked = pf.oids.length;
    expect(await world.host.readBlock(0, 0, 4)).toBeUndefined();
    expect(await world.host.writeBlock(0, 0, new Uint8Array(4))).toBeUndefined();
    expect(await world.host.resetVf(0)).toBeUndefined();
    expect(world.host.ejectVf(0)).toBe(true);
    world.host.invalidate(0, 1n);
    expect(world.host.vfs).toMatchObject([{ state: 'releasing', pendingMask: 0n }]);
    expect(world.eventsOf('blockMaskDropped')).toMatchObject([{ vfId: 0 }]);
    pf.intercept = () => undefined;
    pf.finish(pf.last(OID.OID_RECEIVE_FILTER_MOVE_FILTER));
    await turn();
    expect(pf.oids.slice(asked)).toEqual([
      'OID_NIC_SWITCH_DELETE_VPORT',
      'OID_SRIOV_RESET_VF',
      'OID_NIC_SWITCH_FREE_VF',
    ]);
  });

  test('gets the status of the PF, and no data with a failure', async () => {
    const pf = new RecordingPf();
    const world = await createWorld({ pf: pf.factory });
    await world.attachRawGuest();
    pf.intercept = () => NDIS_STATUS.NDIS_STATUS_RESET_IN_PROGRESS;
    expect(await world.host.readBlock(0, 5, 1)).toEqual({
      status: NDIS_STATUS.NDIS_STATUS_RESET_IN_PROGRESS,
      data: new Uint8Array(0),
    });
    pf.intercept = () => NDIS_STATUS_SUCCESS;
    expect(await world.host.readBlock(0, 5, 1)).toMatchObject({ status: NDIS_STATUS_FAILURE });
  });

  test('reads what was written, invalidates, and sees the VF', async () => {
    const pf = new RecordingPf();
    const world = await createWorld({ pf: pf.factory });
    const { guest } = await world.attachRawGuest();
    await guest.enterD0();
    expect(await world.host.writeBlock(0, 64, Uint8Array.of(1, 2))).toBe(NDIS_STATUS_SUCCESS);
    expect(await world.host.readBlock(0, 64, 2)).toEqual({
      status: NDIS_STATUS_SUCCESS,
      data: Uint8Array.of(1, 2),
    });
    world.host.invalidate(0, 0x21n);
    await turn();
    expect(world.eventsOf('ndisMInvalidateConfigBlock').at(-1)?.note).toBe('by an operator');
    expect(guest.masks).toEqual([0x21n]);
    expect(world.host.vf(0)).toMatchObject({
      vfId: 0,
      vportId: 1,
      device: 'raw/0',
      state: 'running',
      generation: 1,
      pendingMask: 0n,
      outstanding: 0,
      framesReceived: 2,
      framesSent: 4,
      allocatedAt: world.clock.now(),
      report: undefined,
    });
    expect(world.host.numVfs).toBe(4);
  });
});

describe('a timer of a PF miniport', () => {
  test('that throws is reported, and takes nothing down', async () => {
    const log = recordingLog();
    const pf = new RecordingPf();
    const world = await createWorld({ pf: pf.factory, log: log.log });
    world.expectBreaches('driver.no-exception');
    pf.adapter.clock.setTimer(5, () => {
      throw Object.create(null);
    });
    await world.clock.advance(5);
    expect(log.messages).toEqual([expect.stringContaining('a timer of the PF miniport threw')]);
    await world.host.stop();
  });
});
