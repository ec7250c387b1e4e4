import { describe, expect, test } from 'vitest';
import { NDIS_STATUS } from '#shared/ndis/ndis-status.ts';
import { NTSTATUS } from '#shared/nt/ntstatus.ts';
import { turn } from '#test/kit/world/turn.ts';
import { RawHostBench } from '#test/support/raw-host-bench.ts';
import { RecordingVf } from '#test/support/recording-vf.ts';
import { hopsOf, running, suspended } from '#test/support/sleeping-guest.ts';

const { STATUS_SUCCESS, STATUS_UNSUCCESSFUL } = NTSTATUS;
const { NDIS_STATUS_SUCCESS, NDIS_STATUS_FAILURE } = NDIS_STATUS;
const D3 = 4;

describe('a VF whose guest falls asleep', () => {
  test('tells its miniport, takes the device into D3 and the bus out of D0; the IOCTL stays pended [power.suspend-order] [pended.low-power] [power.no-halt-on-suspend]', async () => {
    const bench = await suspended();
    expect(hopsOf(bench)).toEqual([
      'vfMiniportOidRequest OID_PNP_SET_POWER',
      'vfMiniportOidRequestComplete OID_PNP_SET_POWER',
      'guestPacketSent DEVICE_POWER_STATE_CHANGE',
      'guestPacketSent FDO_D0_EXIT',
      'hostCompletionReceived DEVICE_POWER_STATE_CHANGE',
      'hostCompletionReceived FDO_D0_EXIT',
    ]);
    expect(bench.vf.powers).toEqual([D3]);
    expect(bench.phases).toEqual(['suspending', 'suspended']);
    expect(bench.host.closed).toBeUndefined();
    expect(bench.vf.halts).toEqual([]);
    expect(bench.clock.timers).toBe(0);
  });

  test('reads and writes nothing until it wakes, and the host is not asked [power.blocks-out-of-d0]', async () => {
    const bench = await suspended();
    bench.host.received.length = 0;
    expect(await bench.vf.read(0, 1)).toBe(NDIS_STATUS_FAILURE);
    expect(await bench.vf.write(0, Uint8Array.of(1))).toBe(NDIS_STATUS_FAILURE);
    const completed = bench.events.filter(({ hop }) => hop === 'ioCompleteRequest');
    expect(completed.map(({ status }) => status)).toEqual([
      NTSTATUS.STATUS_DEVICE_NOT_CONNECTED,
      NTSTATUS.STATUS_DEVICE_NOT_CONNECTED,
    ]);
    expect(bench.host.types).toEqual([]);
  });

  test('may read and write in its OID_PNP_SET_POWER still', async () => {
    const answers: unknown[] = [];
    const vf = new RecordingVf({
      setPower: async (each) => void answers.push(await each.write(0, Uint8Array.of(1))),
    });
    const bench = await running({ vf });
    bench.host.answers['WRITE_BLOCK'] = () => ({ status: STATUS_SUCCESS });
    await bench.os.suspend();
    await bench.os.resume();
    expect(answers).toEqual([NDIS_STATUS_SUCCESS, NDIS_STATUS_SUCCESS]);
  });

  test.each([
    ['fails', () => NDIS_STATUS_FAILURE],
    ['does not know it', () => NDIS_STATUS.NDIS_STATUS_NOT_SUPPORTED],
    [
      'throws',
      () => {
        throw new Error('broken');
      },
    ],
  ])(
    'whose miniport %s falls asleep all the same [power.miniport-cannot-refuse]',
    async (how, answer) => {
      const vf = new RecordingVf();
      const { factory } = vf;
      const bench = await running({
        vf: Object.assign(vf, {
          factory: ((adapter) => ({
            ...factory(adapter),
            miniportOidRequest: answer,
          })) satisfies typeof factory,
        }),
      });
      await bench.os.suspend();
      expect(bench.phases).toEqual(['suspending', 'suspended']);
      const warned = bench.log.messages.filter((text) => text.includes('failed OID_PNP_SET_POWER'));
      expect(warned.length > 0).toBe(how !== 'does not know it');
    },
  );

  test.each([STATUS_UNSUCCESSFUL, undefined])(
    'falls asleep though the host answers %s to both requests [power.d3-at-a-stop]',
    async (status) => {
      const bench = await running();
      const answer = () => (status === undefined ? undefined : { status });
      bench.host.answers['DEVICE_POWER_STATE_CHANGE'] = answer;
      bench.host.answers['FDO_D0_EXIT'] = answer;
      const asleep = bench.os.suspend();
      await bench.clock.advance(30_000);
      await asleep;
      expect(bench.phases).toEqual(['suspending', 'suspended']);
      expect(bench.host.closed).toBeUndefined();
    },
  );

  test('with a read under way has it completed by the answer of the host', async () => {
    const bench = await running();
    const read = bench.vf.read(0, 1);
    await bench.os.suspend();
    const [request] = bench.host.requestsOf('READ_BLOCK');
    bench.host.complete(request?.transactionId ?? 0, { status: STATUS_SUCCESS, bytes: 'BQ==' });
    expect(await read).toEqual(Uint8Array.of(5));
  });

  test('twice falls asleep once', async () => {
    const bench = await running();
    await Promise.all([bench.os.suspend(), bench.os.suspend()]);
    await bench.os.suspend();
    expect(bench.phases).toEqual(['suspending', 'suspended']);
    expect(bench.vf.powers).toEqual([D3]);
    expect(bench.host.types).toEqual(['DEVICE_POWER_STATE_CHANGE', 'FDO_D0_EXIT']);
  });

  test('while it is brought up does so once it runs', async () => {
    const bench = new RawHostBench();
    const asleep = bench.os.suspend();
    await bench.run();
    await asleep;
    expect(bench.dials).toBe(0);
    await bench.os.resume();
    await turn();
    expect(bench.phases).toEqual(['suspended', 'dialing', 'handshake', 'initializing', 'running']);
    const early = new RawHostBench();
    const run = early.run();
    const sleep = early.os.suspend();
    await Promise.all([run, sleep]);
    await turn();
    expect(early.phases.at(-1)).toBe('suspended');
  });
});
