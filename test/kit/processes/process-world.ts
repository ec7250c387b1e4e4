import { messageOf } from '#shared/message-of.ts';
import { systemClock } from '#shared/time/system.ts';
import type { TraceEvent } from '#shared/trace/trace.ts';
import type { VerifierReport } from '#shared/verifier/report.ts';
import type { Dead } from '../check/checker.ts';
import type { FaultRule } from '../faults/fault.ts';
import { type AppliedFault, describeRule } from '../faults/fault-engine.ts';
import { FaultRuleError } from '../faults/fault-rule-error.ts';
import { matches } from '../faults/when.ts';
import type { RunOptions } from '../scenario/run-scenario.ts';
import type { RunWorld } from '../scenario/run-world.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { ScenarioGuestOptions, ScenarioWorld } from '../scenario/scenario-world.ts';
import { awaitMasks } from '../world/await-masks.ts';
import { isOfFault } from '../world/excused-breaches.ts';
import type { Given, QuestionName, Taken } from './orders.ts';
import { checkRules, countsEveryGuest } from './process-rules.ts';
import { ProcessScenarioWorld } from './process-scenario-world.ts';
import { ProcessTime } from './process-time.ts';
import { RunOrders } from './run-orders.ts';
import { OverdueError, type SideProcess } from './side-process.ts';
import { WorldProcesses } from './world-processes.ts';

/**
 * A management OS and its guests, each a process of its own, joined by WebSockets on loopback, under the
 * clock of the machine. All of them end when this process does.
 */
export class ProcessWorld implements RunWorld {
  readonly forScenario: ScenarioWorld;
  readonly time: ProcessTime;
  readonly processes: WorldProcesses;
  readonly #faults: readonly FaultRule[];
  readonly #orders: RunOrders;
  #url: string | undefined;
  #scenarioEnd: number | undefined;

  /**
   * @throws ProcessWorldError for a driver that no other process can find
   * @throws FaultRuleError for a rule that is not possible between processes
   */
  constructor(scenario: Scenario, options: RunOptions) {
    this.#faults = options.faults ?? [];
    checkRules(this.#faults);
    this.#orders = new RunOrders(scenario, options);
    this.processes = new WorldProcesses(this.#faults);
    const { watch } = this.processes;
    this.time = new ProcessTime({ clock: systemClock, watch, events: () => this.events });
    this.forScenario = new ProcessScenarioWorld(this);
  }

  async start(): Promise<string | undefined> {
    try {
      this.#url = await this.processes.startHost(this.#orders.host()).ready;
      return undefined;
    } catch (error) {
      return messageOf(error);
    }
  }

  /** @throws FaultRuleError when a rule counts the events of all guests, and another one runs */
  startGuest(name: string, options: ScenarioGuestOptions = {}): SideProcess {
    const { processes } = this;
    const rule = this.#faults.find(countsEveryGuest);
    if (rule !== undefined && processes.alive.some((each) => each !== processes.host)) {
      throw new FaultRuleError(
        `${describeRule(rule)}: between processes each guest counts its own events: name the device`,
      );
    }
    const before = processes.record.guestEvents;
    const met = this.#faults.map(
      ({ when }) => before.filter((event) => matches(when, event)).length,
    );
    return processes.startGuest(this.#orders.guest({ ...options, name, host: this.#url, met }));
  }

  /** Ends a guest in good order; one that is dead already has ended. */
  async stopGuest(name: string): Promise<void> {
    const guest = this.processes.guest(name);
    if (!guest.isAlive) return;
    await this.#inTime(() => guest.stop(), `${name} has stopped`);
  }

  /**
   * Asks a process. Gives undefined when that is dead, or dies before it answers.
   *
   * @param what what is waited for, in words
   */
  async ask<Q extends QuestionName>(
    process: SideProcess | undefined,
    name: Q,
    takes: Taken<Q>,
    what: string = name,
  ): Promise<Given<Q> | undefined> {
    return await this.#inTime(async () => {
      await process?.ready;
      return await process?.ask(name, takes);
    }, what);
  }

  /** As {@link ask}, of the host. */
  async askHost<Q extends QuestionName>(
    name: Q,
    takes: Taken<Q>,
    what: string,
  ): Promise<Given<Q> | undefined> {
    return await this.ask(this.processes.host, name, takes, what);
  }

  /** Lets everything happen that is ready to, in all processes. */
  async settled(): Promise<void> {
    await this.time.settled(async () => {
      const { alive, record } = this.processes;
      await Promise.all(alive.map((each) => this.ask(each, 'turns', undefined, 'all is at rest')));
      return record.count;
    });
  }

  async hostRead(vfId: number, blockId: number, length: number, pf?: string): Promise<void> {
    await this.askHost('readBlock', { vfId, pf, blockId, length }, 'the PF has answered');
  }

  async delivered(): Promise<void> {
    await this.settled();
    await awaitMasks(this, async (milliseconds) => {
      await this.time.advance(milliseconds);
      await this.settled();
    });
  }

  endScenario(): void {
    this.#scenarioEnd = this.processes.record.count;
  }

  /** Unknown when the scenario failed: then much may have been under way. */
  get scenarioEnd(): number | undefined {
    return this.#scenarioEnd;
  }

  async stop(): Promise<void> {
    await this.processes.end();
  }

  get events(): readonly TraceEvent[] {
    return this.processes.record.events;
  }

  get faults(): readonly AppliedFault[] {
    return this.processes.record.faults;
  }

  get unfired(): readonly string[] {
    const fired = new Set(this.faults.map(({ rule }) => rule));
    return this.#faults.filter((_, index) => !fired.has(index)).map(describeRule);
  }

  get breaches(): readonly VerifierReport[] {
    const violations = this.processes.record.reports.filter(
      ({ severity }) => severity === 'violation',
    );
    return violations.filter((report) => !isOfFault(report, this));
  }

  get leftovers(): readonly string[] {
    return this.processes.leftovers;
  }

  get dead(): Dead {
    return this.processes.dead;
  }

  get progress(): string {
    return `${this.processes.record.count} ${this.time.progress}`;
  }

  async #inTime<T>(work: () => Promise<T>, what: string): Promise<T> {
    try {
      return await this.time.during(work);
    } catch (error) {
      throw error instanceof OverdueError ? this.time.overdue(what) : error;
    }
  }
}
