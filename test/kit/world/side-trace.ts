import { Trace, type TraceEntry } from '#shared/trace/trace.ts';

/** The trace of one operating system of a world; what it does after its death is not reported. */
export class SideTrace extends Trace {
  readonly #world: Trace;
  #dead = false;

  constructor(world: Trace) {
    super(() => 0, world);
    this.#world = world;
  }

  override get enabled(): boolean {
    return !this.#dead;
  }

  override record(entry: TraceEntry, pf?: string): number {
    return this.#dead ? 0 : this.#world.record(entry, pf);
  }

  die(): void {
    this.#dead = true;
  }
}
