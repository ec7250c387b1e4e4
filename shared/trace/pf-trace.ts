import { Trace, type TraceEntry, type TraceListener } from './trace.ts';

/** The name of a PF that nobody has named. */
export const DEFAULT_PF_NAME = 'pf0';

/** What the parts of one PF report to: the trace of the whole management OS, with the PF's name. */
export class PfTrace extends Trace {
  readonly #whole: Trace;
  readonly #pf: string;

  constructor(whole: Trace, pf: string) {
    super(() => 0, whole);
    this.#whole = whole;
    this.#pf = pf;
  }

  override get enabled(): boolean {
    return this.#whole.enabled;
  }

  override listen(listener: TraceListener): () => void {
    return this.#whole.listen(listener);
  }

  override record(entry: TraceEntry): number {
    return this.#whole.record(entry, this.#pf);
  }
}
