import { describe, expect, test } from 'vitest';
import { NTSTATUS } from '#shared/nt/ntstatus.ts';
import { CLOSE_CODES } from '#shared/transport/close-codes.ts';
import { turn } from '#test/kit/world/turn.ts';
import { hopsOf, running, suspended } from '#test/support/sleeping-guest.ts';

const { STATUS_SUCCESS, STATUS_UNSUCCESSFUL } = NTSTATUS;
const D0 = 1;
const D3 = 4;
const CUT = { code: CLOSE_CODES.lost.code, reason: 'cut' };

describe('a VF whose guest wakes', () => {
  test('enters D0 on the channel of before: bus, device, miniport [power.resume-order]', async () => {
    const bench = await suspended();
    bench.events.length = 0;
    await bench.os.resume();
    expect(hopsOf(bench)).toEqual([
      'guestPacketSent FDO_D0_ENTRY',
      'hostPacketReceived BUS_RELATIONS2',
      'hostCompletionReceived FDO_D0_ENTRY',
      'guestPacketSent DEVICE_POWER_STATE_CHANGE',
      'hostCompletionReceived DEVICE_POWER_STATE_CHANGE',
      'vfMiniportOidRequest OID_PNP_SET_POWER',
      'vfMiniportOidRequestComplete OID_PNP_SET_POWER',
    ]);
    expect(bench.vf.powers).toEqual([D3, D0]);
    expect(bench.recording.instances).toHaveLength(1);
    expect(bench.phases).toEqual(['suspending', 'suspended', 'resuming', 'running']);
    expect(bench.dials).toBe(1);
    expect(bench.clock.timers).toBe(0);
  });

  test('though it does not sleep does nothing', async () => {
    const bench = await running();
    await bench.os.resume();
    expect(bench.phases).toEqual([]);
    expect(bench.host.types).toEqual([]);
  });

  test('at once does not fall asleep at all', async () => {
    const bench = await running();
    await Promise.all([bench.os.suspend(), bench.os.resume()]);
    expect(bench.phases).toEqual([]);
    expect(bench.host.types).toEqual([]);
  });

  test('while it falls asleep does that first, and then wakes [power.resume-order]', async () => {
    const bench = await running();
    delete bench.host.answers['FDO_D0_EXIT'];
    const asleep = bench.os.suspend();
    await turn();
    const awake = bench.os.resume();
    await turn();
    expect(bench.phases).toEqual(['suspending']);
    const [exit] = bench.host.requestsOf('FDO_D0_EXIT');
    bench.host.complete(exit?.transactionId ?? 0, { status: STATUS_SUCCESS });
    await Promise.all([asleep, awake]);
    expect(bench.phases).toEqual(['suspending', 'suspended', 'resuming', 'running']);
  });

  test('waits with D0 until the host has completed D3 [power.one-at-a-time]', async () => {
    const bench = await running();
    delete bench.host.answers['DEVICE_POWER_STATE_CHANGE'];
    await bench.os.suspend();
    const [toD3] = bench.host.requestsOf('DEVICE_POWER_STATE_CHANGE');
    const awake = bench.os.resume();
    await turn();
    expect(bench.host.requestsOf('DEVICE_POWER_STATE_CHANGE')).toHaveLength(1);
    bench.host.answers['DEVICE_POWER_STATE_CHANGE'] = () => ({ status: STATUS_SUCCESS });
    bench.host.complete(toD3?.transactionId ?? 0, { status: STATUS_SUCCESS });
    await awake;
    expect(bench.phases.at(-1)).toBe('running');
  });

  test.each([
    ['FDO_D0_ENTRY', CLOSE_CODES.protocolError.code],
    ['DEVICE_POWER_STATE_CHANGE', CLOSE_CODES.powerFailed.code],
  ])(
    'and finds %s refused loses its VF, whose miniport is halted with NdisHaltDeviceFailed [power.did-not-wake]',
    async (type, code) => {
      const bench = await suspended({ retry: true });
      bench.host.answers[type] = () => ({ status: STATUS_UNSUCCESSFUL });
      await bench.os.resume();
      await turn();
      expect(bench.host.closed).toMatchObject({ code });
      expect(bench.vf.halts).toEqual(['NdisHaltDeviceFailed']);
      expect(bench.phases).toEqual(['suspending', 'suspended', 'resuming', 'gone', 'ended']);
      expect(bench.end).toMatchObject({ how: 'failed' });
    },
  );

  test('and is not answered loses its VF after 30 s [power.did-not-wake]', async () => {
    const bench = await suspended();
    delete bench.host.answers['FDO_D0_ENTRY'];
    const awake = bench.os.resume();
    await bench.clock.advance(30_000);
    await awake;
    expect(bench.host.closed).toMatchObject({ code: CLOSE_CODES.handshakeTimeout.code });
    expect(bench.vf.halts).toEqual(['NdisHaltDeviceFailed']);
    expect(bench.clock.timers).toBe(0);
  });

  test('and finds another device on the bus loses its VF [power.did-not-wake]', async () => {
    const bench = await suspended();
    bench.host.answers['FDO_D0_ENTRY'] = () => {
      bench.host.relations([]);
      return { status: STATUS_SUCCESS };
    };
    await bench.os.resume();
    await turn();
    expect(bench.host.closed).toMatchObject({ code: CLOSE_CODES.noSuchDevice.code });
    expect(bench.end).toMatchObject({ how: 'failed' });
  });
});

describe('a channel that is lost', () => {
  test('while the VF falls asleep: it is removed by surprise, and none is looked for until the guest wakes [power.channel-lost-asleep]', async () => {
    const bench = await running({ retry: true });
    delete bench.host.answers['FDO_D0_EXIT'];
    const asleep = bench.os.suspend();
    await turn();
    bench.host.close(CUT);
    await asleep;
    await bench.clock.advance(60_000);
    expect(bench.vf.halts).toEqual(['NdisHaltDeviceSurpriseRemoved']);
    expect(bench.phases).toEqual(['suspending', 'gone', 'suspended']);
    expect(bench.dials).toBe(1);
  });

  test('while the VF sleeps: the same, and another VF comes when the guest wakes [power.channel-lost-asleep]', async () => {
    const bench = await suspended({ retry: true });
    bench.host.close(CUT);
    await bench.clock.advance(60_000);
    expect(bench.vf.halts).toEqual(['NdisHaltDeviceSurpriseRemoved']);
    expect(bench.dials).toBe(1);
    expect(bench.os.vfs).toMatchObject([{ phase: 'suspended' }]);
    await bench.os.resume();
    await turn();
    expect(bench.dials).toBe(2);
    expect(bench.recording.instances).toHaveLength(2);
    expect(bench.os.vfs).toMatchObject([{ phase: 'running' }]);
  });

  test('while the VF wakes: it is halted as one that did not, and the next try brings another [power.did-not-wake]', async () => {
    const bench = await suspended({ retry: true });
    delete bench.host.answers['DEVICE_POWER_STATE_CHANGE'];
    const awake = bench.os.resume();
    await turn();
    bench.host.close(CUT);
    await awake;
    expect(bench.vf.halts).toEqual(['NdisHaltDeviceFailed']);
    await bench.clock.advance(250);
    expect(bench.dials).toBe(2);
    expect(bench.os.vfs).toMatchObject([{ phase: 'running' }]);
  });

  test('with --no-retry ends the slot, asleep as awake', async () => {
    const bench = await suspended({ retry: false });
    bench.host.close(CUT);
    await turn();
    expect(bench.end).toMatchObject({ how: 'failed' });
  });
});
