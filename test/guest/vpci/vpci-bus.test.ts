import { describe, expect, test } from 'vitest';
import { NTSTATUS } from '#shared/nt/ntstatus.ts';
import { CLOSE_CODES } from '#shared/transport/close-codes.ts';
import { ALL_VERSIONS } from '#shared/wire/version.ts';
import { turn } from '#test/kit/world/turn.ts';
import { RAW_DEVICE, type RawHost } from '#test/support/raw-host.ts';
import { RawHostBench } from '#test/support/raw-host-bench.ts';
import { RecordingVf } from '#test/support/recording-vf.ts';

const { STATUS_SUCCESS, STATUS_REVISION_MISMATCH, STATUS_UNSUCCESSFUL } = NTSTATUS;

/** A host that accepts only these versions. */
function accepting(...versions: readonly number[]): (host: RawHost) => void {
  return (host) => {
    host.answers['QUERY_PROTOCOL_VERSION'] = ({ message }) => ({
      status: versions.includes(Number(message['protocolVersion']))
        ? STATUS_SUCCESS
        : STATUS_REVISION_MISMATCH,
      protocolVersion: versions[0],
    });
  };
}

function asked(bench: RawHostBench): readonly unknown[] {
  return bench.host
    .requestsOf('QUERY_PROTOCOL_VERSION')
    .map(({ message }) => message['protocolVersion']);
}

describe('a host that does not take the guest to D0', () => {
  test('and accepts none of its versions is left, with the versions in the reason', async () => {
    const bench = await new RawHostBench({ onHost: accepting() }).run();
    expect(asked(bench)).toEqual(ALL_VERSIONS);
    expect(bench.host.closed?.code).toBe(CLOSE_CODES.noCommonVersion.code);
    expect(bench.end).toMatchObject({
      how: 'failed',
      reason: expect.stringContaining('1.6, 1.5, 1.4, 1.3, 1.2, 1.1'),
    });
    expect(bench.recording.instances).toEqual([]);
  });

  test('and fails the version query in another way is not asked for lower ones', async () => {
    const bench = await new RawHostBench({
      onHost: (host) => {
        host.answers['QUERY_PROTOCOL_VERSION'] = () => ({ status: STATUS_UNSUCCESSFUL });
      },
    }).run();
    expect(asked(bench)).toHaveLength(1);
    expect(bench.end).toMatchObject({ how: 'failed' });
  });

  test('and refuses FDO_D0_ENTRY is left', async () => {
    const bench = await new RawHostBench({
      onHost: (host) => {
        host.answers['FDO_D0_ENTRY'] = () => ({ status: STATUS_UNSUCCESSFUL });
      },
    }).run();
    expect(bench.host.closed).toMatchObject({
      code: 1002,
      reason: expect.stringContaining('FDO_D0_ENTRY'),
    });
    expect(bench.end).toMatchObject({ how: 'failed' });
  });

  test.each<[string, readonly object[] | undefined]>([
    ['nothing', undefined],
    ['an empty bus', []],
    ['a device in another slot', [{ ...RAW_DEVICE, slot: 1 }]],
  ])('and lists %s is left', async (_what, devices) => {
    const bench = await new RawHostBench({
      onHost: (host) => {
        host.answers['FDO_D0_ENTRY'] = () => {
          if (devices !== undefined) host.relations(devices);
          return { status: STATUS_SUCCESS };
        };
      },
    }).run();
    expect(bench.host.closed?.code).toBe(CLOSE_CODES.noSuchDevice.code);
    expect(bench.recording.instances).toEqual([]);
  });

  test.each(['QUERY_PROTOCOL_VERSION', 'FDO_D0_ENTRY'])(
    'and never answers %s is left after 30 s',
    async (type) => {
      const bench = await new RawHostBench({
        onHost: (host) => {
          delete host.answers[type];
        },
      }).run();
      await bench.clock.advance(29_999);
      expect(bench.host.closed).toBeUndefined();
      await bench.clock.advance(1);
      expect(bench.host.closed?.code).toBe(CLOSE_CODES.handshakeTimeout.code);
      expect(bench.clock.timers).toBe(0);
    },
  );

  test('and never answers FDO_D0_EXIT after a failed start is left as well', async () => {
    const vf = new RecordingVf({ initialize: () => 0xc0000001 });
    const bench = await new RawHostBench({
      vf,
      onHost: (host) => {
        delete host.answers['FDO_D0_EXIT'];
      },
    }).run();
    expect(bench.host.types).toContain('FDO_D0_EXIT');
    await bench.clock.advance(30_000);
    expect(bench.end).toMatchObject({ how: 'failed' });
  });

  test('and never closes after EJECT_COMPLETE is left as well', async () => {
    const bench = await new RawHostBench().run();
    bench.host.eject();
    await turn();
    expect(bench.host.types).toContain('EJECT_COMPLETE');
    expect(bench.vf.halts).toHaveLength(1);
    await bench.clock.advance(60_000);
    expect(bench.end).toMatchObject({ how: 'ejected' });
  });
});

