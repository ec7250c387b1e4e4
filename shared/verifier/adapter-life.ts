import type { TraceEvent } from '../trace/trace.ts';

/** Whether an adapter is still there for its miniport. */
export class AdapterLife {
  #end: { readonly how: string; readonly event: TraceEvent | undefined } | undefined;

  /** MiniportHaltEx has returned, or MiniportInitializeEx has failed. */
  get isOver(): boolean {
    return this.#end !== undefined;
  }

  /** `MiniportHaltEx had returned`. */
  get how(): string {
    return this.#end?.how ?? 'the adapter was there';
  }

  /** The event of the call that ended it. */
  get event(): TraceEvent | undefined {
    return this.#end?.event;
  }

  end(how: string, event: TraceEvent | undefined): void {
    this.#end ??= { how, event };
  }
}
