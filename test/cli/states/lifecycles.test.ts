import { describe, expect, test } from 'vitest';
import { LIFECYCLES, lastStatesOf } from '#cli/states/lifecycles.ts';
import { VF_PHASES, VF_SLOT_PHASES } from '#guest/vf-phase.ts';
import { VF_STATES } from '#host/virtualization-stack/vf-state.ts';

describe('the lives that are printed and drawn', () => {
  test('are the very tables that host and guest enforce', () => {
    expect(LIFECYCLES.host.table).toBe(VF_STATES);
    expect(LIFECYCLES.guest.table).toBe(VF_SLOT_PHASES);
  });

  test('leave out nothing that a VF does in its guest', () => {
    for (const [phase, { to }] of Object.entries(VF_PHASES)) {
      expect(LIFECYCLES.guest.table[phase]?.to).toMatchObject(to);
    }
  });

  test('end where nothing leads on', () => {
    expect(lastStatesOf(LIFECYCLES.host.table)).toEqual(['freed']);
    expect(lastStatesOf(LIFECYCLES.guest.table)).toEqual(['ended']);
  });
});
