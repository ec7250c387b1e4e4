import { type Duration, milliseconds } from '../duration.ts';
import { type When, whenProblem } from '../faults/when.ts';
import { MisuseError } from '../misuse-error.ts';
import type { Scenario } from './scenario.ts';
import type { ScenarioGuestOptions, ScenarioWorld } from './scenario-world.ts';

const MASK_BITS = 64;

/** Errors of assertions: what a scenario found, and no defect of its own. */
const ASSERTIONS: ReadonlySet<string> = new Set(['AssertionError', 'RunError']);

const GUEST_OPTIONS: Readonly<Record<keyof ScenarioGuestOptions, true>> = {
  vfs: true,
  retry: true,
  profile: true,
  versions: true,
  pfs: true,
};

/** What of a scenario says which VFs its host has. */
type CheckedHost = Pick<Scenario, 'numVfs' | 'pfs'>;

/**
 * A scenario's world that refuses what would show nothing: a guest or a VF that cannot be, what is no
 * duration, no mask or no event, and whatever is asked of it when the scenario has returned.
 */
export class CheckedWorld implements ScenarioWorld {
  readonly #world: ScenarioWorld;
  readonly #host: CheckedHost;
  /** How many VFs each guest was started with. */
  readonly #guests = new Map<string, number>();
  readonly #underWay = new Set<{ readonly what: string }>();
  readonly #misuses = new Set<string>();
  readonly #failures = new WeakSet<object>();
  #ended = false;
  #threw = false;

  constructor(world: ScenarioWorld, host: CheckedHost) {
    this.#world = world;
    this.#host = host;
  }

  /** What the scenario did wrong, in sentences. */
  get misuses(): readonly string[] {
    return [...this.#misuses];
  }

  /** Whether the scenario threw what is neither from its world nor an assertion's. */
  get threw(): boolean {
    return this.#threw;
  }

  /** The scenario has returned. */
  returned(): void {
    this.#ended = true;
    for (const { what } of this.#underWay) {
      this.#misuses.add(`its run has returned while ${what} was under way: await it`);
    }
  }

  /** The scenario has thrown. */
  thrown(error: unknown): void {
    this.#ended = true;
    this.#threw = !this.#isOwn(error) && !(error instanceof Error && ASSERTIONS.has(error.name));
  }

  attachGuest(name: string, options?: ScenarioGuestOptions): Promise<void> {
    return this.#during(`attachGuest('${name}')`, this.#guestProblem(name, options), () => {
      this.#guests.set(name, options?.vfs ?? 1);
      return this.#world.attachGuest(name, options);
    });
  }

  startGuest(name: string, options?: ScenarioGuestOptions): void {
    this.#do(`startGuest('${name}')`, this.#guestProblem(name, options), () => {
      this.#guests.set(name, options?.vfs ?? 1);
      this.#world.startGuest(name, options);
    });
  }

  stopGuest(name: string): Promise<void> {
    return this.#during(`stopGuest('${name}')`, this.#unknown(name), () =>
      this.#world.stopGuest(name),
    );
  }

  suspendGuest(name: string): Promise<void> {
    return this.#during(`suspendGuest('${name}')`, this.#unknown(name), () =>
      this.#world.suspendGuest(name),
    );
  }

  resumeGuest(name: string): Promise<void> {
    return this.#during(`resumeGuest('${name}')`, this.#unknown(name), () =>
      this.#world.resumeGuest(name),
    );
  }

  invalidate(vfId: number, mask: bigint, pf?: string): Promise<void> {
    const problem = vfIdProblem(this.#host, vfId, pf) ?? maskProblem(mask);
    return this.#during(`invalidate(${vfId}, …)`, problem, () =>
      this.#world.invalidate(vfId, mask, pf),
    );
  }

  resetVf(vfId: number, pf?: string): Promise<number | undefined> {
    return this.#during(`resetVf(${vfId})`, vfIdProblem(this.#host, vfId, pf), () =>
      this.#world.resetVf(vfId, pf),
    );
  }

  ejectVf(vfId: number, pf?: string): Promise<boolean> {
    return this.#during(`ejectVf(${vfId})`, vfIdProblem(this.#host, vfId, pf), () =>
      this.#world.ejectVf(vfId, pf),
    );
  }

  cut(device: string): void {
    this.#do(`cut('${device}')`, this.#deviceProblem(device), () => this.#world.cut(device));
  }

  killGuest(name: string): void {
    this.#do(`killGuest('${name}')`, this.#unknown(name), () => this.#world.killGuest(name));
  }

  killHost(): void {
    this.#do('killHost()', undefined, () => this.#world.killHost());
  }

  advance(duration: Duration): Promise<void> {
    return this.#during(`advance(${String(duration)})`, undefined, () => {
      milliseconds(duration);
      return this.#world.advance(duration);
    });
  }

  settle(): Promise<void> {
    return this.#during('settle()', undefined, () => this.#world.settle());
  }

  until(when: When): Promise<void> {
    return this.#during('until(…)', whenProblem(when), () => this.#world.until(when));
  }

  async #during<T>(what: string, problem: string | undefined, work: () => Promise<T>): Promise<T> {
    const call = { what };
    this.#underWay.add(call);
    try {
      return await this.#do(what, problem, work);
    } catch (error) {
      this.#noteFailure(error);
      throw error;
    } finally {
      this.#underWay.delete(call);
    }
  }

  #do<T>(what: string, problem: string | undefined, work: () => T): T {
    if (this.#ended) this.#refuse(`it used its world, by ${what}, when its run had returned`);
    if (problem !== undefined) this.#refuse(`${what}: ${problem}`);
    return work();
  }

  #refuse(sentence: string): never {
    this.#misuses.add(sentence);
    throw new MisuseError(sentence);
  }

  #noteFailure(error: unknown): void {
    if (error instanceof MisuseError) this.#misuses.add(error.message);
    else if (typeof error === 'object' && error !== null) this.#failures.add(error);
  }

  /** Whether the world failed with an error, which the scenario passes on, perhaps as a cause. */
  #isOwn(error: unknown): boolean {
    if (typeof error !== 'object' || error === null) return false;
    return this.#failures.has(error) || ('cause' in error && this.#isOwn(error.cause));
  }

  #unknown(name: string): string | undefined {
    if (this.#guests.has(name)) return undefined;
    const names = [...this.#guests.keys()];
    return `there is no guest ${name}${names.length === 0 ? '' : `; there are ${names.join(', ')}`}`;
  }

  #guestProblem(name: string, options: ScenarioGuestOptions = {}): string | undefined {
    const unknown = options.pfs?.map((pf) => pfProblem(this.#host, pf));
    return guestProblem(name, options) ?? unknown?.find((problem) => problem !== undefined);
  }

  #deviceProblem(device: string): string | undefined {
    const slash = device.lastIndexOf('/');
    const name = device.slice(0, Math.max(slash, 0));
    const index = Number(device.slice(slash + 1));
    const vfs = this.#guests.get(name) ?? 0;
    return Number.isInteger(index) && index >= 0 && index < vfs
      ? undefined
      : `there is no VF ${device}: expected a guest and a number, as in g1/0`;
  }
}

