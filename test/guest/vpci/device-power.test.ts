import { describe, expect, test } from 'vitest';
import { NTSTATUS } from '#shared/nt/ntstatus.ts';
import { CLOSE_CODES } from '#shared/transport/close-codes.ts';
import { turn } from '#test/kit/world/turn.ts';
import type { RawHost } from '#test/support/raw-host.ts';
import { RawHostBench } from '#test/support/raw-host-bench.ts';

const { STATUS_SUCCESS, STATUS_UNSUCCESSFUL, STATUS_NOT_SUPPORTED, STATUS_PENDING } = NTSTATUS;

/** A host that answers each change of power with this status. */
function answering(status: number): (host: RawHost) => void {
  return (host) => {
    host.answers['DEVICE_POWER_STATE_CHANGE'] = () => ({ status });
  };
}

/** A host that does not answer a change of power. */
function silent(host: RawHost): void {
  delete host.answers['DEVICE_POWER_STATE_CHANGE'];
}

/** The states into which the guest has taken its device. */
function statesOf(bench: RawHostBench): unknown[] {
  return bench.host
    .requestsOf('DEVICE_POWER_STATE_CHANGE')
    .map(({ message }) => message['powerState']);
}

describe('a device that the host does not take into D0', () => {
  test.each([
    [STATUS_UNSUCCESSFUL, 'STATUS_UNSUCCESSFUL'],
    [STATUS_PENDING, 'STATUS_PENDING'],
    [0xc0230014, 'STATUS_NDIS_INVALID_LENGTH'],
  ])(
    'ends its VF with 4009 before a miniport is created: 0x%x [power.device-stays-out-of-d0]',
    async (status, name) => {
      const bench = await new RawHostBench({ retry: true, onHost: answering(status) }).run();
      expect(bench.host.closed).toEqual({
        code: CLOSE_CODES.powerFailed.code,
        reason: `the device could not be taken into D0: ${name}`,
      });
      expect(bench.recording.instances).toEqual([]);
      expect(bench.end).toMatchObject({ how: 'failed' });
      expect(bench.dials).toBe(1);
      expect(bench.clock.timers).toBe(0);
    },
  );

  test('because the host is silent, is given up after 30 s', async () => {
    const bench = await new RawHostBench({ onHost: silent }).run();
    await bench.clock.advance(29_999);
    expect(bench.host.closed).toBeUndefined();
    await bench.clock.advance(1);
    expect(bench.host.closed).toMatchObject({ code: CLOSE_CODES.handshakeTimeout.code });
    expect(bench.recording.instances).toEqual([]);
  });

  test('because the channel is lost, is tried again with another VF', async () => {
    const bench = await new RawHostBench({ retry: true, onHost: silent }).run();
    bench.host.close({ code: CLOSE_CODES.lost.code, reason: 'cut' });
    await bench.clock.advance(250);
    expect(bench.dials).toBe(2);
    expect(bench.recording.instances).toEqual([]);
    void bench.os.stop();
    await bench.clock.advance(3_000);
  });

  test('and is on no bus, is not asked for its power', async () => {
    const bench = await new RawHostBench({
      onHost: (host) => {
        host.answers['FDO_D0_ENTRY'] = () => ({ status: STATUS_SUCCESS });
      },
    }).run();
    expect(statesOf(bench)).toEqual([]);
    expect(bench.host.closed).toMatchObject({ code: CLOSE_CODES.noSuchDevice.code });
  });
});

describe('the device of a guest', () => {
  test.each([STATUS_SUCCESS, STATUS_NOT_SUPPORTED])(
    'enters D0 before its miniport is created, when the host answers 0x%x [bring-up.device-in-d0] [power.pf-without-power-states]',
    async (status) => {
      const created: number[] = [];
      const bench = new RawHostBench({
        onHost: (host) => {
          host.answers['DEVICE_POWER_STATE_CHANGE'] = () => {
            created.push(bench.recording.instances.length);
            return { status };
          };
        },
      });
      await bench.run();
      expect(statesOf(bench)).toEqual([1]);
      expect(created).toEqual([0]);
      expect(bench.phases.at(-1)).toBe('running');
    },
  );

  test.each([STATUS_SUCCESS, STATUS_UNSUCCESSFUL])(
    'enters D3 before the bus leaves D0, when the guest stops; the host answers 0x%x [power.d3-at-a-stop]',
    async (status) => {
      const bench = await new RawHostBench().run();
      answering(status)(bench.host);
      await bench.os.stop();
      expect(statesOf(bench)).toEqual([1, 4]);
      expect(bench.host.types.slice(-2)).toEqual(['DEVICE_POWER_STATE_CHANGE', 'FDO_D0_EXIT']);
      expect(bench.host.closed).toMatchObject({ code: CLOSE_CODES.normal.code });
    },
  );

  test('keeps no guest from its stop by a host that does not answer D3 [power.d3-at-a-stop]', async () => {
    const bench = await new RawHostBench().run();
    silent(bench.host);
    void bench.os.stop();
    await turn();
    expect(bench.end).toMatchObject({ how: 'stopped' });
    expect(bench.clock.timers).toBe(0);
  });
});
