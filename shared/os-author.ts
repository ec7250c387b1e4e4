/** What programs that run an operating system of either side need. */

export { systemClock, systemRandom } from './time/system.ts';
export { ACTORS } from './trace/hop.ts';
export { HOPS, type HopName } from './trace/hops.ts';
export { Trace, type TraceEvent } from './trace/trace.ts';
export { CLOSE_CODES } from './transport/close-codes.ts';
export { createLinkedPair } from './transport/in-memory.ts';
export type { CloseDetails, Transport, TransportEvents } from './transport/transport.ts';
export { VERIFIER_MODES, type VerifierMode } from './verifier/mode.ts';
export { formatReport, type VerifierReport } from './verifier/report.ts';
export { type BreachCount, Verifier, type VerifierOptions } from './verifier/verifier.ts';
