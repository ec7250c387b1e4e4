import { describe, expect, test } from 'vitest';
import { createWorld } from '#test/kit/world/world.ts';
import { RecordingPf } from '#test/support/recording-pf.ts';
import { RecordingVf } from '#test/support/recording-vf.ts';

const forever = (): Promise<never> => new Promise(() => {});

describe('the end of a world', () => {
  test('fails when the host leaves a PF behind, and says in what that hangs', async () => {
    const world = await createWorld({ pf: new RecordingPf({ halt: forever }).factory });
    await expect(world.end()).rejects.toThrow(
      /^PF pf0 is left behind: MiniportHaltEx has not returned$/,
    );
  });

  test('breaks I10 when a guest leaves a driver behind', async () => {
    const world = await createWorld({ pf: new RecordingPf().factory });
    await world.attachGuest(new RecordingVf({ halt: forever }).factory);
    await world.end();
    const why = 'g1: the driver of the VF is left behind: MiniportHaltEx has not returned';
    expect(world.check().find(({ id }) => id === 'I10')).toMatchObject({
      holds: false,
      why: [why],
    });
  });
});
