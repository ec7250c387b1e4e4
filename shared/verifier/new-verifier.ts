import type { VerifierMode } from './mode.ts';
import { Verifier, type VerifierOptions } from './verifier.ts';

/** The verifier of a process; undefined when it is off. */
export function newVerifier(
  mode: VerifierMode,
  options: Omit<VerifierOptions, 'isFatal'>,
): Verifier | undefined {
  return mode === 'off' ? undefined : new Verifier({ ...options, isFatal: mode === 'fatal' });
}
