import { describe, expect, test } from 'vitest';
import { parseSetVfPowerStateParameters } from '#host/ndis/vf-power-state-parameters.ts';
import { NDIS_STATUS } from '#shared/ndis/ndis-status.ts';
import { OID } from '#shared/ndis/oid.ts';
import { NTSTATUS } from '#shared/nt/ntstatus.ts';
import type { RawGuest } from '#test/kit/world/raw-guest.ts';
import { turn } from '#test/kit/world/turn.ts';
import { createWorld, type World } from '#test/kit/world/world.ts';
import type { WorldOptions } from '#test/kit/world/world-options.ts';
import { RecordingPf } from '#test/support/recording-pf.ts';
import { TEARDOWN } from '#test/support/vf-oids-in-order.ts';

const {
  STATUS_SUCCESS,
  STATUS_BAD_DATA,
  STATUS_NO_SUCH_DEVICE,
  STATUS_NOT_SUPPORTED,
  STATUS_INVALID_PARAMETER,
  STATUS_INVALID_DEVICE_REQUEST,
  STATUS_DEVICE_NOT_CONNECTED,
} = NTSTATUS;
const { OID_SRIOV_SET_VF_POWER_STATE, OID_SRIOV_RESET_VF } = OID;
const D0 = 1;
const D3 = 4;

interface Bench {
  readonly world: World;
  readonly pf: RecordingPf;
  readonly guest: RawGuest;
}

async function inD0(version = 0x00010006, options: Partial<WorldOptions> = {}): Promise<Bench> {
  const pf = new RecordingPf();
  const world = await createWorld({ pf: pf.factory, ...options });
  const { guest } = await world.attachRawGuest();
  await guest.enterD0(version);
  pf.oids.length = 0;
  return { world, pf, guest };
}

describe.each([
  ['DEVICE_POWER_STATE_CHANGE', { powerState: D3 }],
  ['RESET_DEVICE', {}],
] as const)('%s', (type, fields) => {
  test('before the bus is in D0 is STATUS_DEVICE_NOT_CONNECTED [power.bus-not-in-d0]', async () => {
    const pf = new RecordingPf();
    const world = await createWorld({ pf: pf.factory });
    const { guest } = await world.attachRawGuest();
    await guest.ask('QUERY_PROTOCOL_VERSION', { protocolVersion: 0x00010006 });
    pf.oids.length = 0;
    expect(await guest.ask(type, { slot: 0, ...fields })).toEqual({
      status: STATUS_DEVICE_NOT_CONNECTED,
    });
    expect(pf.oids).toEqual([]);
    expect(guest.closed).toBeUndefined();
  });

  test('once the bus has left D0 is STATUS_DEVICE_NOT_CONNECTED [power.bus-not-in-d0]', async () => {
    const { guest, pf } = await inD0();
    await guest.ask('FDO_D0_EXIT');
    expect(await guest.ask(type, { slot: 0, ...fields })).toEqual({
      status: STATUS_DEVICE_NOT_CONNECTED,
    });
    expect(pf.oids).toEqual([]);
  });

  test('of another slot is STATUS_NO_SUCH_DEVICE', async () => {
    const { guest, pf } = await inD0();
    expect(await guest.ask(type, { slot: 1, ...fields })).toEqual({
      status: STATUS_NO_SUCH_DEVICE,
    });
    expect(pf.oids).toEqual([]);
  });

  test('is answered with the status of the PF [power.status-of-the-pf]', async () => {
    const { guest, pf } = await inD0();
    pf.intercept = () => NDIS_STATUS.NDIS_STATUS_INVALID_LENGTH;
    expect(await guest.ask(type, { slot: 0, ...fields })).toEqual({
      status: NTSTATUS.STATUS_NDIS_INVALID_LENGTH,
    });
  });

  test.each([
    ['DEVICE_POWER_STATE_CHANGE', { slot: 0, powerState: D0 }],
    ['RESET_DEVICE', { slot: 0 }],
  ] as const)(
    'and then %s while the PF holds the first is STATUS_INVALID_DEVICE_REQUEST [power.one-at-a-time]',
    async (second, message) => {
      const { guest, pf } = await inD0();
      pf.leavePending(OID_SRIOV_SET_VF_POWER_STATE, OID_SRIOV_RESET_VF);
      const first = guest.request(type, { slot: 0, ...fields });
      await turn();
      expect(await guest.ask(second, message)).toEqual({ status: STATUS_INVALID_DEVICE_REQUEST });
      expect(pf.oids).toHaveLength(1);
      pf.intercept = () => undefined;
      for (const request of pf.requests.slice(-1)) pf.finish(request);
      await turn();
      expect(guest.completionsOf(first)).toEqual([{ status: STATUS_SUCCESS }]);
      expect(await guest.ask(second, message)).toEqual({ status: STATUS_SUCCESS });
    },
  );

  test('a flood of it holds one request at the PF, and keeps nobody from it [power.one-at-a-time]', async () => {
    const { world, guest, pf } = await inD0();
    const { guest: other } = await world.attachRawGuest('other');
    await other.enterD0();
    pf.oids.length = 0;
    pf.leavePending(OID_SRIOV_SET_VF_POWER_STATE, OID_SRIOV_RESET_VF);
    const ids = Array.from({ length: 5_000 }, () => guest.request(type, { slot: 0, ...fields }));
    await turn();
    expect(pf.oids).toHaveLength(1);
    expect(world.host.vfs[0]).toMatchObject({ outstanding: 1, state: 'running' });
    const answers = ids.slice(1).flatMap((id) => guest.completionsOf(id));
    expect(answers).toHaveLength(4_999);
    expect(new Set(answers.map(({ status }) => status))).toEqual(
      new Set([STATUS_INVALID_DEVICE_REQUEST]),
    );
    const read = other.read(5, 1);
    for (const request of pf.requests.slice(-1)) pf.finish(request);
    await turn();
    expect(other.completionsOf(read)).toMatchObject([{ status: STATUS_SUCCESS }]);
  });

  test('under way when the channel is lost is followed by the teardown', async () => {
    const { world, guest, pf } = await inD0();
    pf.leavePending(OID_SRIOV_SET_VF_POWER_STATE, OID_SRIOV_RESET_VF);
    guest.request(type, { slot: 0, ...fields });
    await turn();
    guest.close();
    await turn();
    pf.intercept = () => undefined;
    for (const request of pf.requests.slice(-1)) pf.finish(request);
    await turn();
    expect(pf.oids.slice(1)).toEqual(TEARDOWN);
    expect(world.host.vfs).toEqual([]);
  });
});

