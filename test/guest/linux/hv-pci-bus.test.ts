import { describe, expect, test } from 'vitest';
import { NTSTATUS } from '#shared/nt/ntstatus.ts';
import { CLOSE_CODES } from '#shared/transport/close-codes.ts';
import { turn } from '#test/kit/world/turn.ts';
import { LinuxBench } from '#test/support/linux-bench.ts';
import { RAW_DEVICE, type RawHost } from '#test/support/raw-host.ts';

const { STATUS_SUCCESS, STATUS_PENDING, STATUS_REVISION_MISMATCH, STATUS_UNSUCCESSFUL } = NTSTATUS;

const LINUX_VERSIONS = [0x00010004, 0x00010003, 0x00010002, 0x00010001];

/** A host that accepts only these versions. */
function accepting(...versions: readonly number[]): (host: RawHost) => void {
  return (host) => {
    host.answers['QUERY_PROTOCOL_VERSION'] = ({ message }) => ({
      status: versions.includes(Number(message['protocolVersion']))
        ? STATUS_SUCCESS
        : STATUS_REVISION_MISMATCH,
    });
  };
}

function asked(bench: LinuxBench): readonly unknown[] {
  return bench.host
    .requestsOf('QUERY_PROTOCOL_VERSION')
    .map(({ message }) => message['protocolVersion']);
}

describe('a host that does not take a Linux guest to D0', () => {
  test('and accepts none of its versions is left with 4003 [linux.versions]', async () => {
    const bench = await new LinuxBench({ onHost: accepting() }).run();
    expect(asked(bench)).toEqual(LINUX_VERSIONS);
    expect(bench.host.closed).toEqual({
      code: CLOSE_CODES.noCommonVersion.code,
      reason: 'the host accepts none of VPCI 1.4, 1.3, 1.2, 1.1',
    });
    expect(bench.driver.instances).toEqual([]);
  });

  test('because the guest may ask for none that Linux knows is not asked [linux.versions]', async () => {
    const bench = await new LinuxBench({ versions: [0x00010006, 0x00010005] }).run();
    expect(asked(bench)).toEqual([]);
    expect(bench.host.closed).toEqual({
      code: CLOSE_CODES.noCommonVersion.code,
      reason: 'a Linux guest speaks VPCI 1.4 and older, and is to ask for 1.6, 1.5',
    });
    expect(bench.end).toMatchObject({ how: 'failed' });
  });

  test('and fails the version query otherwise ends the probe with -EPROTO [linux.version-fails]', async () => {
    const bench = await new LinuxBench({
      onHost: (host) => {
        host.answers['QUERY_PROTOCOL_VERSION'] = () => ({ status: STATUS_UNSUCCESSFUL });
      },
    }).run();
    expect(asked(bench)).toEqual([LINUX_VERSIONS[0]]);
    expect(bench.host.closed).toEqual({
      code: CLOSE_CODES.protocolError.code,
      reason: 'QUERY_PROTOCOL_VERSION failed with STATUS_UNSUCCESSFUL: -EPROTO',
    });
    expect(bench.end).toMatchObject({ how: 'failed' });
  });

  test('because it refuses FDO_D0_ENTRY twice ends the probe with -EPROTO [linux.d0-retry]', async () => {
    const bench = await new LinuxBench({
      onHost: (host) => {
        host.answers['FDO_D0_ENTRY'] = () => ({ status: STATUS_UNSUCCESSFUL });
      },
    }).run();
    expect(bench.host.types.slice(3)).toEqual(['FDO_D0_ENTRY', 'FDO_D0_EXIT', 'FDO_D0_ENTRY']);
    expect(bench.host.closed).toEqual({
      code: CLOSE_CODES.protocolError.code,
      reason: 'FDO_D0_ENTRY failed with STATUS_UNSUCCESSFUL: -EPROTO',
    });
    expect(bench.driver.instances).toEqual([]);
  });

  test.each([
    'QUERY_PROTOCOL_VERSION',
    'QUERY_BUS_RELATIONS',
    'CURRENT_RESOURCE_REQUIREMENTS',
    'FDO_D0_ENTRY',
  ])('because it is silent at %s is left after 30 s [linux.handshake-timeout]', async (type) => {
    const bench = await new LinuxBench({
      onHost: (host) => {
        delete host.answers[type];
      },
    }).run();
    await bench.clock.advance(29_999);
    expect(bench.host.closed).toBeUndefined();
    await bench.clock.advance(1);
    expect(bench.host.closed?.code).toBe(CLOSE_CODES.handshakeTimeout.code);
    expect(bench.driver.instances).toEqual([]);
    expect(bench.clock.timers).toBe(0);
  });

  test('because it rescinds the channel right after its list is left in good order', async () => {
    const bench = await new LinuxBench({
      onHost: (host) => {
        host.answers['QUERY_BUS_RELATIONS'] = () => {
          host.relations();
          host.close({ code: CLOSE_CODES.lost.code, reason: 'cut' });
          return undefined;
        };
      },
    }).run();
    expect(bench.phases).toEqual(['dialing', 'handshake', 'gone', 'ended']);
    expect(bench.driver.instances).toEqual([]);
    expect(bench.clock.timers).toBe(0);
  });
});

