import { describe, expect, test } from 'vitest';
import { VF_PHASES, VF_SLOT_PHASES, type VfPhase } from '#guest/vf-phase.ts';
import { canEnter } from '#shared/state-table.ts';
import { defectsOf } from '#test/support/state-tables.ts';

describe('the phases of a VF in its guest', () => {
  test('are explained, lead to each other, and end in gone', () => {
    expect(defectsOf(VF_PHASES, 'handshake')).toEqual([]);
    expect(Object.keys(VF_PHASES.gone.to)).toEqual([]);
  });

  test('can all be cut short, since the channel may be lost in any', () => {
    for (const phase of Object.keys(VF_PHASES) as VfPhase[]) {
      expect(canEnter(VF_PHASES, phase, 'gone')).toBe(phase !== 'gone');
    }
  });

  test.each<[VfPhase, VfPhase]>([
    ['handshake', 'running'],
    ['handshake', 'suspending'],
    ['initializing', 'suspending'],
    ['suspended', 'running'],
    ['suspending', 'halting'],
    ['halting', 'suspending'],
    ['halting', 'running'],
  ])('%s does not become %s', (from, to) => expect(canEnter(VF_PHASES, from, to)).toBe(false));
});

describe('the phases of a slot', () => {
  test('are explained, lead to each other, and end in ended', () => {
    expect(defectsOf(VF_SLOT_PHASES, 'dialing')).toEqual([]);
    expect(Object.keys(VF_SLOT_PHASES.ended.to)).toEqual([]);
  });

  test('have those of a VF, and lead wherever those do', () => {
    for (const [phase, { to }] of Object.entries(VF_PHASES)) {
      expect(Object.keys(VF_SLOT_PHASES[phase as VfPhase].to)).toEqual(
        expect.arrayContaining(Object.keys(to)),
      );
    }
  });
});
