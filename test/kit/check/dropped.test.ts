import { describe, expect, test } from 'vitest';
import { defineLinuxVfDriver, type LinuxPciDevice } from '#guest/linux/linux-vf-driver.ts';
import { delay } from '#shared/time/clock.ts';
import { RecordingPf } from '#test/support/recording-pf.ts';
import { runScenario } from '../scenario/run-scenario.ts';
import type { Verdict } from './checker.ts';

const BLOCK = 1;

async function read(device: LinuxPciDevice): Promise<number> {
  return (await device.hyperv_read_cfg_blk(new Uint8Array(4), 4, BLOCK)).error;
}

/** What I3 says of a driver that reads `before` it registers, or after, with a change in between. */
async function judged(reads: { readonly before: boolean; readonly after: boolean }) {
  const vf = defineLinuxVfDriver((kernel) => ({
    async probe(device) {
      if (reads.before) await read(device);
      await delay(kernel.clock, 20);
      device.hyperv_reg_block_invalidate(undefined, () => {});
      if (reads.after) await read(device);
      return 0;
    },
    remove: () => {},
  }));
  const { verdicts } = await runScenario({
    name: 'a change before a driver has registered',
    pf: new RecordingPf().factory,
    vf,
    profile: 'linux',
    async run(world) {
      world.startGuest('g1', { retry: false });
      await world.advance('10ms');
      await world.invalidate(0, 1n << BigInt(BLOCK));
      await world.advance('100ms');
    },
  });
  return verdicts.find(({ id }) => id === 'I3') as Verdict;
}

describe('an invalidation that a Linux guest drops', () => {
  test('is lost on a driver that has read the block, and does not read it again', async () => {
    expect(await judged({ before: true, after: false })).toMatchObject({
      holds: false,
      why: [
        expect.stringMatching(
          /never told of 0x2, .* dropped it at event \d+, because no callback is registered/,
        ),
      ],
    });
  });

  test.each([
    { before: true, after: true },
    { before: false, after: true },
    { before: false, after: false },
  ])('is nothing to one that knows no older version: %o', async (reads) => {
    expect(await judged(reads)).toMatchObject({ holds: true });
  });
});
