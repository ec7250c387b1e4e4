import type { Clock } from '#shared/time/clock.ts';
import { type WatchedFactory, watchMiniport } from '#shared/verifier/miniport-watch.ts';
import type { VerifierReport } from '#shared/verifier/report.ts';
import type { Verifier } from '#shared/verifier/verifier.ts';
import type { Wdm } from '../io/wdm.ts';
import type { VfAdapter, VfMiniport, VfMiniportFactory } from '../ndis/vf-miniport.ts';
import { VfRules } from './vf-rules.ts';
import { watchedWdm } from './watched-wdm.ts';

export interface WatchVfOptions {
  readonly verifier: Verifier;
  readonly miniport: VfMiniportFactory;
  /** Which VF of which guest: `g1/0`. */
  readonly device: string;
  readonly clock: Clock;
  /** Stops the VF for a breach; called once at most. */
  readonly stop: (report: VerifierReport) => void;
}

/** Puts the verifier around the miniport of one VF instance. */
export function watchVf(options: WatchVfOptions): WatchedFactory<VfAdapter, VfMiniport> {
  const { verifier, miniport: factory, device, clock, stop } = options;
  const title = `VF miniport ${device}`;
  const actor = { title, hop: 'vfContractViolated', device, stop } as const;
  return watchMiniport({
    verifier,
    actor,
    factory,
    clock,
    rules: (code) => new VfRules(code, clock, device),
    replaced(adapter, code, calls) {
      let wdm: Wdm | undefined;
      return {
        get wdm() {
          wdm ??= watchedWdm(adapter.wdm, code, calls);
          return wdm;
        },
      };
    },
  });
}