function pfProblem({ pfs = [] }: CheckedHost, pf: string): string | undefined {
  const names = pfs.map(({ name }) => name);
  if (names.includes(pf)) return undefined;
  return `there is no PF ${pf}${names.length === 0 ? '' : `; there are ${names.join(', ')}`}`;
}

function vfIdProblem(host: CheckedHost, vfId: number, pf: string | undefined): string | undefined {
  const { pfs = [], numVfs = 4 } = host;
  const problem = pf === undefined ? undefined : pfProblem(host, pf);
  if (problem !== undefined) return problem;
  const own = (pf === undefined ? pfs[0] : pfs.find(({ name }) => name === pf))?.numVfs ?? numVfs;
  return Number.isInteger(vfId) && vfId >= 0 && vfId < own
    ? undefined
    : `there is no VF ${String(vfId)}: NumVFs is ${own}, and VFIds count from 0`;
}

function guestProblem(name: string, options: ScenarioGuestOptions): string | undefined {
  const { vfs = 1 } = options;
  const stranger = Object.keys(options).find((key) => !Object.hasOwn(GUEST_OPTIONS, key));
  if (stranger !== undefined) {
    return `a guest has no option ${stranger}; it may have ${Object.keys(GUEST_OPTIONS).join(', ')}`;
  }
  if (typeof name !== 'string' || name === '') return 'a guest needs a name';
  return Number.isInteger(vfs) && vfs >= 1
    ? undefined
    : `vfs is ${String(vfs)}; expected 1 or more`;
}

function maskProblem(mask: bigint): string | undefined {
  return typeof mask === 'bigint' && mask >= 0n && mask >> BigInt(MASK_BITS) === 0n
    ? undefined
    : `the mask is ${String(mask)}; expected a bigint of 64 bits, such as 8n for block 3`;
}
