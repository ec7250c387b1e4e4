import type { BlockRequest } from './block-requests.ts';
import { BlockVersions, type VersionOf, versionsIn } from './block-versions.ts';
import { type Checker, type Finding, type Run, verdict } from './checker.ts';
import { describeEvent, shortMask } from './describe-event.ts';
import { keptTooLong } from './kept-too-long.ts';
import type { Life } from './lives.ts';
import { covers, lastInvalidation } from './masks-of-block.ts';
import { isFalsified } from './touched.ts';

/**
 * I5: a read that started after a mask was delivered never returns what was there before the PF's
 * invalidation. Where the versions of blocks are known, also: no version older than one that the PF
 * had before, and in the end the version that the VF was told of.
 *
 * @param versionOf default: what the run itself knows of versions, or none
 */
export function freshReads(versionOf?: VersionOf): Checker {
  return {
    id: 'I5',
    rule: 'A read that starts after a mask was delivered returns nothing older than the invalidation.',
    check(run) {
      const found = versionOf === undefined ? run.versions : versionsIn(run, versionOf);
      const breaches = run.history.lives.flatMap((life) => {
        const reads = readsOf(run, life);
        const versions = new BlockVersions(run, life, found?.bySeq ?? new Map());
        return [
          ...reads.flatMap((read) => stale(run, life, read, versions)),
          ...keptTooLong(run, life, reads, versions),
        ];
      });
      const problem = found?.problem;
      return verdict('I5', breaches, problem === undefined ? [] : [{ why: problem, events: [] }]);
    },
  };
}

function readsOf(run: Run, life: Life): readonly BlockRequest[] {
  return run.history.requests.filter(
    (request) =>
      request.kind === 'read' &&
      request.call.device === life.device &&
      request.call.generation === life.generation &&
      request.returned[0]?.status === 0 &&
      !isFalsified(run, request),
  );
}

function stale(
  run: Run,
  life: Life,
  read: BlockRequest,
  versions: BlockVersions,
): readonly Finding[] {
  const { call, atPf, returned } = read;
  const blockId = call.blockId ?? 0;
  const delivery = run.history.deliveries.findLast(
    (each) =>
      each.event.device === life.device &&
      each.event.generation === life.generation &&
      each.event.seq < call.seq &&
      covers(blockId, each.mask),
  );
  const invalidation = lastInvalidation(run, life, blockId, delivery?.event.seq ?? 0);
  if (delivery === undefined || invalidation === undefined) return [];
  const start = run.events[0]?.at ?? 0;
  const told = `after mask ${shortMask(delivery.event.mask ?? '0')} was delivered at event ${delivery.event.seq}`;
  const what = `VF ${life.vfId} (${life.device}): ${describeEvent(call, start)}`;
  const events = [invalidation.event.seq, delivery.event.seq, call.seq];
  if (atPf !== undefined && atPf.seq < invalidation.event.seq) {
    return [{ why: `${what}, ${told}, was answered from before the invalidation`, events }];
  }
  const version = returned[0] && versions.of(returned[0]);
  const known = versions.newest(blockId, invalidation.event.seq);
  if (version === undefined || known === undefined || version >= known) return [];
  return [{ why: `${what} read version ${version} ${told}; the PF had version ${known}`, events }];
}
