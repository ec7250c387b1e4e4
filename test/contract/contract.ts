import { messageOf } from '#shared/message-of.ts';

/** A rule of a contract that a miniport broke, and how. */
export interface BrokenRule {
  readonly rule: string;
  readonly why: string;
}

/** What became of each rule of a contract. */
export interface ContractReport {
  /** Which contract: `PF miniport`. */
  readonly contract: string;
  readonly kept: readonly string[];
  readonly broken: readonly BrokenRule[];
}

/** A miniport that broke rules of its contract; the message lists each, with how it was broken. */
export class ContractError extends Error {
  readonly report: ContractReport;

  constructor(report: ContractReport) {
    const { contract, kept, broken } = report;
    const lines = broken.map(({ rule, why }) => `  - ${rule}: ${why}`);
    const count = `${broken.length} of ${kept.length + broken.length}`;
    super(`the ${contract} contract is broken in ${count} rules:\n${lines.join('\n')}`);
    this.name = 'ContractError';
    this.report = report;
  }
}

/** How a check says that its rule is broken. */
class Breach extends Error {}

/** Fails the check that runs, unless `holds`. */
export function demand(holds: boolean, why: string): asserts holds {
  if (!holds) throw new Breach(why);
}

/** Runs the checks of a contract one after another; a check that fails keeps no other from running. */
export class Rules {
  readonly #contract: string;
  readonly #kept: string[] = [];
  readonly #broken: BrokenRule[] = [];

  constructor(contract: string) {
    this.#contract = contract;
  }

  async check(rule: string, run: () => void | Promise<void>): Promise<void> {
    try {
      await run();
      this.#kept.push(rule);
    } catch (error) {
      const why = error instanceof Breach ? error.message : `unexpected: ${messageOf(error)}`;
      this.#broken.push({ rule, why });
    }
  }

  /** The report. @throws ContractError when a rule was broken */
  report(): ContractReport {
    const report = { contract: this.#contract, kept: this.#kept, broken: this.#broken };
    if (report.broken.length > 0) throw new ContractError(report);
    return report;
  }
}