describe('the handshake of a guest', () => {
  test('goes in its order, and issues nothing else before the VF runs', async () => {
    const bench = await new RawHostBench().run();
    expect(bench.host.types).toEqual([
      'QUERY_PROTOCOL_VERSION',
      'FDO_D0_ENTRY',
      'CURRENT_RESOURCE_REQUIREMENTS',
      'DEVICE_POWER_STATE_CHANGE',
    ]);
    expect(bench.phases).toEqual(['dialing', 'handshake', 'initializing', 'running']);
    const hops = bench.events.map((event) => `${event.hop} ${event.name}`);
    expect(hops).toEqual([
      'guestPacketSent QUERY_PROTOCOL_VERSION',
      'hostCompletionReceived QUERY_PROTOCOL_VERSION',
      'guestPacketSent FDO_D0_ENTRY',
      'hostPacketReceived BUS_RELATIONS2',
      'hostCompletionReceived FDO_D0_ENTRY',
      'guestPacketSent CURRENT_RESOURCE_REQUIREMENTS',
      'hostCompletionReceived CURRENT_RESOURCE_REQUIREMENTS',
      'guestPacketSent DEVICE_POWER_STATE_CHANGE',
      'hostCompletionReceived DEVICE_POWER_STATE_CHANGE',
      'vfMiniportInitializeEx MiniportInitializeEx',
      'vfMiniportInitializeExReturn MiniportInitializeEx',
      'ioCallDriver IOCTL_VPCI_INVALIDATE_BLOCK',
    ]);
  });

  test('asks for the newest version first, and for lower ones as those are refused', async () => {
    const bench = await new RawHostBench({ onHost: accepting(0x00010004) }).run();
    expect(asked(bench)).toEqual([0x00010006, 0x00010005, 0x00010004]);
    expect(bench.phases.at(-1)).toBe('running');
  });

  test('asks only for the versions it was given, in their order', async () => {
    const versions = [0x00010001, 0x00010003];
    const bench = await new RawHostBench({ versions, onHost: accepting(0x00010003) }).run();
    expect(asked(bench)).toEqual(versions);
  });

  test('takes the device list before, at or between the queries', async () => {
    const bench = await new RawHostBench({
      onHost: (host) => {
        host.relations();
        host.answers['FDO_D0_ENTRY'] = () => ({ status: STATUS_SUCCESS });
      },
    }).run();
    expect(bench.phases.at(-1)).toBe('running');
  });

  test('knows its generation from the serial number', async () => {
    const bench = await new RawHostBench({
      onHost: (host) => {
        host.answers['FDO_D0_ENTRY'] = () => {
          host.relations([{ ...RAW_DEVICE, serialNumber: 77 }]);
          return { status: STATUS_SUCCESS };
        };
      },
    }).run();
    expect(bench.events.at(-1)).toMatchObject({ device: 'g1/0', generation: 77 });
  });
});

