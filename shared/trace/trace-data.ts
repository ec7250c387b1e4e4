import type { Trace } from './trace.ts';

/** Block data as an event carries it; undefined when the trace does not keep any. */
export function tracedData(trace: Trace, data: Uint8Array | undefined): string | undefined {
  if (!trace.keepsData || data === undefined) return undefined;
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('hex');
}
