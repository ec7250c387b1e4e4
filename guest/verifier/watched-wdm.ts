import { type AdapterCalls, COMPLETION_ROUTINE } from '#shared/verifier/adapter-calls.ts';
import type { DriverCode } from '#shared/verifier/driver-code.ts';
import { interposed } from '#shared/verifier/interposed.ts';
import type { Wdm } from '../io/wdm.ts';

/** What a completion routine throws is found, and reported, by whoever calls it: `completion.threw`. */
function foundElsewhere(): void {}

/** The routines of wdm.h for a driver that is watched, and its completion routines as its code. */
export function watchedWdm(wdm: Wdm, code: DriverCode, calls: AdapterCalls): Wdm {
  const { recent } = code.verifier;
  const replaced: Partial<Wdm> = {
    ioSetCompletionRoutine(irp, routine, ...invoked) {
      const run = (each: typeof irp): number =>
        code.run(COMPLETION_ROUTINE, [recent.latest], () => routine(each), foundElsewhere);
      wdm.ioSetCompletionRoutine(irp, run, ...invoked);
    },
  };
  const watched = { function: calls.watched.bind(calls) };
  return interposed(wdm, watched, replaced);
}