describe('DEVICE_POWER_STATE_CHANGE', () => {
  test.each([0, 2, 3, 5, 0xffff_ffff])(
    'to %i is STATUS_BAD_DATA, and the PF is not asked [power.bad-state] [messages.device-power-state-change]',
    async (powerState) => {
      const { guest, pf } = await inD0();
      expect(await guest.ask('DEVICE_POWER_STATE_CHANGE', { slot: 0, powerState })).toEqual({
        status: STATUS_BAD_DATA,
      });
      expect(pf.oids).toEqual([]);
      expect(guest.closed).toBeUndefined();
    },
  );

  test('that the PF refuses leaves the state that was', async () => {
    const { world, guest, pf } = await inD0();
    await guest.ask('DEVICE_POWER_STATE_CHANGE', { slot: 0, powerState: D0 });
    pf.intercept = () => NDIS_STATUS.NDIS_STATUS_INVALID_PARAMETER;
    expect(await guest.ask('DEVICE_POWER_STATE_CHANGE', { slot: 0, powerState: D3 })).toEqual({
      status: STATUS_INVALID_PARAMETER,
    });
    expect(world.host.vfs).toMatchObject([{ devicePowerState: D0 }]);
  });

  test.each([D0, D3])(
    'to %i becomes OID_SRIOV_SET_VF_POWER_STATE without WakeEnable [bring-up.device-in-d0] [messages.device-power-state-change]',
    async (powerState) => {
      const { world, guest, pf } = await inD0();
      expect(world.host.vfs).toMatchObject([{ devicePowerState: 0 }]);
      expect(await guest.ask('DEVICE_POWER_STATE_CHANGE', { slot: 0, powerState })).toEqual({
        status: STATUS_SUCCESS,
      });
      expect(pf.oids).toEqual(['OID_SRIOV_SET_VF_POWER_STATE']);
      const { informationBuffer } = pf.lastAsked(OID_SRIOV_SET_VF_POWER_STATE);
      expect(parseSetVfPowerStateParameters(informationBuffer)).toEqual({
        vfId: 0,
        powerState,
        wakeEnable: false,
      });
      expect(world.host.vfs).toMatchObject([{ devicePowerState: powerState }]);
    },
  );

  test.each([undefined, D0, D3])(
    'to %s leaves blocks as they are, as long as the bus is in D0 [power.blocks-go-by-the-bus]',
    async (powerState) => {
      const { guest, pf } = await inD0();
      if (powerState !== undefined) {
        await guest.ask('DEVICE_POWER_STATE_CHANGE', { slot: 0, powerState });
      }
      const [read, write] = [guest.read(5, 1), guest.write(6, Uint8Array.of(1))];
      await turn();
      expect(guest.completionsOf(read)).toMatchObject([{ status: STATUS_SUCCESS }]);
      expect(guest.completionsOf(write)).toEqual([{ status: STATUS_SUCCESS }]);
      pf.invalidate(0, 0x21n);
      await turn();
      expect(guest.masks).toEqual([0x21n]);
    },
  );
});

describe('RESET_DEVICE', () => {
  test.each([0x00010001, 0x00010004])(
    'in version 0x%x is STATUS_NOT_SUPPORTED, in whatever slot [power.reset-device-version]',
    async (version) => {
      const { guest, pf } = await inD0(version);
      for (const slot of [0, 1]) {
        expect(await guest.ask('RESET_DEVICE', { slot })).toEqual({ status: STATUS_NOT_SUPPORTED });
      }
      expect(pf.oids).toEqual([]);
      expect(guest.closed).toBeUndefined();
    },
  );

  test.each([0x00010005, 0x00010006])(
    'in version 0x%x is OID_SRIOV_RESET_VF of this VF [messages.reset-device] [power.reset-device]',
    async (version) => {
      const { world, guest, pf } = await inD0(version);
      expect(await guest.ask('RESET_DEVICE', { slot: 0 })).toEqual({ status: STATUS_SUCCESS });
      expect(pf.oids).toEqual(['OID_SRIOV_RESET_VF']);
      expect(world.host.vfs).toMatchObject([{ vfId: 0, state: 'running', generation: 1 }]);
    },
  );

  test.each([
    ['keep', [1n]],
    ['drop', []],
  ] as const)(
    'with --mask-on-reset %s does so to the mask that waits [power.reset-device]',
    async (maskOnReset, masks) => {
      const pf = new RecordingPf();
      const world = await createWorld({ pf: pf.factory, maskOnReset });
      const { guest, link } = await world.attachRawGuest();
      await guest.enterD0();
      link.host.congest();
      pf.invalidate(0, 1n);
      await guest.ask('RESET_DEVICE', { slot: 0 });
      link.host.drain();
      await turn();
      expect(guest.masks).toEqual(masks);
    },
  );
});
