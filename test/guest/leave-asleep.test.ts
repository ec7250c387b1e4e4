import { describe, expect, test } from 'vitest';
import { NDIS_STATUS } from '#shared/ndis/ndis-status.ts';
import { NTSTATUS } from '#shared/nt/ntstatus.ts';
import { CLOSE_CODES } from '#shared/transport/close-codes.ts';
import { turn } from '#test/kit/world/turn.ts';
import { RawHostBench } from '#test/support/raw-host-bench.ts';
import { RecordingVf } from '#test/support/recording-vf.ts';
import { hopsOf, running, suspended } from '#test/support/sleeping-guest.ts';

const { NDIS_STATUS_FAILURE } = NDIS_STATUS;
const D3 = 4;

describe('a guest that is stopped', () => {
  test('while it sleeps halts its miniport with NdisHaltDevicePoweredDown and closes the channel, without waking [power.stop-asleep] [pended.halt]', async () => {
    const answers: unknown[] = [];
    const vf = new RecordingVf({
      halt: async (each) => void answers.push(await each.read(0, 1)),
    });
    const bench = await suspended({ vf });
    bench.host.received.length = 0;
    bench.events.length = 0;
    await bench.os.stop();
    expect(bench.vf.halts).toEqual(['NdisHaltDevicePoweredDown']);
    expect(answers).toEqual([NDIS_STATUS_FAILURE]);
    expect(hopsOf(bench).slice(0, 3)).toEqual([
      'ioCancelIrp IoCancelIrp',
      'ioCompleteRequest IOCTL_VPCI_INVALIDATE_BLOCK',
      'vfMiniportHaltEx MiniportHaltEx',
    ]);
    expect(bench.host.types).toEqual([]);
    expect(bench.host.closed).toMatchObject({ code: CLOSE_CODES.normal.code });
    expect(bench.end).toMatchObject({ how: 'stopped' });
    expect(bench.clock.timers).toBe(0);
  });

  test('while it falls asleep is asleep first [power.stop-asleep]', async () => {
    const bench = await running();
    delete bench.host.answers['FDO_D0_EXIT'];
    void bench.os.suspend();
    await turn();
    const stopped = bench.os.stop();
    const [exit] = bench.host.requestsOf('FDO_D0_EXIT');
    bench.host.complete(exit?.transactionId ?? 0, { status: NTSTATUS.STATUS_SUCCESS });
    await stopped;
    expect(bench.vf.halts).toEqual(['NdisHaltDevicePoweredDown']);
    expect(bench.phases).toEqual(['suspending', 'suspended', 'halting', 'gone', 'ended']);
  });

  test('while it wakes is awake first, and leaves in good order', async () => {
    const bench = await suspended();
    bench.host.received.length = 0;
    delete bench.host.answers['FDO_D0_ENTRY'];
    void bench.os.resume();
    await turn();
    const stopped = bench.os.stop();
    const [entry] = bench.host.requestsOf('FDO_D0_ENTRY');
    bench.host.complete(entry?.transactionId ?? 0, { status: NTSTATUS.STATUS_SUCCESS });
    await stopped;
    expect(bench.vf.halts).toEqual(['NdisHaltDeviceDisabled']);
    expect(bench.host.types).toEqual([
      'FDO_D0_ENTRY',
      'DEVICE_POWER_STATE_CHANGE',
      'DEVICE_POWER_STATE_CHANGE',
      'FDO_D0_EXIT',
    ]);
    expect(bench.end).toMatchObject({ how: 'stopped' });
  });

  test('while it wakes, at a host that does not answer, is given up after 3 s', async () => {
    const bench = await suspended();
    delete bench.host.answers['FDO_D0_ENTRY'];
    const awake = bench.os.resume();
    await turn();
    void bench.os.stop();
    await bench.clock.advance(3_000);
    await awake;
    expect(bench.end).toMatchObject({ how: 'stopped' });
    expect(bench.vf.halts).toEqual(['NdisHaltDeviceFailed']);
    expect(bench.clock.timers).toBe(0);
  });

  test('without a VF, while it sleeps, ends', async () => {
    const bench = new RawHostBench({
      retry: true,
      dial: () => Promise.resolve({ failure: 'no host', permanent: false }),
    });
    await bench.run();
    await bench.os.suspend();
    await bench.clock.advance(60_000);
    expect(bench.dials).toBe(1);
    await bench.os.stop();
    expect(bench.end).toMatchObject({ how: 'stopped' });
    expect(bench.phases).toEqual(['dialing', 'suspended', 'ended']);
    expect(bench.clock.timers).toBe(0);
  });

  test('is not suspended any more, nor resumed', async () => {
    const bench = await running();
    await bench.os.stop();
    await bench.os.suspend();
    await bench.os.resume();
    expect(bench.os.vfs).toMatchObject([{ phase: 'ended' }]);
    expect(bench.dials).toBe(1);
  });

  test('while its miniport holds OID_PNP_SET_POWER for ever leaves it behind, and the suspend returns', async () => {
    const vf = new RecordingVf({ setPower: () => new Promise<void>(() => {}) });
    const bench = await running({ vf, oidTimeout: 0 });
    const asleep = bench.os.suspend();
    void bench.os.stop();
    await bench.clock.advance(3_500);
    await asleep;
    expect(bench.end).toMatchObject({ how: 'stopped' });
  });
});

