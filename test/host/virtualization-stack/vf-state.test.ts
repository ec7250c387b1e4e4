import { describe, expect, test } from 'vitest';
import { VF_STATES, type VfState } from '#host/virtualization-stack/vf-state.ts';
import { NTSTATUS } from '#shared/nt/ntstatus.ts';
import { canEnter } from '#shared/state-table.ts';
import { turn } from '#test/kit/world/turn.ts';
import { createWorld } from '#test/kit/world/world.ts';
import type { WorldOptions } from '#test/kit/world/world-options.ts';
import { RecordingPf } from '#test/support/recording-pf.ts';
import { defectsOf } from '#test/support/state-tables.ts';

const { STATUS_DEVICE_NOT_CONNECTED } = NTSTATUS;

describe('the states of a VF', () => {
  test('are explained, lead to each other, and end in freed', () => {
    expect(defectsOf(VF_STATES, 'allocated')).toEqual([]);
    expect(Object.keys(VF_STATES.freed.to)).toEqual([]);
  });

  test('end in releasing, which only freed follows', () => {
    for (const state of Object.keys(VF_STATES) as VfState[]) {
      const isOver = state === 'releasing' || state === 'freed';
      expect(canEnter(VF_STATES, state, 'releasing')).toBe(!isOver);
      expect(canEnter(VF_STATES, 'releasing', state)).toBe(state === 'freed');
    }
  });

  test.each<[VfState, VfState]>([
    ['allocated', 'running'],
    ['allocated', 'halted'],
    ['running', 'exposed'],
    ['halted', 'exposed'],
    ['ejecting', 'running'],
    ['ejecting', 'halted'],
    ['running', 'freed'],
  ])('%s does not become %s', (from, to) => expect(canEnter(VF_STATES, from, to)).toBe(false));
});

/** A guest whose bus was in D0 and has left it. */
async function outOfD0(options: Partial<WorldOptions> = {}) {
  const pf = new RecordingPf();
  const world = await createWorld({ pf: pf.factory, ...options });
  const { guest } = await world.attachRawGuest();
  await guest.enterD0();
  await guest.ask('FDO_D0_EXIT');
  guest.received.length = 0;
  return { world, pf, guest };
}

describe('a VF whose bus has left D0', () => {
  test('that is ejected is asked for with EJECT, and given the time to answer [teardown.eject-out-of-d0]', async () => {
    const { world, guest } = await outOfD0({ ejectTimeoutMs: 60_000 });
    world.host.ejectVf(0);
    await turn();
    expect(guest.types).toEqual(['EJECT']);
    await world.clock.advance(59_999);
    expect(world.host.vfs).toMatchObject([{ state: 'ejecting' }]);
    guest.notify('EJECT_COMPLETE', { slot: 0 });
    await turn();
    expect(guest.closed).toMatchObject({ code: 4004, reason: 'the host took the VF away' });
    expect(world.host.vfs).toEqual([]);
    expect(world.clock.timers).toBe(0);
  });

  test('and does not answer EJECT is taken by surprise after its time [teardown.eject-out-of-d0]', async () => {
    const { world, guest } = await outOfD0({ ejectTimeoutMs: 60_000 });
    world.host.ejectVf(0);
    await world.clock.advance(60_000);
    expect(guest.closed).toMatchObject({ reason: expect.stringContaining('surprise removal') });
    expect(world.host.vfs).toEqual([]);
  });

  test('neither reads nor writes, nor is told of masks, though it is being ejected', async () => {
    const { world, pf, guest } = await outOfD0();
    world.host.ejectVf(0);
    pf.invalidate(0, 1n);
    const ids = [guest.read(0, 1), guest.write(0, Uint8Array.of(1))];
    await turn();
    for (const id of ids) {
      expect(guest.completionsOf(id)).toEqual([{ status: STATUS_DEVICE_NOT_CONNECTED }]);
    }
    expect(guest.masks).toEqual([]);
    expect(world.host.vfs).toMatchObject([{ state: 'ejecting', pendingMask: 1n }]);
  });

  test('enters D0 again while it is being ejected, and is told of masks still [state.ejecting.invalidate]', async () => {
    const { world, pf, guest } = await outOfD0();
    world.host.ejectVf(0);
    pf.invalidate(0, 0x21n);
    await guest.ask('FDO_D0_ENTRY');
    expect(guest.masks).toEqual([0x21n]);
    const read = guest.read(5, 1);
    await turn();
    expect(guest.completionsOf(read)).toMatchObject([{ status: 0 }]);
    expect(world.host.vfs).toMatchObject([{ state: 'ejecting' }]);
  });

  test('and sends EJECT_COMPLETE though nobody asked keeps its VF', async () => {
    const { world, guest } = await outOfD0();
    guest.notify('EJECT_COMPLETE', { slot: 0 });
    await turn();
    expect(guest.closed).toBeUndefined();
    expect(world.host.vfs).toMatchObject([{ state: 'halted' }]);
  });
});
