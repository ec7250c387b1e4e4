import type { Trace } from '#shared/trace/trace.ts';
import type { VerifierMode } from '#shared/verifier/mode.ts';
import { newVerifier } from '#shared/verifier/new-verifier.ts';
import { formatReport, type VerifierReport } from '#shared/verifier/report.ts';
import type { Verifier } from '#shared/verifier/verifier.ts';
import { type Befallen, isOfFault } from './excused-breaches.ts';
import { quietLog } from './quiet-log.ts';
import { forgetUnexpected, noteUnexpected } from './unexpected-breaches.ts';

export interface WorldVerifierOptions {
  readonly mode: VerifierMode;
  /** Rules that the miniports of this world are meant to break. */
  readonly breaks: readonly string[] | 'any';
  readonly trace: Trace;
  /** Whether the operating system of a PF, or of a VF such as `g1/0`, has died. */
  readonly isDead: (adapter: string) => boolean;
  /** What befell the world so far: what a fault breaks is no miniport's own doing. */
  readonly befallen: Befallen;
}

/** What watches the miniports of a world, on either side. It logs nothing: a test looks at reports. */
export class WorldVerifier {
  /** That of the management OS, and that of all guests. */
  readonly host: Verifier | undefined;
  readonly guests: Verifier | undefined;
  readonly reports: VerifierReport[] = [];
  readonly #options: WorldVerifierOptions;
  readonly #unexpected: VerifierReport[] = [];
  readonly #expected: Set<string>;

  constructor(options: WorldVerifierOptions) {
    this.#options = options;
    const { mode, trace, breaks } = options;
    this.#expected = new Set(breaks === 'any' ? [] : breaks);
    const onReport = (report: VerifierReport): void => this.#take(report);
    this.host = newVerifier(mode, { trace, log: quietLog, onReport });
    this.guests = newVerifier(mode, { trace, log: quietLog, onReport });
  }

  expect(ids: readonly string[]): void {
    for (const id of ids) this.#expected.add(id);
  }

  /** Every violation that no fault explains, and no rule is of that this world is meant to break. */
  takeBreaches(): readonly VerifierReport[] {
    forgetUnexpected(this.#unexpected);
    return this.#unexpected.splice(0);
  }

  /** @throws Error with {@link takeBreaches} */
  demandNone(): void {
    const breaches = this.takeBreaches();
    if (breaches.length > 0) throw new Error(breaches.map(formatReport).join('\n'));
  }

  /** What is left running of a side that has died does nothing that anybody could see. */
  #take(report: VerifierReport): void {
    const { breaks, isDead, befallen } = this.#options;
    const { actor, severity, id } = report;
    if (isDead(actor.slice(actor.lastIndexOf(' ') + 1))) return;
    this.reports.push(report);
    if (severity !== 'violation' || breaks === 'any' || this.#expected.has(id)) return;
    if (isOfFault(report, befallen)) return;
    this.#unexpected.push(report);
    noteUnexpected(report);
  }
}