describe('EJECT', () => {
  test('to a guest that sleeps is answered when it wakes [teardown.eject-out-of-d0] [power.eject-asleep]', async () => {
    const bench = await suspended();
    bench.host.eject();
    bench.host.eject();
    await turn();
    expect(bench.host.types).not.toContain('EJECT_COMPLETE');
    expect(bench.vf.halts).toEqual([]);
    await bench.os.resume();
    expect(bench.vf.halts).toEqual(['NdisHaltDeviceDisabled']);
    expect(bench.vf.powers).toEqual([D3, 1]);
    expect(bench.host.types.filter((type) => type === 'EJECT_COMPLETE')).toHaveLength(1);
  });

  test('while the guest falls asleep waits for its waking [power.eject-asleep]', async () => {
    const bench = await running();
    delete bench.host.answers['FDO_D0_EXIT'];
    const asleep = bench.os.suspend();
    await turn();
    bench.host.eject();
    const [exit] = bench.host.requestsOf('FDO_D0_EXIT');
    bench.host.complete(exit?.transactionId ?? 0, { status: NTSTATUS.STATUS_SUCCESS });
    await asleep;
    expect(bench.host.types).not.toContain('EJECT_COMPLETE');
    expect(bench.phases).toEqual(['suspending', 'suspended']);
  });

  test('before the guest is suspended gives the VF back, and it does not fall asleep [power.eject-asleep]', async () => {
    const bench = await running();
    bench.host.eject();
    await turn();
    await Promise.all([bench.os.suspend(), turn()]);
    expect(bench.host.types).toEqual(['EJECT_COMPLETE']);
    expect(bench.vf.powers).toEqual([]);
    expect(bench.phases).toEqual(['halting']);
  });

  test('while the guest wakes is answered once it is awake [power.eject-asleep]', async () => {
    const bench = await suspended();
    const awake = bench.os.resume();
    bench.host.eject();
    await awake;
    await turn();
    expect(bench.host.types.at(-1)).toBe('EJECT_COMPLETE');
    expect(bench.vf.halts).toEqual(['NdisHaltDeviceDisabled']);
  });

  test('that nobody answered ends in surprise removal, asleep as awake', async () => {
    const bench = await suspended({ retry: true });
    bench.host.eject();
    bench.host.close({ code: CLOSE_CODES.ejected.code, reason: 'surprise removal' });
    await turn();
    expect(bench.vf.halts).toEqual(['NdisHaltDeviceSurpriseRemoved']);
    expect(bench.end).toMatchObject({ how: 'ejected' });
  });

  test('and then a stop, while the guest sleeps, turns it off', async () => {
    const bench = await suspended();
    bench.host.eject();
    await turn();
    await bench.os.stop();
    expect(bench.vf.halts).toEqual(['NdisHaltDevicePoweredDown']);
    expect(bench.host.types).not.toContain('EJECT_COMPLETE');
    expect(bench.end).toMatchObject({ how: 'stopped' });
  });

  test('ten thousand times while a miniport starts is heard once', async () => {
    let finish: () => void = () => {};
    const vf = new RecordingVf({
      initialize: () =>
        new Promise((resolve) => {
          finish = () => resolve(NDIS_STATUS.NDIS_STATUS_SUCCESS);
        }),
    });
    const bench = await new RawHostBench({ vf }).run();
    for (let each = 0; each < 10_000; each++) bench.host.eject();
    await turn();
    finish();
    await turn();
    expect(bench.host.types.filter((type) => type === 'EJECT_COMPLETE')).toHaveLength(1);
    expect(bench.vf.halts).toEqual(['NdisHaltDeviceDisabled']);
  });
});
