import { messageOf } from '../message-of.ts';
import { irqlName } from '../nt/irql.ts';
import type { KernelServices } from '../nt/kernel-services.ts';
import { stackOf } from '../stack-of.ts';
import type { TraceEvent } from '../trace/trace.ts';
import type { Breach, RunningDriver, Verifier, WatchedActor } from './verifier.ts';

/** Runs the routines of one driver, and reports in its name. */
export class DriverCode implements RunningDriver {
  readonly actor: WatchedActor;
  readonly verifier: Verifier;
  readonly #kernel: KernelServices;
  #context: readonly (TraceEvent | undefined)[] = [];
  #routine: string | undefined;
  /** What was thrown for breaches that are reported: that it leaves a routine is no other breach. */
  readonly #told = new WeakSet<object>();

  constructor(actor: WatchedActor, verifier: Verifier, kernel: KernelServices) {
    this.actor = actor;
    this.verifier = verifier;
    this.#kernel = kernel;
  }

  /** Which routine of the driver is running; undefined when none is. */
  get routine(): string | undefined {
    return this.verifier.running === this ? this.#routine : undefined;
  }

  /** The events that explain why the driver's code is running. */
  get context(): readonly (TraceEvent | undefined)[] {
    return this.#context;
  }

  /** Another driver of the same operating system whose routine is running; undefined when none is. */
  get stranger(): RunningDriver | undefined {
    const { running } = this.verifier;
    return running === this ? undefined : running;
  }

  /**
   * Calls a routine of the driver; `context` are the events of the call. What it throws is reported,
   * unless somebody else does.
   */
  run<T>(
    name: string,
    context: readonly (TraceEvent | undefined)[],
    routine: () => T,
    threw: (error: unknown) => void = (error) => this.#threw(name, context, error),
  ): T {
    const level = this.#kernel.keGetCurrentIrql();
    const outer = this.verifier.running;
    const outerContext = this.#context;
    const outerRoutine = this.#routine;
    this.verifier.running = this;
    this.#context = context;
    this.#routine = name;
    try {
      const result = routine();
      if (result instanceof Promise) result.catch(threw);
      return result;
    } catch (error) {
      threw(error);
      throw error;
    } finally {
      this.verifier.running = outer;
      this.#context = outerContext;
      this.#routine = outerRoutine;
      const now = this.#kernel.keGetCurrentIrql();
      if (now !== level) {
        const what = `${name} was called at ${irqlName(level)} and returned at ${irqlName(now)}`;
        this.report({ id: 'irql.restored', what, name, events: context });
      }
    }
  }

  /** An error that a driver gets for a breach which is reported. */
  told<E extends Error>(error: E): E {
    this.#told.add(error);
    return error;
  }

  /** Whether something that was thrown came of a breach which is reported. */
  hasTold(error: unknown): boolean {
    return typeof error === 'object' && error !== null && this.#told.has(error);
  }

  report(breach: Breach): void {
    this.verifier.report(this.actor, breach);
  }

  /** What the driver is doing now: where its code called in, and the events that led to it. */
  here(): Pick<Breach, 'stack' | 'events'> {
    return { stack: new Error('here').stack, events: this.#context };
  }

  #threw(name: string, events: readonly (TraceEvent | undefined)[], error: unknown): void {
    if (this.hasTold(error)) return;
    const what = `${name} threw: ${messageOf(error)}`;
    this.report({ id: 'driver.no-exception', what, name, events, stack: stackOf(error) });
  }
}
