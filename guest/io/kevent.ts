import { NTSTATUS, type NtStatus } from '#shared/nt/ntstatus.ts';
import type { Clock, Timer } from '#shared/time/clock.ts';

/**
 * EVENT_TYPE: a NotificationEvent stays signaled and lets every waiter go; a SynchronizationEvent lets
 * one go, and is not signaled after it. Source: Microsoft Learn: KeInitializeEvent.
 */
export type EventType = 'NotificationEvent' | 'SynchronizationEvent';

/** KEVENT. Opaque to drivers, which have it from KeInitializeEvent. */
export class KEvent {
  readonly #type: EventType;
  readonly #waiters = new Set<() => void>();
  #signaled: boolean;

  constructor(type: EventType, state: boolean) {
    this.#type = type;
    this.#signaled = state;
  }

  get signaled(): boolean {
    return this.#signaled;
  }

  /** KeSetEvent: returns whether the event was signaled before. */
  set(): boolean {
    const before = this.#signaled;
    this.#signaled = true;
    for (const release of this.#waiters) {
      if (!this.#consume()) break;
      release();
    }
    return before;
  }

  clear(): void {
    this.#signaled = false;
  }

  /** Resolves when the event is signaled, or with STATUS_TIMEOUT after so many milliseconds. */
  wait(clock: Clock, timeout: number | undefined): Promise<NtStatus> {
    if (this.#consume()) return Promise.resolve(NTSTATUS.STATUS_SUCCESS);
    if (timeout === 0) return Promise.resolve(NTSTATUS.STATUS_TIMEOUT);
    return new Promise((resolve) => {
      let timer: Timer | undefined;
      const release = (): void => {
        timer?.cancel();
        this.#waiters.delete(release);
        resolve(NTSTATUS.STATUS_SUCCESS);
      };
      this.#waiters.add(release);
      if (timeout === undefined) return;
      timer = clock.setTimer(timeout, () => {
        this.#waiters.delete(release);
        resolve(NTSTATUS.STATUS_TIMEOUT);
      });
    });
  }

  /** Whether a waiter may go on now; a SynchronizationEvent is used up by it. */
  #consume(): boolean {
    if (!this.#signaled) return false;
    if (this.#type === 'SynchronizationEvent') this.#signaled = false;
    return true;
  }
}