describe('the bus relations of a running VF', () => {
  test('the same list again changes nothing', async () => {
    const bench = await new RawHostBench().run();
    for (let each = 0; each < 3; each++) bench.host.relations();
    await turn();
    expect(bench.host.closed).toBeUndefined();
    expect(bench.recording.instances).toHaveLength(1);
    expect(bench.vf.halts).toEqual([]);
  });

  test.each<[string, readonly object[]]>([
    ['without the device', []],
    ['with another instance of it', [{ ...RAW_DEVICE, serialNumber: 2 }]],
  ])('a list %s removes the VF by surprise', async (_what, devices) => {
    const bench = await new RawHostBench().run();
    bench.host.relations(devices);
    await turn();
    expect(bench.vf.halts).toEqual(['NdisHaltDeviceSurpriseRemoved']);
    expect(bench.host.closed?.code).toBe(CLOSE_CODES.noSuchDevice.code);
  });
});

describe('a message for a slot that this bus does not have', () => {
  test('neither ejects nor invalidates the VF', async () => {
    const bench = await new RawHostBench().run();
    bench.host.eject(1);
    bench.host.invalidate(1n, 32);
    await turn();
    expect(bench.vf.masks).toEqual([]);
    expect(bench.phases.at(-1)).toBe('running');
    expect(bench.host.types).not.toContain('EJECT_COMPLETE');
  });
});

describe('a host that sends what no host sends', () => {
  test.each<[string, string, number]>([
    ['no JSON', 'x', 1007],
    [
      'a truncated frame',
      '{"packet":"in-band","transactionId":1,"completionRequested":false,"message":{"type":"INVALI',
      1007,
    ],
    [
      'a mask of 15 digits',
      '{"packet":"in-band","transactionId":1,"completionRequested":false,"message":{"type":"INVALIDATE_BLOCK","slot":0,"blockMask":"0x000000000000021"}}',
      1007,
    ],
    [
      'a mask that is a number',
      '{"packet":"in-band","transactionId":1,"completionRequested":false,"message":{"type":"INVALIDATE_BLOCK","slot":0,"blockMask":33}}',
      1007,
    ],
    [
      'an EJECT without a slot',
      '{"packet":"in-band","transactionId":1,"completionRequested":false,"message":{"type":"EJECT"}}',
      1007,
    ],
  ])('%s closes the channel, and the VF is removed by surprise', async (_what, text, code) => {
    const bench = await new RawHostBench().run();
    bench.host.text(text);
    await turn();
    expect(bench.host.closed?.code).toBe(code);
    expect(bench.vf.halts).toEqual(['NdisHaltDeviceSurpriseRemoved']);
    expect(bench.vf.masks).toEqual([]);
    expect(bench.end).toMatchObject({ how: 'failed' });
  });

  test('a message of an unknown type is answered with STATUS_BAD_DATA, and the VF runs on', async () => {
    const bench = await new RawHostBench().run();
    expect(await bench.host.ask('QUERY_STOP', { slot: 0 })).toEqual({
      status: NTSTATUS.STATUS_BAD_DATA,
    });
    expect(bench.phases.at(-1)).toBe('running');
  });

  test('forged, late and doubled completions change nothing', async () => {
    const bench = await new RawHostBench().run();
    const read = bench.vf.read(5, 1);
    await turn();
    const id = bench.host.requestsOf('READ_BLOCK')[0]?.transactionId ?? 0;
    bench.host.complete(id + 1, { status: 0, bytes: '/w==' });
    bench.host.complete(1, { status: 0, protocolVersion: 1 });
    bench.host.complete(id, { status: 0, bytes: 'EQ==' });
    bench.host.complete(id, { status: 0, bytes: '/w==' });
    expect(await read).toEqual(Uint8Array.of(0x11));
    await turn();
    expect(bench.phases.at(-1)).toBe('running');
  });

  test('an INVALIDATE_BLOCK before the VF runs is kept, and one with mask 0 is nothing', async () => {
    const bench = await new RawHostBench({
      onHost: (host) => {
        host.invalidate(0x1n);
        host.invalidate(0n);
        host.invalidate(0x20n);
      },
    }).run();
    await turn();
    expect(bench.vf.masks).toEqual([0x21n]);
    bench.host.invalidate(0n);
    await turn();
    expect(bench.vf.masks).toEqual([0x21n]);
  });
});
