import { VF_SLOT_PHASES } from '#guest/vf-phase.ts';
import { VF_STATES } from '#host/virtualization-stack/vf-state.ts';
import type { StateTable } from '#shared/state-table.ts';

/** A life that the emulator lets through no other changes than its table has. */
export interface Lifecycle {
  readonly title: string;
  /** Whose view it is, and where a user meets its names. */
  readonly about: string;
  readonly table: StateTable;
}

/** Which side sees the VF so. */
export const SIDES = ['host', 'guest'] as const;

export type Side = (typeof SIDES)[number];

/** The life of a VF, as each side sees it. */
export const LIFECYCLES: Readonly<Record<Side, Lifecycle>> = {
  host: {
    title: 'A VF at its host',
    about:
      'Where each VF stands for the virtualization stack: the state that `backchannel vf list` shows.',
    table: VF_STATES,
  },
  guest: {
    title: 'The place of a VF in its guest',
    about:
      'What the log of a guest says, at level debug, of each of its VFs. A VF that is gone may be ' +
      'followed by another one in its place, with another channel and another generation.',
    table: VF_SLOT_PHASES,
  },
};

/** The states of a table from which nothing leads on. */
export function lastStatesOf(table: StateTable): readonly string[] {
  return Object.keys(table).filter((state) => Object.keys(table[state]?.to ?? {}).length === 0);
}
