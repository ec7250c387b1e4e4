import { describe, expect, test } from 'vitest';
import { ERRNO } from '#shared/linux/errno.ts';
import { turn } from '#test/kit/world/turn.ts';
import { LinuxBench } from '#test/support/linux-bench.ts';
import { RAW_DEVICE } from '#test/support/raw-host.ts';
import { RecordingLinuxDriver } from '#test/support/recording-linux-driver.ts';
import { slowProbe } from '#test/support/slow-linux-driver.ts';

function device(serialNumber: number): object {
  return { ...RAW_DEVICE, serialNumber };
}

describe('the bus relations of a Linux guest', () => {
  test('of a host that lists no device leave the bus empty until one is listed [linux.relations-whole]', async () => {
    const bench = await new LinuxBench({
      onHost: (host) => {
        host.answers['QUERY_BUS_RELATIONS'] = () => {
          host.relations([]);
          return undefined;
        };
        host.answers['FDO_D0_ENTRY'] = () => ({ status: 0 });
      },
    }).run();
    expect(bench.log.messages).toEqual(['the host lists no device on the bus']);
    expect(bench.driver.instances).toEqual([]);
    bench.host.relations([{ ...RAW_DEVICE, slot: 1 }]);
    await turn();
    expect(bench.driver.instances).toEqual([]);
    bench.host.relations();
    await turn();
    expect(bench.driver.instances).toHaveLength(1);
    expect(bench.phases.at(-1)).toBe('running');
  });

  test('change nothing when the same list comes again [linux.relations-identity]', async () => {
    const bench = await new LinuxBench().run();
    for (let each = 0; each < 3; each++) bench.host.relations();
    await turn();
    expect(bench.driver.instances).toHaveLength(1);
    expect(bench.bound.removed).toBe(0);
  });

  test.each([{ serialNumber: 2 }, { vendorId: 1 }, { deviceId: 1 }])(
    'with another instance, %o, remove the old one before the new one is probed [linux.relations-identity]',
    async (change) => {
      const order: string[] = [];
      const driver: RecordingLinuxDriver = new RecordingLinuxDriver({
        probe: (each) => {
          order.push(`probe ${driver.instances.indexOf(each)}`);
          return 0;
        },
        remove: (each) => void order.push(`remove ${driver.instances.indexOf(each)}`),
      });
      const bench = await new LinuxBench({ driver }).run();
      bench.host.relations([{ ...RAW_DEVICE, ...change }]);
      await turn();
      expect(order).toEqual(['probe 0', 'remove 0', 'probe 1']);
      expect(bench.host.closed).toBeUndefined();
      expect(bench.host.types).not.toContain('EJECT_COMPLETE');
      expect(await driver.instances[0]?.read(0, 1)).toBe(-ERRNO.ENODEV);
      expect(await bench.bound.read(0, 1)).toBeInstanceOf(Uint8Array);
    },
  );

  test('without the device remove it, and the channel stays [linux.relations-whole]', async () => {
    const bench = await new LinuxBench().run();
    bench.host.relations([]);
    await turn();
    expect(bench.bound.removed).toBe(1);
    expect(bench.host.closed).toBeUndefined();
    expect(bench.phases.at(-1)).toBe('handshake');
    bench.host.invalidate(1n);
    await turn();
    expect(bench.bound.masks).toEqual([]);
    expect(bench.events.at(-1)).toMatchObject({
      hop: 'blockInvalidateDropped',
      mask: '0x0000000000000001',
      note: 'no device is in the slot',
    });
  });

  test('that wait for a slow probe are worked on once, the newest list alone [linux.relations-newest]', async () => {
    const { driver, finish } = slowProbe();
    const bench = await new LinuxBench({ driver }).run();
    for (const serialNumber of [2, 3, 4]) bench.host.relations([device(serialNumber)]);
    await turn();
    expect(driver.instances).toHaveLength(1);
    finish();
    await turn();
    expect(driver.instances).toHaveLength(2);
    expect(bench.events.at(-1)).toMatchObject({ generation: 4 });
  });
});
