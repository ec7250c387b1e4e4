import { describe, expect, test } from 'vitest';
import { NDIS_STATUS, type NdisStatus } from '#shared/ndis/ndis-status.ts';
import { NTSTATUS } from '#shared/nt/ntstatus.ts';
import { setPeriodicTimer } from '#shared/time/clock.ts';
import { CLOSE_CODES } from '#shared/transport/close-codes.ts';
import { turn } from '#test/kit/world/turn.ts';
import { RawHostBench } from '#test/support/raw-host-bench.ts';
import { RecordingVf } from '#test/support/recording-vf.ts';

const { NDIS_STATUS_SUCCESS, NDIS_STATUS_FAILURE } = NDIS_STATUS;

/** A VF miniport whose start takes until a test ends it. */
function slowStart() {
  let finish: (status: NdisStatus) => void = () => {};
  const vf = new RecordingVf({
    initialize: () =>
      new Promise<NdisStatus>((resolve) => {
        finish = resolve;
      }),
  });
  return { vf, finish: (status: NdisStatus = NDIS_STATUS_SUCCESS) => finish(status) };
}

describe('a VF miniport that does not start', () => {
  test.each<[string, () => NdisStatus | Promise<NdisStatus>]>([
    ['fails', () => NDIS_STATUS_FAILURE],
    [
      'throws',
      () => {
        throw new Error('broken');
      },
    ],
    ['rejects', () => Promise.reject(new Error('broken'))],
  ])(
    'and %s: D0 exit, then the close with the reason; it is neither halted nor tried again [bring-up.vf-initialize]',
    async (_how, initialize) => {
      const bench = await new RawHostBench({
        retry: true,
        vf: new RecordingVf({ initialize }),
      }).run();
      expect(bench.host.types).toEqual([
        'QUERY_PROTOCOL_VERSION',
        'FDO_D0_ENTRY',
        'CURRENT_RESOURCE_REQUIREMENTS',
        'DEVICE_POWER_STATE_CHANGE',
        'DEVICE_POWER_STATE_CHANGE',
        'FDO_D0_EXIT',
      ]);
      expect(bench.host.closed).toMatchObject({
        code: CLOSE_CODES.initializeFailed.code,
        reason: expect.stringContaining('NDIS_STATUS_FAILURE'),
      });
      expect(bench.vf.halts).toEqual([]);
      expect(bench.end).toMatchObject({ how: 'failed' });
    },
  );

  test('because its factory throws: the same', async () => {
    const vf = new RecordingVf();
    const factory = () => {
      throw Object.create(null);
    };
    const bench = await new RawHostBench({ vf: Object.assign(vf, { factory }) }).run();
    expect(bench.host.closed).toMatchObject({
      code: CLOSE_CODES.initializeFailed.code,
      reason: expect.stringContaining('could not be created'),
    });
  });

  test('because its reads fail when the channel is lost: no halt, one end', async () => {
    const vf = new RecordingVf({
      initialize: async (each) =>
        (await each.read(0, 1)) instanceof Uint8Array ? NDIS_STATUS_SUCCESS : NDIS_STATUS_FAILURE,
    });
    const bench = await new RawHostBench({ vf }).run();
    expect(bench.phases.at(-1)).toBe('initializing');
    bench.host.close({ code: CLOSE_CODES.lost.code, reason: 'cut' });
    await turn();
    expect(bench.vf.halts).toEqual([]);
    expect(bench.end).toMatchObject({ how: 'failed', reason: expect.stringContaining('cut') });
  });

  test('or ever return: a guest that stops does not wait for it', async () => {
    const { vf } = slowStart();
    const bench = await new RawHostBench({ vf }).run();
    const stopped = bench.os.stop();
    await bench.clock.advance(3_500);
    expect(bench.end).toMatchObject({ how: 'stopped' });
    await stopped;
    expect(bench.clock.timers).toBe(0);
  });
});

