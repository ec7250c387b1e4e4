import { IRQL, type Irql, irqlName } from '../nt/irql.ts';
import type { KernelServices } from '../nt/kernel-services.ts';
import type { Clock } from '../time/clock.ts';
import type { TraceEvent } from '../trace/trace.ts';
import { IRQL_LIMITS, UNWATCHED_FUNCTIONS } from './adapter-functions.ts';
import type { AdapterLife } from './adapter-life.ts';
import type { DriverCode } from './driver-code.ts';
import { type ContractFunction, documentedName } from './interposed.ts';
import type { VerifierRuleId } from './rules.ts';
import type { RunningDriver } from './verifier.ts';

/** What a completion routine is called in reports. */
export const COMPLETION_ROUTINE = 'a completion routine';

/** Judges what a driver calls of NDIS and of the kernel, and lets it through. */
export class AdapterCalls {
  readonly #code: DriverCode;
  readonly #life: AdapterLife;
  readonly #kernel: KernelServices;

  constructor(code: DriverCode, life: AdapterLife, kernel: KernelServices) {
    this.#code = code;
    this.#life = life;
    this.#kernel = kernel;
  }

  /** A function of the adapter whose calls are judged; `called` hears of each, with its event. */
  watched(
    name: string,
    original: ContractFunction,
    called: (args: readonly unknown[], event: TraceEvent | undefined) => void = () => {},
  ): ContractFunction {
    if (UNWATCHED_FUNCTIONS.has(name)) return original;
    const { recent } = this.#code.verifier;
    return (...args) => {
      const level = this.#kernel.keGetCurrentIrql();
      const before = recent.latest;
      const result = original(...args);
      const event = recent.after(before);
      this.#judge(name, level, event);
      called(args, event);
      return result;
    };
  }

  /** A function that the adapter has not, because NDIS has it for the other kind of miniport. */
  foreign(name: string, id: 'actor.pf-only' | 'actor.vf-only'): ContractFunction {
    const documented = documentedName(name);
    return () => {
      const what = `it called ${documented}`;
      this.#code.report({ ...this.#code.here(), id, what, name: documented });
      throw this.#code.told(new TypeError(`adapter.${name} is not a function`));
    };
  }

  /** KeRaiseIrql and KeLowerIrql, and a clock and work items whose routines are the driver's code. */
  kernel(): Pick<KernelServices, 'keRaiseIrql' | 'keLowerIrql' | 'ndisQueueIoWorkItem'> {
    const kernel = this.#kernel;
    return {
      keRaiseIrql: (newIrql) => {
        this.#judgeChange('KeRaiseIrql', newIrql, newIrql < kernel.keGetCurrentIrql());
        if (this.#code.verifier.running !== this.#code) this.#watchRaised(newIrql);
        return kernel.keRaiseIrql(newIrql);
      },
      keLowerIrql: (newIrql) => {
        this.#judgeChange('KeLowerIrql', newIrql, newIrql > kernel.keGetCurrentIrql());
        kernel.keLowerIrql(newIrql);
      },
      ndisQueueIoWorkItem: (routine) => {
        const { context } = this.#code;
        kernel.ndisQueueIoWorkItem(() => this.#code.run('a work item', context, routine));
      },
    };
  }

  clock(clock: Clock): Clock {
    return {
      now: () => clock.now(),
      setTimer: (milliseconds, fire) => {
        this.#judge('ndisSetTimerObject', this.#kernel.keGetCurrentIrql(), undefined);
        return clock.setTimer(milliseconds, () => this.#fire(fire));
      },
    };
  }

  #fire(fire: () => void): void {
    const { isOver, how, event } = this.#life;
    if (isOver) {
      const what = `a timer fired after ${how}`;
      this.#code.report({ id: 'halt.no-timer', what, name: 'MiniportHaltEx', events: [event] });
    }
    this.#code.run('a timer', [], fire);
  }

  #judge(name: string, level: Irql, event: TraceEvent | undefined): void {
    const documented = documentedName(name);
    const { stranger } = this.#code;
    const limit = IRQL_LIMITS.get(name);
    if (limit !== undefined && level > limit.most) {
      this.#report(
        this.#limitRule(limit.id),
        documented,
        `${documented} was called at ${irqlName(level)}`,
        event,
      );
    }
    if (this.#life.isOver && name !== 'ndisMOidRequestComplete') {
      const what = `${documented} was called after ${this.#life.how}`;
      this.#report('halt.no-call', documented, what, event);
    }
    if (stranger !== undefined) {
      const what = `a routine of it called ${documented} with the adapter of ${this.#code.actor.title}`;
      this.#report('actor.own-adapter', documented, what, event, stranger);
    }
  }

  /** A wait in a completion routine is the mistake of who pends IOCTL_VPCI_INVALIDATE_BLOCK himself. */
  #limitRule(id: VerifierRuleId): VerifierRuleId {
    const isCallback = this.#code.routine === COMPLETION_ROUTINE;
    return id === 'irql.config-block' && isCallback ? 'irql.callback-does-not-wait' : id;
  }

  #judgeChange(name: string, newIrql: Irql, isWrongWay: boolean): void {
    if (!isWrongWay) return;
    const level = irqlName(this.#kernel.keGetCurrentIrql());
    const what = `${name}(${irqlName(newIrql)}) was called at ${level}`;
    this.#report('irql.raise-and-lower', name, what, undefined);
  }

  /** Outside of a routine, after an await: who waits or returns again must have lowered it by then. */
  #watchRaised(newIrql: Irql): void {
    const name = 'KeRaiseIrql';
    const here = this.#code.here();
    queueMicrotask(() => {
      if (this.#kernel.keGetCurrentIrql() === IRQL.PASSIVE_LEVEL) return;
      const what = `${name}(${irqlName(newIrql)}) was not undone before it waited or returned`;
      this.#code.report({ ...here, id: 'irql.restored', what, name });
    });
  }

  #report(
    id: VerifierRuleId,
    name: string,
    what: string,
    event: TraceEvent | undefined,
    driver: RunningDriver = this.#code,
  ): void {
    const { stack } = this.#code.here();
    const events = [...driver.context, event];
    this.#code.verifier.report(driver.actor, { id, what, name, stack, events });
  }
}
