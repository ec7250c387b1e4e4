import { RecurringLog } from '#shared/recurring-log.ts';
import { PfTrace } from '#shared/trace/pf-trace.ts';
import { CLOSE_CODES } from '#shared/transport/close-codes.ts';
import type { Transport } from '#shared/transport/transport.ts';
import type { Verifier } from '#shared/verifier/verifier.ts';
import { PhysicalFunction, type PhysicalFunctionOptions } from './physical-function.ts';
import type { VfOffer } from './virtualization-stack/virtualization-stack.ts';

/** What each PF has for itself. */
export type PfOptions = Pick<
  PhysicalFunctionOptions,
  'name' | 'pfMiniport' | 'driver' | 'configuration' | 'numVfs' | 'oidTimeout' | 'maskOnReset'
>;

export interface ManagementOsOptions
  extends Omit<PhysicalFunctionOptions, keyof PfOptions | 'segment' | 'nextGeneration'> {
  /** The PFs, one at least. The first serves the guests that name none. */
  readonly pfs: readonly PfOptions[];
}

/**
 * One management operating system with its PFs. Each is on its own: one that hangs or throws delays
 * its own VFs, and none of another PF.
 */
export class ManagementOs {
  /** The first PF, which is the only one unless others were asked for. */
  readonly pf: PhysicalFunction;
  readonly #pfs = new Map<string, PhysicalFunction>();
  readonly #options: ManagementOsOptions;
  readonly #log: RecurringLog;
  #generation = 0;
  #starting: Promise<string | undefined> | undefined;

  /**
   * Creates the PF miniports, whose factories may throw.
   *
   * @throws Error when there is no PF, or two have the same name
   */
  constructor(options: ManagementOsOptions) {
    this.#options = options;
    this.#log = new RecurringLog(options.log, options.clock);
    const [first, ...others] = options.pfs;
    if (first === undefined) throw new Error('a management OS has at least one PF');
    this.pf = this.#newPf(first);
    for (const each of others) this.#newPf(each);
  }

  /** Every PF, in the order in which they were asked for. */
  get pfs(): readonly PhysicalFunction[] {
    return [...this.#pfs.values()];
  }

  /** What watches the PF miniports, and has what it found; undefined when nothing does. */
  get verifier(): Verifier | undefined {
    return this.#options.verifier;
  }

  /** The PF with this name; undefined when there is none. */
  pfNamed(name: string): PhysicalFunction | undefined {
    return this.#pfs.get(name);
  }

  /**
   * Initializes every PF and creates its NIC switch. Returns undefined, or why a PF did not start:
   * then those that had started are stopped again.
   */
  start(): Promise<string | undefined> {
    this.#starting ??= this.#startOnce();
    return this.#starting;
  }

  /**
   * Ejects and frees every VF, and halts every PF; one that takes long holds up no other. Resolves with
   * what was left behind of PFs whose miniports hang, in sentences.
   */
  async stop(): Promise<readonly string[]> {
    const left = await Promise.all(this.pfs.map((pf) => pf.stop()));
    return left.filter((each) => each !== undefined);
  }

  /** Whether every PF is initialized. */
  get started(): boolean {
    return this.pfs.every((pf) => pf.started);
  }

  /** Attaches a channel that a guest opened: allocates a VF for it, or closes it with the reason. */
  async attach(transport: Transport, offer: VfOffer): Promise<void> {
    const pf = offer.pf === undefined ? this.pf : this.pfNamed(offer.pf);
    if (pf !== undefined) {
      await pf.attach(transport, offer);
      return;
    }
    const { vmName, index } = offer;
    const { code } = CLOSE_CODES.noSuchPf;
    const reason = `this host has no PF "${offer.pf}"`;
    this.#log.warn('no such PF', { device: `${vmName}/${index}` }, `VF refused: ${reason}`);
    transport.close({ code, reason });
  }

  #newPf(own: PfOptions): PhysicalFunction {
    const { pfs, ...shared } = this.#options;
    const { trace, log } = shared;
    const { name } = own;
    if (this.#pfs.has(name)) throw new Error(`two PFs are named ${name}`);
    const pf = new PhysicalFunction({
      ...shared,
      ...own,
      segment: this.#pfs.size + 1,
      nextGeneration: () => ++this.#generation,
      trace: new PfTrace(trace, name),
      log: pfs.length > 1 ? log.child({ pf: name }) : log,
    });
    this.#pfs.set(name, pf);
    return pf;
  }

  async #startOnce(): Promise<string | undefined> {
    const failure = await this.#firstFailure();
    if (failure !== undefined) await this.#undoStart();
    return failure;
  }

  /** Told as soon as there is one: another PF may be initializing for ever. */
  #firstFailure(): Promise<string | undefined> {
    return new Promise((resolve, reject) => {
      let starting = this.#pfs.size;
      for (const pf of this.pfs) {
        pf.start().then((failure) => {
          starting--;
          if (failure !== undefined) resolve(this.#ofPf(pf, failure));
          else if (starting === 0) resolve(undefined);
          else this.#options.log.info({ pf: pf.name }, 'PF initialized');
        }, reject);
      }
    });
  }

  /** Stops what has started. A PF that is still initializing stops as soon as it is done. */
  async #undoStart(): Promise<void> {
    const started = this.pfs.filter((pf) => pf.started);
    for (const pf of this.pfs) void pf.stop();
    await Promise.all(started.map((pf) => pf.stop()));
  }

  #ofPf({ name }: PhysicalFunction, failure: string): string {
    return this.#pfs.size === 1 ? failure : `PF ${name}: ${failure}`;
  }
}