describe('a VF that is stopped', () => {
  test('halts its miniport, leaves D0 and closes the channel, in this order', async () => {
    const bench = await new RawHostBench().run();
    await bench.os.stop();
    const hops = bench.events.map(({ hop, name }) => `${hop} ${name}`);
    expect(hops.slice(hops.indexOf('ioCancelIrp IoCancelIrp'))).toEqual([
      'ioCancelIrp IoCancelIrp',
      'ioCompleteRequest IOCTL_VPCI_INVALIDATE_BLOCK',
      'vfMiniportHaltEx MiniportHaltEx',
      'guestPacketSent DEVICE_POWER_STATE_CHANGE',
      'guestPacketSent FDO_D0_EXIT',
      'hostCompletionReceived DEVICE_POWER_STATE_CHANGE',
      'hostCompletionReceived FDO_D0_EXIT',
      'channelClosed channel closed',
    ]);
    expect(bench.host.closed).toMatchObject({ code: CLOSE_CODES.normal.code });
    expect(bench.vf.halts).toEqual(['NdisHaltDeviceDisabled']);
    expect(bench.clock.timers).toBe(0);
  });

  test('lets its miniport read and write until its halt has returned', async () => {
    const answers: unknown[] = [];
    const vf = new RecordingVf({
      halt: async (each) => {
        answers.push(await each.write(0, new Uint8Array(1)));
      },
    });
    const bench = await new RawHostBench({
      vf,
      onHost: (host) => {
        host.answers['WRITE_BLOCK'] = () => ({ status: NTSTATUS.STATUS_SUCCESS });
      },
    }).run();
    await bench.os.stop();
    expect(answers).toEqual([NDIS_STATUS_SUCCESS]);
    expect(bench.host.types.slice(-3)).toEqual([
      'WRITE_BLOCK',
      'DEVICE_POWER_STATE_CHANGE',
      'FDO_D0_EXIT',
    ]);
  });

  test('while its miniport starts is halted once that has returned', async () => {
    const { vf, finish } = slowStart();
    const bench = await new RawHostBench({ vf }).run();
    const stopped = bench.os.stop();
    await turn();
    expect(bench.vf.halts).toEqual([]);
    finish();
    await stopped;
    expect(bench.vf.halts).toEqual(['NdisHaltDeviceDisabled']);
    expect(bench.phases).not.toContain('running');
    expect(bench.host.types.at(-1)).toBe('FDO_D0_EXIT');
  });

  test('in its handshake, by a host that does not answer, is given up after 3 s', async () => {
    const bench = await new RawHostBench({
      onHost: (host) => {
        delete host.answers['FDO_D0_ENTRY'];
      },
    }).run();
    const stopped = bench.os.stop();
    await bench.clock.advance(2_999);
    expect(bench.end).toBeUndefined();
    await bench.clock.advance(1);
    expect(await stopped).toMatchObject([{ how: 'stopped' }]);
    expect(bench.host.closed).toMatchObject({ code: CLOSE_CODES.goingAway.code });
  });

  test.each<[string, RecordingVf, string]>([
    [
      'whose halt never returns',
      new RecordingVf({ halt: () => new Promise<void>(() => {}) }),
      'MiniportHaltEx has not returned',
    ],
    [
      'that never completes an OID',
      new RecordingVf({ invalidated: () => new Promise<void>(() => {}) }),
      'OID_SRIOV_VF_INVALIDATE_CONFIG_BLOCK is not completed',
    ],
    [
      'that never returns from MiniportInitializeEx',
      new RecordingVf({ initialize: () => new Promise<never>(() => {}) }),
      'MiniportInitializeEx has not returned',
    ],
  ])('with a miniport %s is left behind, and the log says in what', async (_what, vf, hangs) => {
    const bench = await new RawHostBench({ vf, oidTimeout: 0 }).run();
    setPeriodicTimer(bench.vf.adapter.clock, 100, () => {});
    bench.host.invalidate(1n);
    await turn();
    const stopped = bench.os.stop();
    await bench.clock.advance(3_500);
    const left = `the driver of the VF is left behind: ${hangs}`;
    expect(await stopped).toMatchObject([
      { how: 'stopped', reason: `the guest did not stop in time; ${left} (goingAway)` },
    ]);
    expect(bench.log.messages).toContain(left);
    expect(bench.clock.timers).toBe(0);
  });
});

