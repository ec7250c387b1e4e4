import { messageOf } from '#shared/message-of.ts';
import { newSecret, systemClock } from '#shared/time/system.ts';
import type { TraceEvent } from '#shared/trace/trace.ts';
import { formatReport } from '#shared/verifier/report.ts';
import type { Dead } from '../check/checker.ts';
import { type AppliedFault, describeRule, FaultRuleError } from '../faults/fault-engine.ts';
import { matches } from '../faults/when.ts';
import type { RunOptions } from '../scenario/run-scenario.ts';
import type { RunWorld } from '../scenario/run-world.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { ScenarioGuestOptions, ScenarioWorld } from '../scenario/scenario-world.ts';
import { awaitMasks } from '../world/await-masks.ts';
import { EventWatch } from './event-watch.ts';
import { MOST_EVENTS } from './limits.ts';
import { guestOrder, hostOrder, type Places, placesOf } from './make-orders.ts';
import type { Given, Order, QuestionName, Taken } from './orders.ts';
import { checkRules, countsEveryGuest } from './process-rules.ts';
import { ProcessScenarioWorld } from './process-scenario-world.ts';
import { ProcessTime } from './process-time.ts';
import type { SideReport } from './reports.ts';
import { OverdueError, SideProcess } from './side-process.ts';
import { type SideRecord, WorldRecord } from './world-record.ts';

/**
 * A management OS and its guests, each a process of its own, joined by WebSockets on loopback, under the
 * clock of the machine. All of them end when this process does.
 */
export class ProcessWorld implements RunWorld {
  readonly forScenario: ScenarioWorld;
  readonly time: ProcessTime;
  readonly #scenario: Scenario;
  readonly #options: RunOptions;
  readonly #places: Places;
  readonly #token = newSecret();
  readonly #record = new WorldRecord();
  readonly #watch = new EventWatch();
  readonly #guests = new Map<string, SideProcess>();
  readonly #processes: SideProcess[] = [];
  /** What happened that must not, in words. */
  readonly #failures: string[] = [];
  #host: SideProcess | undefined;
  #spare: SideProcess | undefined;
  #url: string | undefined;
  #leftovers: readonly string[] = [];
  #scenarioEnd: number | undefined;

