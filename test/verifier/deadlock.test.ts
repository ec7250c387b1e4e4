import { describe, expect, test } from 'vitest';
import { NDIS_STATUS } from '#shared/ndis/ndis-status.ts';
import { OID } from '#shared/ndis/oid.ts';
import { createWorld, type World } from '#test/kit/world/world.ts';
import { RecordingPf } from '#test/support/recording-pf.ts';
import { newReadingVf } from './verified.ts';

const { NDIS_STATUS_SUCCESS } = NDIS_STATUS;

/** A VF that has written a block, to a PF that holds the write and has invalidated another mask. */
async function heldWrite(mask: bigint): Promise<{ world: World; pf: RecordingPf }> {
  const pf = new RecordingPf();
  const vf = newReadingVf();
  const world = await createWorld({ pf: pf.factory, breaks: 'any', oidTimeout: 5 });
  await world.attachGuest(vf.factory);
  pf.leavePending(OID.OID_SRIOV_WRITE_VF_CONFIG_BLOCK);
  void vf.current.write(9, new Uint8Array(16));
  await world.settled();
  pf.invalidate(0, mask);
  await world.settled();
  return { world, pf };
}

describe('a PF miniport that holds a request and has told a VF to read', () => {
  test('is named as soon as the read waits behind it, and again when its time has run out [concurrency.deadlock-is-named]', async () => {
    const { world } = await heldWrite(1n);
    expect(world.reports).toMatchObject([
      { id: 'concurrency.deadlock', severity: 'suspicion', actor: 'PF miniport pf0', count: 1 },
    ]);
    await world.clock.advance(5_000);
    expect(world.reports).toMatchObject([
      { id: 'concurrency.deadlock', severity: 'suspicion' },
      { id: 'concurrency.deadlock', severity: 'violation', count: 2 },
    ]);
    const notes = world.eventsOf('pfContractViolated').map(({ note }) => note);
    expect(notes).toEqual([
      expect.stringMatching(
        /^concurrency.deadlock: the PF miniport holds .* waits behind that request$/,
      ),
      expect.stringContaining(
        'did not complete the request in time; 1 more were waiting behind it',
      ),
      expect.stringMatching(/^concurrency.deadlock: .*, and the request has run out of time$/),
    ]);
    await world.end();
  });

  test('is not, when the read is of a block that it has not invalidated', async () => {
    const { world } = await heldWrite(2n);
    await world.clock.advance(5_000);
    expect(world.reports.map(({ id }) => id)).toEqual(['oid.completed-in-time']);
    await world.end();
  });

  test('is not a violation, when it completes the request before the read', async () => {
    const { world, pf } = await heldWrite(1n);
    pf.intercept = () => undefined;
    pf.complete(pf.last(OID.OID_SRIOV_WRITE_VF_CONFIG_BLOCK), NDIS_STATUS_SUCCESS);
    await world.clock.advance(60_000);
    expect(world.reports.map(({ severity }) => severity)).toEqual(['suspicion']);
    await world.end();
  });
});
