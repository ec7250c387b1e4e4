import { afterEach } from 'vitest';
import { formatReport } from '#shared/verifier/report.ts';
import { takeUnexpected } from '../kit/world/unexpected-breaches.ts';

/** A test whose miniports break rules that it does not name fails, whatever else it finds. */
afterEach(() => {
  const reports = takeUnexpected();
  if (reports.length > 0) throw new Error(reports.map(formatReport).join('\n'));
});