describe('a VF that is ejected', () => {
  test('is halted before EJECT_COMPLETE, and leaves the close to the host [teardown.halt-before-eject-complete]', async () => {
    const bench = await new RawHostBench().run();
    bench.host.eject();
    await turn();
    const hops = bench.events.map(({ hop, name }) => `${hop} ${name}`);
    expect(hops.indexOf('vfMiniportHaltEx MiniportHaltEx')).toBeGreaterThan(0);
    expect(hops.at(-1)).toBe('guestPacketSent EJECT_COMPLETE');
    expect(bench.host.closed).toBeUndefined();
    bench.host.close({ code: CLOSE_CODES.ejected.code, reason: 'taken away' });
    await turn();
    expect(bench.end).toMatchObject({ how: 'ejected' });
    expect(bench.vf.halts).toEqual(['NdisHaltDeviceDisabled']);
    expect(bench.clock.timers).toBe(0);
  });

  test('twice is halted once, and answers once [teardown.second-eject]', async () => {
    const bench = await new RawHostBench().run();
    bench.host.eject();
    bench.host.eject();
    await turn();
    bench.host.eject();
    await turn();
    expect(bench.vf.halts).toEqual(['NdisHaltDeviceDisabled']);
    expect(bench.host.requestsOf('EJECT_COMPLETE')).toHaveLength(1);
  });

  test('while its miniport starts is halted once that has returned', async () => {
    const { vf, finish } = slowStart();
    const bench = await new RawHostBench({ vf }).run();
    bench.host.eject();
    await turn();
    expect(bench.host.requestsOf('EJECT_COMPLETE')).toEqual([]);
    finish();
    await turn();
    expect(bench.vf.halts).toEqual(['NdisHaltDeviceDisabled']);
    expect(bench.host.requestsOf('EJECT_COMPLETE')).toHaveLength(1);
  });

  test('while its miniport fails to start says goodbye once', async () => {
    const { vf, finish } = slowStart();
    const bench = await new RawHostBench({ vf }).run();
    bench.host.eject();
    finish(NDIS_STATUS_FAILURE);
    await turn();
    expect(bench.host.requestsOf('EJECT_COMPLETE')).toEqual([]);
    expect(bench.host.closed).toMatchObject({ code: CLOSE_CODES.initializeFailed.code });
    expect(bench.vf.halts).toEqual([]);
  });

  test.each(['QUERY_PROTOCOL_VERSION', 'FDO_D0_ENTRY'] as const)(
    'while it waits for %s is halted as soon as it runs',
    async (type) => {
      const bench = await new RawHostBench({
        onHost: (host) => {
          const answer = host.answers[type];
          host.answers[type] = (frame) => {
            host.eject();
            return answer?.(frame);
          };
        },
      }).run();
      expect(bench.vf.halts).toEqual(['NdisHaltDeviceDisabled']);
      expect(bench.host.requestsOf('EJECT_COMPLETE')).toHaveLength(1);
      expect(bench.phases).not.toContain('running');
    },
  );
});

describe('a VF whose channel is lost', () => {
  test('is surprise removed once its miniport holds no OID, and no OID comes after [contradiction.halt-or-free-first] [pended.channel-lost]', async () => {
    let release: () => void = () => {};
    const vf = new RecordingVf({
      invalidated: () =>
        new Promise<void>((resolve) => {
          release = resolve;
        }),
    });
    const bench = await new RawHostBench({ vf }).run();
    bench.host.invalidate(1n);
    bench.host.invalidate(2n);
    bench.host.close({ code: CLOSE_CODES.lost.code, reason: 'cut' });
    await turn();
    expect(bench.vf.halts).toEqual([]);
    release();
    await turn();
    expect(bench.vf.halts).toEqual(['NdisHaltDeviceSurpriseRemoved']);
    expect(bench.vf.masks).toEqual([1n]);
  });

  test('in the middle of its halt is not halted again', async () => {
    let release: () => void = () => {};
    const vf = new RecordingVf({
      halt: () =>
        new Promise<void>((resolve) => {
          release = resolve;
        }),
    });
    const bench = await new RawHostBench({ vf }).run();
    bench.host.eject();
    await turn();
    bench.host.close({ code: CLOSE_CODES.lost.code, reason: 'cut' });
    await turn();
    expect(bench.end).toBeUndefined();
    release();
    await turn();
    expect(bench.vf.halts).toEqual(['NdisHaltDeviceDisabled']);
    expect(bench.end).toBeDefined();
    expect(bench.clock.timers).toBe(0);
  });

  test('answers what its miniport still asks with NDIS_STATUS_FAILURE', async () => {
    const bench = await new RawHostBench().run();
    bench.host.close({ code: CLOSE_CODES.lost.code, reason: 'cut' });
    await turn();
    expect(await bench.vf.read(0, 1)).toBe(NDIS_STATUS_FAILURE);
    expect(await bench.vf.write(0, new Uint8Array(1))).toBe(NDIS_STATUS_FAILURE);
  });
});

describe('a timer of a VF miniport', () => {
  test('that throws is reported, and takes nothing down', async () => {
    const vf = new RecordingVf({
      initialize: (each) => {
        each.adapter.clock.setTimer(5, () => {
          throw Object.create(null);
        });
        return NDIS_STATUS_SUCCESS;
      },
    });
    const bench = await new RawHostBench({ vf }).run();
    await bench.clock.advance(5);
    expect(bench.log.messages).toEqual([
      'device found',
      expect.stringContaining('a timer of the VF miniport threw'),
    ]);
    expect(bench.phases.at(-1)).toBe('running');
  });
});
