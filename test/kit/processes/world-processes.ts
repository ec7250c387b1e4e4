import { messageOf } from '#shared/message-of.ts';
import { systemClock } from '#shared/time/system.ts';
import type { Dead } from '../check/checker.ts';
import type { FaultRule } from '../faults/fault.ts';
import { EventWatch } from './event-watch.ts';
import { MOST_EVENTS } from './limits.ts';
import type { GuestOrder, HostOrder, Order } from './orders.ts';
import type { SideReport } from './reports.ts';
import { SideProcess } from './side-process.ts';
import { type SideRecord, WorldRecord } from './world-record.ts';

/** A driver may fail again and again; more than so many failures say nothing new. */
const MOST_FAILURES = 20;

/** The processes of a world, and all that they have told. */
export class WorldProcesses {
  readonly record = new WorldRecord();
  readonly watch = new EventWatch();
  readonly #faults: readonly FaultRule[];
  readonly #guests = new Map<string, SideProcess>();
  readonly #all: SideProcess[] = [];
  /** What happened that must not, in words, each once. */
  readonly #failures = new Set<string>();
  #host: SideProcess | undefined;
  #spare: SideProcess | undefined;
  #leftovers: readonly string[] = [];

  constructor(faults: readonly FaultRule[]) {
    this.#faults = faults;
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

  /** Processes that are there, and that nobody wants to end. */
  get alive(): readonly SideProcess[] {
    return this.#all.filter(({ isAlive }) => isAlive);
  }

  /** Which operating systems were killed. */
  get dead(): Dead {
    const killed = [...this.#guests].filter(([, { isKilled }]) => isKilled);
    return { host: this.#host?.isKilled === true, guests: killed.map(([name]) => name) };
  }

  /** What the host left when it ended, in words. */
  get leftovers(): readonly string[] {
    return this.#leftovers;
  }

  startHost(order: HostOrder): SideProcess {
    this.#host = this.#run(order);
    // A process takes a while to start: the first guest's does so beside the host's.
    this.#spare = new SideProcess(systemClock);
    return this.#host;
  }

  startGuest(order: GuestOrder): SideProcess {
    const guest = this.#run(order);
    this.#guests.set(order.name, guest);
    return guest;
  }

  /**
   * Ends every guest, and then the host.
   *
   * @throws Error with all that happened and must not
   */
  async end(): Promise<void> {
    for (const each of this.alive) {
      // It is done before what is asked next.
      void each.ask('release', undefined).catch(() => {});
    }
    this.#spare?.kill();
    await this.#spare?.gone;
    const guests = this.#all.filter((each) => each !== this.#host);
    await Promise.all(guests.map((each) => this.#endOf(each)));
    if (this.#host !== undefined) this.#leftovers = await this.#endOf(this.#host);
    if (this.#failures.size > 0) throw new Error([...this.#failures].join('; '));
  }

  async #endOf(process: SideProcess): Promise<readonly string[]> {
    try {
      if (process.isAlive) return await process.stop();
      await process.gone;
      if (process.failure !== undefined) this.#failed(process.failure);
    } catch (error) {
      this.#failed(messageOf(error));
    }
    return [];
  }

  #run(order: Order): SideProcess {
    const record = this.record.newSide(order.side === 'host');
    const process = this.#spare ?? new SideProcess(systemClock);
    this.#spare = undefined;
    process.begin(order, (report) => this.#take(report, record, process));
    this.#all.push(process);
    return process;
  }

  #take(report: SideReport, record: SideRecord, process: SideProcess): void {
    switch (report.type) {
      case 'event':
        record.events.push(report.event);
        this.watch.event(report.event, process);
        this.#limit();
        return;
      case 'fault':
        this.#applied(report, record);
        return;
      case 'verifier':
        record.reports.push(report.report);
        return;
      case 'waits': {
        const { id, until, since } = report;
        const already = this.record.eventsOfOthers(record, since);
        const resume = (): void => void process.ask('resume', id).catch(() => {});
        this.watch.onceElsewhere(process, until, already, resume);
        return;
      }
      case 'kill':
        (report.guest === undefined ? this.#host : this.#guests.get(report.guest))?.kill();
        return;
      case 'stray':
        this.#failed(
          `${process.name}: an error that nobody caught, most likely in a miniport: ${report.message}`,
        );
    }
  }

  #failed(what: string): void {
    if (this.#failures.size < MOST_FAILURES) this.#failures.add(what);
  }

  #applied({ rule, seq }: Extract<SideReport, { type: 'fault' }>, record: SideRecord): void {
    const fault = this.#faults[rule]?.do;
    if (fault !== undefined) record.faults.push({ rule, seq, fault });
  }

  /** Drivers that keep each other busy for ever would fill the memory. */
  #limit(): void {
    if (this.record.count !== MOST_EVENTS) return;
    this.#failed(`there were ${MOST_EVENTS} events, and no end of them`);
    for (const process of this.#all) process.kill();
  }
}
