/**
 * Where a VF stands, as the virtualization stack sees it, and where it may go from there.
 *
 * - `allocated`: the PF has given out the VFId; the guest has no channel yet
 * - `exposed`: the channel is offered; the guest's bus is not in D0
 * - `running`: the bus is in D0; blocks can be read, written and invalidated
 * - `ejecting`: the host has asked for the device; blocks still work until the VF is halted
 * - `halted`: the bus has left D0; invalidations are cached
 * - `releasing`: the channel is gone; the VF is being reset and freed
 */
export const VF_STATES = {
  allocated: ['exposed', 'releasing'],
  exposed: ['running', 'ejecting', 'releasing'],
  running: ['ejecting', 'halted', 'releasing'],
  ejecting: ['halted', 'releasing'],
  halted: ['running', 'ejecting', 'releasing'],
  releasing: [],
} as const satisfies Record<string, readonly string[]>;

export type VfState = keyof typeof VF_STATES;

/** Whether a VF may go from one state to the other. */
export function canEnter(from: VfState, to: VfState): boolean {
  const targets: readonly VfState[] = VF_STATES[from];
  return targets.includes(to);
}
