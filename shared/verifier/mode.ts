/** What the verifier does about a breach: nothing at all, logs and counts, or stops the adapter. */
export const VERIFIER_MODES = ['off', 'log', 'fatal'] as const;

export type VerifierMode = (typeof VERIFIER_MODES)[number];
