import { describe, expect, test } from 'vitest';
import { ERRNO } from '#shared/linux/errno.ts';
import { NTSTATUS } from '#shared/nt/ntstatus.ts';
import { CLOSE_CODES } from '#shared/transport/close-codes.ts';
import { turn } from '#test/kit/world/turn.ts';
import { LinuxBench } from '#test/support/linux-bench.ts';
import { RAW_DEVICE } from '#test/support/raw-host.ts';
import { RecordingLinuxDriver } from '#test/support/recording-linux-driver.ts';
import { slowProbe, slowRemove } from '#test/support/slow-linux-driver.ts';

const LOST = { code: CLOSE_CODES.lost.code, reason: 'cut' };

function device(serialNumber: number): object {
  return { ...RAW_DEVICE, serialNumber };
}

describe('a device that its driver does not take', () => {
  test.each<[string, () => number | Promise<number>, string]>([
    ['fails with an errno', () => -ERRNO.ENODEV, 'probe failed with -ENODEV'],
    ['fails with another number', () => -1000, 'probe failed with -1000'],
    ['returns what is no number', () => Number.NaN, 'probe returned NaN, which is no errno'],
    [
      'throws',
      () => {
        throw new Error('broken');
      },
      'probe threw: broken',
    ],
    ['rejects', () => Promise.reject(new Error('broken')), 'probe threw: broken'],
  ])(
    'because its probe %s: D0 exit, then the close with the reason; it is not removed [linux.probe-fails]',
    async (_how, probe, reason) => {
      const driver = new RecordingLinuxDriver({ probe });
      const bench = await new LinuxBench({ driver }).run();
      expect(bench.host.types.at(-1)).toBe('FDO_D0_EXIT');
      expect(bench.host.closed).toEqual({ code: CLOSE_CODES.initializeFailed.code, reason });
      expect(bench.bound.removed).toBe(0);
      expect(bench.end).toMatchObject({ how: 'failed' });
    },
  );

  test('because the channel is rescinded while it probes: no remove, one end', async () => {
    const driver = new RecordingLinuxDriver({
      probe: async (each) => ((await each.read(0, 1)) instanceof Uint8Array ? 0 : -ERRNO.EIO),
    });
    const bench = await new LinuxBench({
      driver,
      onHost: (host) => {
        delete host.answers['READ_BLOCK'];
      },
    }).run();
    bench.host.close(LOST);
    await turn();
    expect(bench.bound.removed).toBe(0);
    expect(bench.end).toMatchObject({ how: 'failed', reason: expect.stringContaining('cut') });
  });

  test('or ever: a guest that stops does not wait for it', async () => {
    const { driver } = slowProbe();
    const bench = await new LinuxBench({ driver }).run();
    const stopped = bench.os.stop();
    await bench.clock.advance(3_500);
    expect(bench.end).toMatchObject({ how: 'stopped' });
    await stopped;
    expect(bench.clock.timers).toBe(0);
  });

  test('but with a result above 0 it takes it, with a warning', async () => {
    const bench = await new LinuxBench({
      driver: new RecordingLinuxDriver({ probe: () => 7 }),
    }).run();
    expect(bench.phases.at(-1)).toBe('running');
    expect(bench.log.messages).toEqual(['probe unexpectedly returned 7']);
  });
});

describe('an EJECT of a Linux guest', () => {
  test('has the driver let go of the device, and is completed after that [linux.eject]', async () => {
    const { driver, finish } = slowRemove();
    const bench = await new LinuxBench({ driver }).run();
    bench.host.eject();
    await turn();
    expect(bench.phases.at(-1)).toBe('halting');
    expect(bench.host.requestsOf('EJECT_COMPLETE')).toEqual([]);
    finish();
    await turn();
    expect(bench.host.requestsOf('EJECT_COMPLETE')).toMatchObject([
      { completionRequested: false, message: { slot: 0, status: 0 } },
    ]);
    expect(bench.host.types).not.toContain('FDO_D0_EXIT');
    bench.host.close({ code: CLOSE_CODES.ejected.code, reason: '' });
    await turn();
    expect(bench.end).toMatchObject({ how: 'ejected' });
    expect(bench.clock.timers).toBe(0);
  });

  test('twice, while the driver lets go and after it, is completed once [linux.eject-again]', async () => {
    const { driver, finish } = slowRemove();
    const bench = await new LinuxBench({ driver }).run();
    bench.host.eject();
    await turn();
    bench.host.eject();
    finish();
    await turn();
    bench.host.eject();
    await turn();
    expect(bench.bound.removed).toBe(1);
    expect(bench.host.requestsOf('EJECT_COMPLETE')).toHaveLength(1);
  });

  test('of a slot that has no device is ignored [linux.eject-again]', async () => {
    const bench = await new LinuxBench().run();
    bench.host.eject(1);
    await turn();
    expect(bench.bound.removed).toBe(0);
    expect(bench.host.requestsOf('EJECT_COMPLETE')).toEqual([]);
  });

  test('while the driver probes waits until it has [linux.eject-while-probing]', async () => {
    const { driver, finish } = slowProbe();
    const bench = await new LinuxBench({ driver }).run();
    bench.host.eject();
    await turn();
    expect(bench.host.requestsOf('EJECT_COMPLETE')).toEqual([]);
    finish();
    await turn();
    expect(bench.bound.removed).toBe(1);
    expect(bench.host.requestsOf('EJECT_COMPLETE')).toHaveLength(1);
  });

  test('between the list and the probe is completed, and nothing is probed [linux.eject-while-probing]', async () => {
    const bench = await new LinuxBench({
      onHost: (host) => {
        host.answers['QUERY_BUS_RELATIONS'] = () => {
          host.relations();
          host.eject();
          return undefined;
        };
        host.answers['FDO_D0_ENTRY'] = () => ({ status: 0 });
      },
    }).run();
    expect(bench.driver.instances).toEqual([]);
    expect(bench.host.requestsOf('EJECT_COMPLETE')).toHaveLength(1);
  });

  test.each(['QUERY_PROTOCOL_VERSION', 'QUERY_BUS_RELATIONS'])(
    'while the host has yet to answer %s is for no device, and is lost [linux.eject-before-list]',
    async (type) => {
      const bench = await new LinuxBench({
        onHost: (host) => {
          const answer = host.answers[type];
          host.answers[type] = (frame) => {
            host.eject();
            return answer?.(frame);
          };
        },
      }).run();
      await turn();
      expect(bench.host.requestsOf('EJECT_COMPLETE')).toEqual([]);
      expect(bench.phases.at(-1)).toBe('running');
    },
  );

  test('that the host does not follow up ends the VF after 30 s [linux.eject-unfinished]', async () => {
    const bench = await new LinuxBench().run();
    bench.host.eject();
    await turn();
    await bench.clock.advance(29_999);
    expect(bench.end).toBeUndefined();
    await bench.clock.advance(1);
    expect(bench.end).toMatchObject({ how: 'ejected' });
  });
});

