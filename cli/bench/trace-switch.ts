import type { Trace, TraceEvent } from '#shared/trace/trace.ts';

/** How many events the listener of the bench keeps: it holds on to them as a real one would. */
const KEPT = 1024;

/** Turns a trace on and off, with a listener that keeps the latest events. */
export function traceSwitch(trace: Trace): (on: boolean) => void {
  const kept: TraceEvent[] = [];
  let next = 0;
  let stop: (() => void) | undefined;
  return (on) => {
    stop?.();
    stop = undefined;
    if (!on) return;
    stop = trace.listen((event) => {
      kept[next] = event;
      next = (next + 1) % KEPT;
    });
  };
}
