import { describe, expect, test } from 'vitest';
import { parseVPortParameters } from '#host/ndis/vport-parameters.ts';
import { parseMoveFilterParameters } from '#host/ndis/vport-requests.ts';
import { NDIS_STATUS } from '#shared/ndis/ndis-status.ts';
import { OID } from '#shared/ndis/oid.ts';
import { CLOSE_CODES } from '#shared/transport/close-codes.ts';
import { createControlledPair } from '#test/kit/world/controlled-transport.ts';
import { RawGuest } from '#test/kit/world/raw-guest.ts';
import { turn } from '#test/kit/world/turn.ts';
import { createWorld, type World } from '#test/kit/world/world.ts';
import type { WorldOptions } from '#test/kit/world/world-options.ts';
import { recordingLog } from '#test/support/recording-log.ts';
import { RecordingPf } from '#test/support/recording-pf.ts';
import { BRING_UP, RELEASE, TEARDOWN } from '#test/support/vf-oids-in-order.ts';

const { NDIS_STATUS_FAILURE, NDIS_STATUS_NOT_SUPPORTED, NDIS_STATUS_RESOURCES } = NDIS_STATUS;
const STEPS = [OID.OID_NIC_SWITCH_CREATE_VPORT, OID.OID_RECEIVE_FILTER_MOVE_FILTER] as const;

interface Bench {
  readonly world: World;
  readonly pf: RecordingPf;
}

/** A host whose PF has been asked for nothing but its switch, which is forgotten. */
async function newBench(options: Partial<WorldOptions> = {}): Promise<Bench> {
  const pf = new RecordingPf();
  const world = await createWorld({ pf: pf.factory, ...options });
  pf.oids.length = 0;
  return { world, pf };
}

/** A guest whose VF is not brought up yet, since the PF leaves requests of this OID pending. */
async function stuckAt(oid: number, bench: Bench, name = 'raw'): Promise<RawGuest> {
  bench.pf.leavePending(oid);
  const [guest, host] = createControlledPair();
  void bench.world.host.attach(host, { vmName: name, index: 0 });
  await turn();
  return new RawGuest(guest);
}

describe('the bring-up of a VF', () => {
  test('asks for the VF, for its VPort, for the filter on it, and for what it is on the bus, in this order [bring-up.create-vport] [bring-up.move-filter]', async () => {
    const { world, pf } = await newBench();
    const { guest } = await world.attachRawGuest();
    expect(pf.oids).toEqual(BRING_UP);
    expect(guest.closed).toBeUndefined();
    expect(world.host.vfs).toMatchObject([{ vfId: 0, vportId: 1, state: 'exposed' }]);
  });

  test('attaches the VPort to the VF, under the VPortId that NDIS chose [bring-up.create-vport]', async () => {
    const { world, pf } = await newBench();
    await world.attachRawGuest('a');
    await world.attachRawGuest('b');
    const { informationBuffer } = pf.lastAsked(OID.OID_NIC_SWITCH_CREATE_VPORT);
    expect(parseVPortParameters(informationBuffer)).toMatchObject({
      switchId: 0,
      vportId: 2,
      name: 'b/0',
      attachedFunctionId: 1,
    });
  });

  test("moves the filter of the VM from the default VPort to the VF's [bring-up.move-filter] [bring-up.one-filter]", async () => {
    const { world, pf } = await newBench();
    await world.attachRawGuest('a');
    await world.attachRawGuest('b');
    const { informationBuffer } = pf.lastAsked(OID.OID_RECEIVE_FILTER_MOVE_FILTER);
    expect(parseMoveFilterParameters(informationBuffer)).toEqual({
      filterId: 2,
      sourceQueueId: 0,
      sourceVPortId: 0,
      destQueueId: 0,
      destVPortId: 2,
    });
  });

  test('of a VFId that another guest had gives it a VPort anew', async () => {
    const { world, pf } = await newBench({ numVfs: 1 });
    const { guest: first } = await world.attachRawGuest('first');
    first.close();
    await turn();
    pf.oids.length = 0;
    await world.attachRawGuest('second');
    expect(pf.oids).toEqual(BRING_UP);
    expect(world.host.vfs).toMatchObject([{ vfId: 0, vportId: 1, device: 'second/0' }]);
  });
});

