import type { VfView } from '#host/virtualization-stack/vf.ts';
import type { StateTable } from '#shared/state-table.ts';

/** The changes that a table allows: `running → halted`. */
export function changesOf(table: StateTable): readonly string[] {
  return Object.entries(table).flatMap(([state, { to }]) =>
    Object.keys(to).map((next) => change(state, next)),
  );
}

/** The changes of one life, whose states were reported in this order. */
export function changesIn(states: readonly string[]): readonly string[] {
  return states.slice(1).map((state, index) => change(states[index] ?? '', state));
}

function change(from: string, to: string): string {
  return `${from} → ${to}`;
}

/** The states of several lives, each in the order in which they were reported. */
export class Lives {
  readonly #states = new Map<string, string[]>();

  /** The states of each life. */
  get all(): readonly (readonly string[])[] {
    return [...this.#states.values()];
  }

  /** Takes what a host reports of its VFs: a world's `onState`. */
  readonly ofVf = ({ generation }: VfView, state: string): void => {
    this.#add(String(generation), state);
  };

  /** Takes what a world has written down of a guest: `g1/0 running`. */
  ofGuest(phases: readonly string[]): void {
    for (const phase of phases) {
      const at = phase.lastIndexOf(' ');
      this.#add(phase.slice(0, at), phase.slice(at + 1));
    }
  }

  #add(life: string, state: string): void {
    const states = this.#states.get(life);
    if (states === undefined) this.#states.set(life, [state]);
    else states.push(state);
  }
}
