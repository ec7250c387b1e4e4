import type { BlockRequest } from './block-requests.ts';
import { type Checker, type Finding, type Run, verdict } from './checker.ts';
import { describeEvent } from './describe-event.ts';
import type { Life } from './lives.ts';
import { isWithin } from './scenario-end.ts';
import { isGuestDead } from './touched.ts';

/**
 * A rule that a scenario may ask for by its `checkers`: a VF whose read of a block fails tries again until
 * one succeeds. I5 asks that of nobody, since a driver may have other ways to live with a read that
 * failed. The scenario has to leave the VF the time for it.
 */
export const freshAgain: Checker = {
  id: 'fresh-again',
  rule: 'A VF whose read of a block has failed has read it again when the scenario ends.',
  check(run) {
    return verdict(
      this.id,
      run.history.lives.filter((life) => isThere(run, life)).flatMap((life) => failed(run, life)),
    );
  },
};

/** Whether the VF ran when the scenario ended, with a channel and a guest that could read. */
function isThere(run: Run, { device, initialized, halted, closed, freed }: Life): boolean {
  const hasEnded = [halted, closed, freed].some((event) => isWithin(run, event));
  return isWithin(run, initialized) && !hasEnded && !isGuestDead(run, device);
}

function failed(run: Run, life: Life): readonly Finding[] {
  const last = new Map<number, BlockRequest>();
  for (const request of run.history.requests) {
    const { kind, call, returned } = request;
    const isOwn = call.device === life.device && call.generation === life.generation;
    if (kind !== 'read' || !isOwn || !isWithin(run, returned[0])) continue;
    last.set(call.blockId ?? 0, request);
  }
  const start = run.events[0]?.at ?? 0;
  return [...last.values()].flatMap(({ call, returned: [first] }) => {
    if (first === undefined || first.status === 0) return [];
    const why = `VF ${life.vfId} (${life.device}) never read block ${call.blockId} again after ${describeEvent(first, start)}`;
    return [{ why, events: [call.seq, first.seq] }];
  });
}
