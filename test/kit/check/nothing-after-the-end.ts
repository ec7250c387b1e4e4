import type { HopName } from '#shared/trace/hops.ts';
import type { TraceEvent } from '#shared/trace/trace.ts';
import { type Checker, type Finding, type Run, verdict } from './checker.ts';
import { describeEvent } from './describe-event.ts';
import type { Life } from './lives.ts';

/** I8: nothing of an instance of a VF is acted on after that instance has ended. */
export const nothingAfterTheEnd: Checker = {
  id: 'I8',
  rule: 'After a VF is halted or freed, nothing of that instance is acted on.',
  check(run) {
    const breaches = run.history.lives.flatMap((life) => [
      ...late(run, life, life.freed, 'pfMiniportOidRequest', 'was freed'),
      ...late(run, life, life.halted, 'vfMiniportOidRequest', 'was halted'),
      ...late(run, life, life.halted, 'vfMiniportInitializeEx', 'was halted'),
    ]);
    return verdict(this.id, breaches);
  },
};

function late(
  run: Run,
  life: Life,
  end: TraceEvent | undefined,
  hop: HopName,
  what: string,
): readonly Finding[] {
  if (end === undefined) return [];
  const start = run.events[0]?.at ?? 0;
  return run.events
    .filter(
      (event) =>
        event.hop === hop &&
        event.seq > end.seq &&
        event.device === life.device &&
        event.generation === life.generation,
    )
    .map((event) => ({
      why: `${describeEvent(event, start)} reached ${life.device} after that instance ${what} at event ${end.seq}`,
      events: [end.seq, event.seq],
    }));
}
