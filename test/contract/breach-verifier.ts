import { Trace } from '#shared/trace/trace.ts';
import { Verifier } from '#shared/verifier/verifier.ts';
import { quietLog } from '#test/kit/world/quiet-log.ts';

/** A verifier whose violations are breaches of a contract: what it sees, no door has to look for. */
export function breachVerifier(breaches: string[]): Verifier {
  return new Verifier({
    isFatal: false,
    trace: new Trace(() => 0),
    log: quietLog,
    onReport({ id, severity, what }) {
      if (severity === 'violation') breaches.push(`${id}: ${what}`);
    },
  });
}
