import type { VerifierReport } from '#shared/verifier/report.ts';

/**
 * What the verifier found in the worlds of this process, beside what their tests expect. Whoever runs
 * the tests takes it after each of them.
 */
const unexpected: VerifierReport[] = [];

export function noteUnexpected(report: VerifierReport): void {
  unexpected.push(report);
}

/** These have been told otherwise. */
export function forgetUnexpected(reports: readonly VerifierReport[]): void {
  const others = unexpected.filter((report) => !reports.includes(report));
  unexpected.splice(0, unexpected.length, ...others);
}

/** All so far, which are not told again. */
export function takeUnexpected(): readonly VerifierReport[] {
  return unexpected.splice(0);
}