describe('the handshake of a Linux guest', () => {
  test('asks for the bus relations before D0, and waits for them [linux.relations-before-d0]', async () => {
    const bench = await new LinuxBench({
      onHost: (host) => {
        delete host.answers['QUERY_BUS_RELATIONS'];
      },
    }).run();
    expect(bench.host.types).toEqual(['QUERY_PROTOCOL_VERSION', 'QUERY_BUS_RELATIONS']);
    expect(bench.host.received.at(-1)?.completionRequested).toBe(false);
    bench.host.relations();
    await turn();
    expect(bench.host.types).toEqual([
      'QUERY_PROTOCOL_VERSION',
      'QUERY_BUS_RELATIONS',
      'CURRENT_RESOURCE_REQUIREMENTS',
      'FDO_D0_ENTRY',
    ]);
  });

  test('asks for the resource requirements of a device once, and goes on when it is told none [linux.resource-requirements]', async () => {
    const bench = await new LinuxBench({
      onHost: (host) => {
        host.answers['CURRENT_RESOURCE_REQUIREMENTS'] = () => ({ status: STATUS_UNSUCCESSFUL });
      },
    }).run();
    bench.host.relations();
    await turn();
    expect(bench.host.requestsOf('CURRENT_RESOURCE_REQUIREMENTS')).toHaveLength(1);
    expect(bench.phases.at(-1)).toBe('running');
    bench.host.relations([{ ...RAW_DEVICE, serialNumber: 2 }]);
    await turn();
    expect(bench.host.requestsOf('CURRENT_RESOURCE_REQUIREMENTS')).toHaveLength(2);
  });

  test('goes in its order, and the driver probes last', async () => {
    const bench = await new LinuxBench().run();
    expect(bench.phases).toEqual(['dialing', 'handshake', 'initializing', 'running']);
    expect(bench.events.map((event) => `${event.hop} ${event.name}`)).toEqual([
      'guestPacketSent QUERY_PROTOCOL_VERSION',
      'hostCompletionReceived QUERY_PROTOCOL_VERSION',
      'guestPacketSent QUERY_BUS_RELATIONS',
      'hostPacketReceived BUS_RELATIONS2',
      'guestPacketSent CURRENT_RESOURCE_REQUIREMENTS',
      'hostCompletionReceived CURRENT_RESOURCE_REQUIREMENTS',
      'guestPacketSent FDO_D0_ENTRY',
      'hostPacketReceived BUS_RELATIONS2',
      'hostCompletionReceived FDO_D0_ENTRY',
      'linuxProbe probe',
      'hypervRegBlockInvalidate hyperv_reg_block_invalidate',
      'linuxProbeReturn probe',
    ]);
  });

  test('asks for 1.4 first, and for lower versions as those are refused [linux.versions]', async () => {
    const bench = await new LinuxBench({ onHost: accepting(0x00010002) }).run();
    expect(asked(bench)).toEqual(LINUX_VERSIONS.slice(0, 3));
    expect(bench.phases.at(-1)).toBe('running');
  });

  test('asks for the versions that it may, newest first', async () => {
    const versions = [0x00010001, 0x00010006, 0x00010003];
    const bench = await new LinuxBench({ versions, onHost: accepting(0x00010001) }).run();
    expect(asked(bench)).toEqual([0x00010003, 0x00010001]);
    expect(bench.phases.at(-1)).toBe('running');
  });

  test('takes any status that is no warning and no error for a success [linux.status-signed]', async () => {
    const bench = await new LinuxBench({
      onHost: (host) => {
        host.answers['QUERY_PROTOCOL_VERSION'] = () => ({ status: STATUS_PENDING });
        host.answers['FDO_D0_ENTRY'] = () => ({ status: 0x4000_0000 });
      },
    }).run();
    expect(asked(bench)).toEqual([LINUX_VERSIONS[0]]);
    expect(bench.phases.at(-1)).toBe('running');
  });

  test('goes by the version that it asked for, whatever the completion names [linux.versions]', async () => {
    const bench = await new LinuxBench({
      onHost: (host) => {
        host.answers['QUERY_PROTOCOL_VERSION'] = () => ({ status: 0, protocolVersion: 0xffff });
      },
    }).run();
    expect(asked(bench)).toEqual([LINUX_VERSIONS[0]]);
    expect(bench.phases.at(-1)).toBe('running');
  });

  test.each([STATUS_SUCCESS, STATUS_UNSUCCESSFUL])(
    'leaves D0 and tries once more when D0 is refused, whatever the exit comes to (%i) [linux.d0-retry]',
    async (status) => {
      const statuses = [STATUS_UNSUCCESSFUL, STATUS_SUCCESS];
      const bench = await new LinuxBench({
        onHost: (host) => {
          host.answers['FDO_D0_ENTRY'] = () => ({ status: statuses.shift() });
          host.answers['FDO_D0_EXIT'] = () => ({ status });
        },
      }).run();
      expect(bench.host.types.slice(3)).toEqual(['FDO_D0_ENTRY', 'FDO_D0_EXIT', 'FDO_D0_ENTRY']);
      expect(bench.phases.at(-1)).toBe('running');
      expect(bench.clock.timers).toBe(0);
    },
  );

  test('goes on after 10 s when the exit of the retry is not completed [linux.d0-exit-timeout]', async () => {
    const statuses = [STATUS_UNSUCCESSFUL, STATUS_SUCCESS];
    const bench = await new LinuxBench({
      onHost: (host) => {
        host.answers['FDO_D0_ENTRY'] = () => ({ status: statuses.shift() });
        delete host.answers['FDO_D0_EXIT'];
      },
    }).run();
    await bench.clock.advance(9_999);
    expect(bench.phases.at(-1)).toBe('handshake');
    await bench.clock.advance(1);
    expect(bench.phases.at(-1)).toBe('running');
  });

  test.each([NTSTATUS.STATUS_NO_SUCH_DEVICE, STATUS_SUCCESS])(
    'asks once for the resource requirements of a device, and takes any answer (%i) [linux.resource-requirements]',
    async (status) => {
      const bench = await new LinuxBench({
        onHost: (host) => {
          host.answers['CURRENT_RESOURCE_REQUIREMENTS'] = () => ({ status });
        },
      }).run();
      bench.host.relations();
      await turn();
      expect(bench.host.requestsOf('CURRENT_RESOURCE_REQUIREMENTS')).toMatchObject([
        { completionRequested: true, message: { slot: 0 } },
      ]);
      expect(bench.phases.at(-1)).toBe('running');
    },
  );

  test('knows its generation from the serial number', async () => {
    const bench = await new LinuxBench({
      onHost: (host) => {
        host.answers['QUERY_BUS_RELATIONS'] = () => {
          host.relations([{ ...RAW_DEVICE, serialNumber: 77 }]);
          return undefined;
        };
        host.answers['FDO_D0_ENTRY'] = () => ({ status: STATUS_SUCCESS });
      },
    }).run();
    expect(bench.events.at(-1)).toMatchObject({ device: 'g1/0', generation: 77 });
  });
});
