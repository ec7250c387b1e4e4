import type { Clock } from '#shared/time/clock.ts';
import { type WatchedFactory, watchMiniport } from '#shared/verifier/miniport-watch.ts';
import type { VerifierReport } from '#shared/verifier/report.ts';
import type { Verifier } from '#shared/verifier/verifier.ts';
import type { PfAdapter, PfMiniport, PfMiniportFactory } from '../ndis/pf-miniport.ts';
import { PfRules } from './pf-rules.ts';

export interface WatchPfOptions {
  readonly verifier: Verifier;
  readonly factory: PfMiniportFactory;
  /** The name of the adapter. */
  readonly name: string;
  readonly clock: Clock;
  /** Stops the adapter for a breach; called once at most. */
  readonly stop: (report: VerifierReport) => void;
}

/** Puts the verifier around a PF miniport. */
export function watchPf(options: WatchPfOptions): WatchedFactory<PfAdapter, PfMiniport> {
  const { verifier, factory, name, clock, stop } = options;
  const actor = {
    title: `PF miniport ${name}`,
    hop: 'pfContractViolated',
    pf: name,
    stop,
  } as const;
  return watchMiniport({ verifier, actor, factory, clock, rules: (code) => new PfRules(code) });
}