describe('a bring-up that fails', () => {
  test.each([
    [STEPS[0], NDIS_STATUS_NOT_SUPPORTED, 2, RELEASE],
    [STEPS[0], NDIS_STATUS_RESOURCES, 2, RELEASE],
    [STEPS[1], NDIS_STATUS_FAILURE, 3, TEARDOWN.slice(1)],
  ] as const)(
    'at 0x%x with 0x%x refuses the guest with both, and undoes what was done before [bring-up.failure-undoes]',
    async (failing, status, asked, undone) => {
      const log = recordingLog();
      const { world, pf } = await newBench({ log: log.log });
      pf.intercept = ({ oid }) => (oid === failing ? status : undefined);
      const { guest } = await world.attachRawGuest();
      const names = Object.entries({ ...OID, ...NDIS_STATUS });
      const nameOf = (value: number) => names.find(([, each]) => each === value)?.[0];
      const reason = `${nameOf(failing)} failed with ${nameOf(status)}`;
      expect(guest.closed).toEqual({ code: CLOSE_CODES.allocationFailed.code, reason });
      expect(pf.oids).toEqual([...BRING_UP.slice(0, asked), ...undone]);
      expect(world.host.vfs).toEqual([]);
      expect(log.messages.filter((message) => message !== '')).toContain(`VF refused: ${reason}`);
      expect(world.clock.timers).toBe(0);
    },
  );

  test('because its PF holds a step for too long undoes what was done before', async () => {
    const bench = await newBench({ oidTimeout: 10, breaks: ['oid.completed-in-time'] });
    const guest = await stuckAt(OID.OID_NIC_SWITCH_CREATE_VPORT, bench);
    await bench.world.clock.advance(10_000);
    expect(guest.closed).toMatchObject({ code: 4002, reason: expect.stringContaining('ABORTED') });
    expect(bench.pf.oids.slice(2)).toEqual(RELEASE);
    expect(bench.world.host.vfs).toEqual([]);
  });

  test('leaves room for the next guest', async () => {
    const { world, pf } = await newBench({ numVfs: 1 });
    pf.intercept = ({ oid }) => (oid === STEPS[1] ? NDIS_STATUS_FAILURE : undefined);
    await world.attachRawGuest('first');
    pf.intercept = () => undefined;
    const { guest } = await world.attachRawGuest('second');
    expect(guest.closed).toBeUndefined();
    expect(world.host.vfs).toMatchObject([{ vfId: 0, vportId: 1, device: 'second/0' }]);
  });

  test('is not the end of the bring-up of another VF', async () => {
    const { world, pf } = await newBench();
    const { guest: first } = await world.attachRawGuest('first');
    pf.intercept = ({ oid }) => (oid === STEPS[0] ? NDIS_STATUS_FAILURE : undefined);
    await world.attachRawGuest('second');
    await first.enterD0();
    expect(world.host.vfs).toMatchObject([{ device: 'first/0', state: 'running', vportId: 1 }]);
  });
});

describe('a bring-up that nobody waits for any more', () => {
  const REST = [
    [OID.OID_NIC_SWITCH_CREATE_VPORT, 2, TEARDOWN.slice(1)],
    [OID.OID_RECEIVE_FILTER_MOVE_FILTER, 3, TEARDOWN],
    [OID.OID_SRIOV_VF_VENDOR_DEVICE_ID, 4, TEARDOWN],
    [OID.OID_SRIOV_PROBED_BARS, 5, TEARDOWN],
    [OID.OID_SRIOV_READ_VF_CONFIG_SPACE, 6, TEARDOWN],
    [OID.OID_SRIOV_BAR_RESOURCES, 7, TEARDOWN],
  ] as const;

  test.each(REST)(
    'at 0x%x because of an eject goes no further, and is undone once the PF has answered [teardown.filters-move-back] [teardown.delete-vport]',
    async (oid, asked, undone) => {
      const bench = await newBench();
      const guest = await stuckAt(oid, bench);
      expect(bench.world.host.ejectVf(0)).toBe(true);
      await turn();
      expect(guest.closed).toMatchObject({ code: CLOSE_CODES.ejected.code });
      expect(bench.pf.oids).toEqual(BRING_UP.slice(0, asked));
      expect(bench.world.host.vfs).toMatchObject([{ state: 'releasing' }]);
      bench.pf.intercept = () => undefined;
      bench.pf.finish(bench.pf.last(oid));
      await turn();
      expect(bench.pf.oids).toEqual([...BRING_UP.slice(0, asked), ...undone]);
      expect(bench.world.host.vfs).toEqual([]);
      expect(bench.world.clock.timers).toBe(0);
    },
  );

  test.each(REST)(
    'at 0x%x because its channel is lost, which is seen once it is opened, is undone',
    async (oid) => {
      const bench = await newBench();
      const guest = await stuckAt(oid, bench);
      guest.close();
      await turn();
      bench.pf.intercept = () => undefined;
      bench.pf.finish(bench.pf.last(oid));
      await turn();
      expect(bench.pf.oids).toEqual([...BRING_UP, ...TEARDOWN]);
      expect(bench.world.host.vfs).toEqual([]);
      expect(bench.world.clock.timers).toBe(0);
    },
  );

  test.each(REST)(
    'at 0x%x because the host stops is undone before the switch is deleted [teardown.switch-last]',
    async (oid, asked, undone) => {
      const bench = await newBench();
      const guest = await stuckAt(oid, bench);
      const stopped = bench.world.host.stop();
      await turn();
      bench.pf.intercept = () => undefined;
      bench.pf.finish(bench.pf.last(oid));
      await stopped;
      expect(guest.closed).toMatchObject({ code: CLOSE_CODES.goingAway.code });
      const all = [...BRING_UP.slice(0, asked), ...undone, 'OID_NIC_SWITCH_DELETE_SWITCH'];
      expect(bench.pf.oids).toEqual(all);
      expect(bench.pf.halts).toBe(1);
    },
  );

  test('while its VF is being allocated and the host stops comes to no VPort', async () => {
    const bench = await newBench();
    await stuckAt(OID.OID_NIC_SWITCH_ALLOCATE_VF, bench);
    const stopped = bench.world.host.stop();
    bench.pf.intercept = () => undefined;
    bench.pf.finish(bench.pf.last(OID.OID_NIC_SWITCH_ALLOCATE_VF));
    await stopped;
    expect(bench.pf.oids).toEqual([BRING_UP[0], ...RELEASE, 'OID_NIC_SWITCH_DELETE_SWITCH']);
  });
});
