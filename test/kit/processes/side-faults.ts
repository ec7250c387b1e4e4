import { systemClock } from '#shared/time/system.ts';
import type { TraceEvent } from '#shared/trace/trace.ts';
import { FaultEngine } from '../faults/fault-engine.ts';
import type { When } from '../faults/when.ts';
import type { Order } from './orders.ts';
import { report } from './reports.ts';

/** The faults that befall one process of a world; what they do elsewhere is up to who started it. */
export class SideFaults extends FaultEngine {
  readonly #resumes = new Map<number, () => void>();
  #reported = 0;

  /** @param cut breaks this side's end of the channel of a VF, or of all */
  constructor(order: Order, cut: (device: string | undefined) => void) {
    const own = order.side === 'guest' ? order.name : undefined;
    super(
      order.faults,
      {
        cut: (event) => cut(event.device),
        kill: (side, { device }) => {
          const guest = side === 'guest' ? device?.slice(0, device.lastIndexOf('/')) : undefined;
          this.#reportApplied();
          report({ type: 'kill', guest });
          if (guest === own) process.kill(process.pid, 'SIGKILL');
        },
      },
      order.met,
    );
  }

  override event(event: TraceEvent): void {
    super.event(event);
    this.#reportApplied();
  }

  /** The event may happen in another process, whence {@link resume} is called. */
  override onEvent(when: When, resume: () => void): void {
    const id = this.#resumes.size + 1;
    let isOver = false;
    const once = (): void => {
      if (!isOver) resume();
      isOver = true;
    };
    this.#resumes.set(id, once);
    super.onEvent(when, once);
    report({ type: 'waits', id, until: when, since: systemClock.now() });
  }

  /** The event that a fault waits for has happened in another process. */
  resume(id: number): void {
    this.#resumes.get(id)?.();
  }

  #reportApplied(): void {
    for (const { rule, seq } of this.applied.slice(this.#reported)) {
      report({ type: 'fault', rule, seq });
    }
    this.#reported = this.applied.length;
  }
}
