import type { SlotEnd } from '#guest/vf-slot.ts';
import type { Verb } from '../faults/fault.ts';
import type { AppliedFault } from '../faults/fault-engine.ts';

/** Faults that a driver may still wait out when its guest stops. */
const WAITED_OUT: ReadonlySet<Verb> = new Set([
  'delay',
  'hold',
  'drop',
  'reorder',
  'truncateFrame',
  'stopReading',
]);

/** What the stop of a world's operating systems left behind, because its drivers hang, in sentences. */
export class LeftBehind {
  readonly #ofGuests: string[] = [];

  /** What is left of guests by their drivers' own doing, whatever faults there were. */
  ofGuests(faults: readonly AppliedFault[]): readonly string[] {
    return faults.some(({ fault }) => WAITED_OUT.has(fault.verb)) ? [] : this.#ofGuests;
  }

  /** What a guest's VFs came to; undefined of one that died. */
  addGuest(name: string, ends: readonly SlotEnd[] = []): void {
    for (const { leftBehind } of ends) {
      if (leftBehind !== undefined) this.#ofGuests.push(`${name}: ${leftBehind}`);
    }
  }
}

/**
 * Looks at what a host has left; undefined of one that died.
 *
 * @throws Error when that is anything: no fault that the kit has keeps a PF from its end for so long
 */
export function demandWholeHost(left: readonly string[] = []): void {
  if (left.length > 0) throw new Error(left.join('; '));
}