  /**
   * @throws ProcessWorldError for a driver that no other process can find
   * @throws FaultRuleError for a rule that is not possible between processes
   */
  constructor(scenario: Scenario, options: RunOptions) {
    checkRules(options.faults ?? []);
    this.#scenario = scenario;
    this.#options = options;
    this.#places = placesOf(scenario);
    const clock = systemClock;
    this.time = new ProcessTime({ clock, watch: this.#watch, events: () => this.events });
    this.forScenario = new ProcessScenarioWorld(this);
  }

  async start(): Promise<string | undefined> {
    this.#host = this.#run(hostOrder(this.#scenario, this.#places, this.#options, this.#token));
    // A process takes a while to start: the first guest's does so beside the host's.
    this.#spare = new SideProcess(systemClock);
    try {
      this.#url = await this.#host.ready;
      return undefined;
    } catch (error) {
      return messageOf(error);
    }
  }

  get host(): SideProcess | undefined {
    return this.#host;
  }

  /** The guest that was started last under a name. @throws Error when there is none */
  guest(name: string): SideProcess {
    const guest = this.#guests.get(name);
    if (guest === undefined) throw new Error(`there is no guest ${name}`);
    return guest;
  }

  /** @throws FaultRuleError when a rule counts the events of all guests, and another one runs */
  startGuest(name: string, options: ScenarioGuestOptions = {}): SideProcess {
    const { faults = [] } = this.#options;
    const rule = faults.find(countsEveryGuest);
    if (rule !== undefined && [...this.#guests.values()].some(({ isAlive }) => isAlive)) {
      throw new FaultRuleError(
        `${describeRule(rule)}: between processes each guest counts its own events: name the device`,
      );
    }
    const before = this.#record.guestEvents;
    const met = faults.map(({ when }) => before.filter((event) => matches(when, event)).length);
    const guest = { ...options, name, host: this.#url };
    const process = this.#run(
      guestOrder(this.#scenario, this.#places, this.#options, this.#token, guest, met),
    );
    this.#guests.set(name, process);
    return process;
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
    try {
      return await this.time.during(async () => {
        await process?.ready;
        return await process?.ask(name, takes);
      });
    } catch (error) {
      throw error instanceof OverdueError ? this.time.overdue(what) : error;
    }
  }

  /** Lets everything happen that is ready to, in all processes. */
  async settled(): Promise<void> {
    await this.time.settled(async () => {
      const alive = this.#processes.filter(({ isAlive }) => isAlive);
      await Promise.all(alive.map((each) => this.ask(each, 'turns', undefined, 'all is at rest')));
      return this.#record.count;
    });
  }

  async hostRead(vfId: number, blockId: number, length: number): Promise<void> {
    const takes = { vfId, blockId, length };
    await this.ask(this.#host, 'readBlock', takes, 'the PF has answered');
  }

  async delivered(): Promise<void> {
    await this.settled();
    await awaitMasks(this, async (milliseconds) => {
      await this.time.advance(milliseconds);
      await this.settled();
    });
  }

  endScenario(): void {
    this.#scenarioEnd = this.#record.count;
  }

  /** Unknown when the scenario failed: then much may have been under way. */
  get scenarioEnd(): number | undefined {
    return this.#scenarioEnd;
  }

  async stop(): Promise<void> {
    for (const each of this.#processes) {
      // It is done before what is asked next.
      if (each.isAlive) void each.ask('release', undefined).catch(() => {});
    }
    this.#spare?.kill();
    await this.#spare?.gone;
    const guests = this.#processes.filter((each) => each !== this.#host);
    await Promise.all(guests.map((each) => this.#end(each)));
    if (this.#host !== undefined) this.#leftovers = await this.#end(this.#host);
    const violations = this.#record.reports.filter(({ severity }) => severity === 'violation');
    const failures = [...this.#failures, ...violations.map(formatReport)];
    if (failures.length > 0) throw new Error([...new Set(failures)].join('; '));
  }

  get events(): readonly TraceEvent[] {
    return this.#record.events;
  }

  get faults(): readonly AppliedFault[] {
    return this.#record.faults;
  }

  get unfired(): readonly string[] {
    const fired = new Set(this.faults.map(({ rule }) => rule));
    const { faults = [] } = this.#options;
    return faults.filter((_, index) => !fired.has(index)).map(describeRule);
  }

  get leftovers(): readonly string[] {
    return this.#leftovers;
  }

  get dead(): Dead {
    const killed = [...this.#guests].filter(([, { isKilled }]) => isKilled);
    return { host: this.#host?.isKilled === true, guests: killed.map(([name]) => name) };
  }

  get progress(): string {
    return `${this.#record.count} ${this.time.progress}`;
  }

  #run(order: Order): SideProcess {
    const record = this.#record.newSide(order.side === 'host');
    const process = this.#spare ?? new SideProcess(systemClock);
    this.#spare = undefined;
    process.begin(order, (report) => this.#take(report, record, process));
    this.#processes.push(process);
    return process;
  }

  async #end(process: SideProcess): Promise<readonly string[]> {
    try {
      if (process.isAlive) return (await process.stop()) ?? [];
      await process.gone;
      if (process.failure !== undefined) this.#failures.push(process.failure);
    } catch (error) {
      this.#failures.push(messageOf(error));
    }
    return [];
  }

  #take(report: SideReport, record: SideRecord, process: SideProcess): void {
    switch (report.type) {
      case 'event':
        record.events.push(report.event);
        this.#watch.event(report.event, process);
        this.#limit();
        return;
      case 'fault':
        record.faults.push(report.fault);
        return;
      case 'verifier':
        record.reports.push(report.report);
        return;
      case 'waits':
        this.#watch.forProcess(process, report.id, report.until);
        return;
      case 'kill':
        (report.guest === undefined ? this.#host : this.#guests.get(report.guest))?.kill();
        return;
      case 'stray':
        this.#failures.push(
          `${process.name}: an error that nobody caught, most likely in a miniport: ${report.message}`,
        );
    }
  }

  /** Drivers that keep each other busy for ever would fill the memory. */
  #limit(): void {
    if (this.#record.count !== MOST_EVENTS) return;
    this.#failures.push(`there were ${MOST_EVENTS} events, and no end of them`);
    for (const process of this.#processes) process.kill();
  }
}