describe('a Linux guest that stops', () => {
  test('removes the driver, leaves D0 and closes the channel, in this order [linux.teardown]', async () => {
    const answers: unknown[] = [];
    const driver = new RecordingLinuxDriver({
      remove: async (each) => void answers.push(await each.write(0, new Uint8Array(1))),
    });
    const bench = await new LinuxBench({ driver }).run();
    await bench.os.stop();
    expect(answers).toEqual([0]);
    expect(bench.host.types.slice(-2)).toEqual(['WRITE_BLOCK', 'FDO_D0_EXIT']);
    expect(bench.host.closed).toMatchObject({ code: CLOSE_CODES.normal.code });
    expect(bench.bound.removed).toBe(1);
    expect(bench.clock.timers).toBe(0);
  });

  test('tells its driver of invalidations, and no more of lists and ejects [linux.teardown]', async () => {
    const { driver, finish } = slowRemove();
    const bench = await new LinuxBench({ driver }).run();
    const stopped = bench.os.stop();
    await turn();
    bench.host.invalidate(4n);
    bench.host.relations([device(9)]);
    bench.host.eject();
    await turn();
    expect(bench.bound.masks).toEqual([4n]);
    finish();
    await stopped;
    expect(driver.instances).toHaveLength(1);
    expect(bench.host.types).not.toContain('EJECT_COMPLETE');
  });

  test.each<[string, object | undefined, number]>([
    ['refuses FDO_D0_EXIT', { status: NTSTATUS.STATUS_UNSUCCESSFUL }, 0],
    ['never completes it, which the guest gives 3 s for,', undefined, 3_000],
  ])('under a host that %s ends all the same [linux.teardown]', async (_how, answer, ms) => {
    const bench = await new LinuxBench({
      onHost: (host) => {
        host.answers['FDO_D0_EXIT'] = () => answer;
      },
    }).run();
    void bench.os.stop();
    await bench.clock.advance(ms);
    expect(bench.end).toMatchObject({ how: 'stopped' });
    expect(bench.clock.timers).toBe(0);
  });
});

describe('a Linux guest whose channel is rescinded', () => {
  test('removes its driver once, whose block functions fail, and sends nothing more [linux.rescind]', async () => {
    const answers: unknown[] = [];
    const driver = new RecordingLinuxDriver({
      remove: async (each) => void answers.push(await each.write(0, new Uint8Array(1))),
    });
    const bench = await new LinuxBench({ driver }).run();
    const received = bench.host.received.length;
    bench.host.close(LOST);
    await turn();
    expect(answers).toEqual([-ERRNO.ENODEV]);
    expect(bench.bound.removed).toBe(1);
    expect(bench.host.received).toHaveLength(received);
    expect(bench.end).toMatchObject({ how: 'failed', reason: expect.stringContaining('cut') });
    const removes = bench.events.filter(({ hop }) => hop === 'linuxRemove');
    expect(removes).toMatchObject([{ note: 'the device is gone' }]);
  });

  test('while its driver lets go of the device does not remove it again', async () => {
    const { driver, finish } = slowRemove();
    const bench = await new LinuxBench({ driver }).run();
    bench.host.eject();
    await turn();
    bench.host.close(LOST);
    await turn();
    expect(bench.end).toBeUndefined();
    finish();
    await turn();
    expect(bench.bound.removed).toBe(1);
    expect(bench.end).toBeDefined();
    expect(bench.clock.timers).toBe(0);
  });

  test('and whose driver throws while it lets go has come to its end all the same', async () => {
    const driver = new RecordingLinuxDriver({
      remove: () => {
        throw Object.create(null);
      },
    });
    const bench = await new LinuxBench({ driver }).run();
    bench.host.close(LOST);
    await turn();
    expect(bench.log.messages).toContainEqual(
      'remove of the Linux VF driver threw: something that cannot be printed',
    );
    expect(bench.end).toBeDefined();
  });

  test('and that reconnects binds a driver of its own to the new device', async () => {
    const bench = await new LinuxBench({ retry: true }).run();
    bench.host.close(LOST);
    await turn();
    await bench.clock.advance(1_000);
    expect(bench.hosts).toHaveLength(2);
    expect(bench.driver.instances.map(({ removed }) => removed)).toEqual([1, 0]);
    expect(bench.phases.at(-1)).toBe('running');
    await bench.os.stop();
  });
});
