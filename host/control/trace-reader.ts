import type { TraceEvent } from '#shared/trace/trace.ts';
import type { TraceFilter } from '#shared/trace/trace-filter.ts';
import type { TraceLine } from './trace-line.ts';

/** How many live events wait for a slow reader; those beyond are dropped and counted. */
export const MAX_WAITING = 4096;

/** How many lines are handed out in one piece. */
const MAX_PIECE = 256;

/** One reader of the trace: what has happened, and then what happens, until either side ends it. */
export class TraceReader {
  readonly #filter: TraceFilter;
  #recent: readonly TraceEvent[];
  /** Where the next recent event is. */
  #position = 0;
  #live: TraceLine[] = [];
  #dropped = 0;
  #ended = false;
  #wake: (() => void) | undefined;

  /** @param recent what comes before the live events; the filter has let it through */
  constructor(filter: TraceFilter, recent: readonly TraceEvent[]) {
    this.#filter = filter;
    this.#recent = recent;
  }

  /** Takes an event as it happens. */
  offer(event: TraceEvent): void {
    if (this.#ended || !this.#filter(event)) return;
    if (this.#live.length >= MAX_WAITING) {
      this.#dropped++;
      return;
    }
    this.#tellDropped();
    this.#live.push(event);
    this.#wake?.();
  }

  /** Makes a reader that waits go on with no lines. */
  nudge(): void {
    this.#wake?.();
  }

  /** Takes no further events; what waits is still handed out. */
  end(): void {
    this.#ended = true;
    this.#wake?.();
  }

  /**
   * The next lines, as soon as there are any; none after a nudge, and undefined at the end. To be
   * called again only when the last call has settled.
   */
  async next(): Promise<readonly TraceLine[] | undefined> {
    const recent = this.#nextRecent();
    if (recent.length > 0) return recent;
    if (this.#live.length === 0 && !this.#ended) await this.#woken();
    const piece = this.#live.slice(0, MAX_PIECE);
    this.#live = this.#live.slice(MAX_PIECE);
    if (this.#live.length === 0) this.#tellDropped();
    return piece.length === 0 && this.#ended ? undefined : piece;
  }

  #nextRecent(): readonly TraceEvent[] {
    const piece = this.#recent.slice(this.#position, this.#position + MAX_PIECE);
    this.#position += piece.length;
    if (this.#position === this.#recent.length) {
      this.#recent = [];
      this.#position = 0;
    }
    return piece;
  }

  /** Puts the number of the events that are missing in the place where they are. */
  #tellDropped(): void {
    if (this.#dropped === 0) return;
    this.#live.push({ dropped: this.#dropped });
    this.#dropped = 0;
  }

  #woken(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = () => {
        this.#wake = undefined;
        resolve();
      };
    });
  }
}
