import { describe, expect, test } from 'vitest';
import { turn } from '#test/kit/world/turn.ts';
import { createWorld } from '#test/kit/world/world.ts';
import { RecordingPf } from '#test/support/recording-pf.ts';
import { RecordingVf } from '#test/support/recording-vf.ts';

describe('OID_SRIOV_RESET_VF of a VF that runs', () => {
  test('leaves the IOCTL pended that the next invalidation completes [pended.reset]', async () => {
    const pf = new RecordingPf();
    const world = await createWorld({ pf: pf.factory });
    const vf = new RecordingVf();
    await world.attachGuest(vf.factory);
    world.events.length = 0;
    await world.host.resetVf(0);
    await turn();
    expect(world.hops('ioCompleteRequest', 'ioCallDriver')).toEqual([]);
    pf.invalidate(0, 1n);
    await turn();
    expect(vf.current.masks).toEqual([1n]);
    expect(world.eventsOf('ioCompleteRequest')).toMatchObject([{ status: 0 }]);
  });

  test('is not noticed by another VF [teardown.reset-touches-one-vf]', async () => {
    const pf = new RecordingPf();
    const world = await createWorld({ pf: pf.factory });
    const vfs = [new RecordingVf(), new RecordingVf()] as const;
    for (const [index, vf] of vfs.entries()) {
      await world.attachGuest(vf.factory, { name: `g${index}` });
    }
    await vfs[1].current.write(5, Uint8Array.of(0xee));
    const frames = world.host.vfs[1]?.framesSent;
    await world.host.resetVf(0);
    await turn();
    expect(world.host.vfs[1]).toMatchObject({ framesSent: frames, state: 'running' });
    expect(await vfs[1].current.read(5, 1)).toEqual(Uint8Array.of(0xee));
  });
});
