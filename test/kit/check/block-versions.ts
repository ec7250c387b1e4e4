import { messageOf } from '#shared/message-of.ts';
import type { TraceEvent } from '#shared/trace/trace.ts';
import type { Run } from './checker.ts';
import type { Life } from './lives.ts';
import { isFalsified } from './touched.ts';

/** The version that the data of a block has; undefined for a block without versions. */
export type VersionOf = (blockId: number, data: Uint8Array) => bigint | number | undefined;

/** The versions that a run shows. A file keeps them, since it has no {@link VersionOf}. */
export interface FoundVersions {
  /** By the `seq` of the event whose data has it. */
  readonly bySeq: ReadonlyMap<number, bigint>;
  /** Why some are not known, in words; undefined when all are that there are. */
  readonly problem?: string | undefined;
}

/** The versions of what VFs have read, and of what the PF has answered with for the same blocks. */
export function versionsIn(
  run: Pick<Run, 'events' | 'faults' | 'history'>,
  versionOf: VersionOf,
): FoundVersions {
  const bySeq = new Map<number, bigint>();
  const blocks = new Set<number>();
  let problem: string | undefined;
  const note = ({ seq, data }: TraceEvent, blockId: number): void => {
    if (data === undefined) return;
    try {
      const version = versionOf(blockId, Buffer.from(data, 'hex'));
      if (version !== undefined) bySeq.set(seq, BigInt(version));
    } catch (error) {
      problem ??= `versionOf failed for block ${blockId} at event ${seq}: ${messageOf(error)}`;
    }
  };
  for (const request of run.history.requests) {
    const { kind, call, returned } = request;
    const [first] = returned;
    if (kind !== 'read' || first?.status !== 0 || isFalsified(run, request)) continue;
    blocks.add(call.blockId ?? 0);
    note(first, call.blockId ?? 0);
  }
  for (const event of run.events) {
    const { hop, blockId } = event;
    if (hop !== 'pfMiniportOidRequestComplete' || blockId === undefined) continue;
    if (blocks.has(blockId)) note(event, blockId);
  }
  return { bySeq, problem };
}

/** Every version of the blocks of a VF that the PF is known to have had, from its answers. */
export class BlockVersions {
  readonly #answers: readonly TraceEvent[];
  readonly #bySeq: ReadonlyMap<number, bigint>;

  constructor(run: Run, life: Life, bySeq: ReadonlyMap<number, bigint>) {
    this.#bySeq = bySeq;
    this.#answers = run.events.filter(
      ({ hop, vfId, pf, data, seq }) =>
        hop === 'pfMiniportOidRequestComplete' &&
        data !== undefined &&
        vfId === life.vfId &&
        pf === life.pf &&
        seq > life.allocated.seq &&
        seq < (life.freed?.seq ?? Number.POSITIVE_INFINITY),
    );
  }

  of({ seq }: TraceEvent): bigint | undefined {
    return this.#bySeq.get(seq);
  }

  /** The newest version that the PF answered with before an event; or at all. */
  newest(blockId: number, before = Number.POSITIVE_INFINITY): bigint | undefined {
    const versions = this.#among(blockId, ({ seq }) => seq < before);
    return versions.reduce<bigint | undefined>(
      (newest, version) => (newest === undefined || version > newest ? version : newest),
      undefined,
    );
  }

  /** What the PF first answered a request with that it was given between two events. */
  first(blockId: number, after: number, before: number): bigint | undefined {
    const isMeant = ({ seq, cause }: TraceEvent): boolean => (cause ?? 0) > after && seq < before;
    return this.#among(blockId, isMeant)[0];
  }

  #among(blockId: number, isMeant: (answer: TraceEvent) => boolean): readonly bigint[] {
    return this.#answers.flatMap((answer) => {
      const version = answer.blockId === blockId && isMeant(answer) ? this.of(answer) : undefined;
      return version === undefined ? [] : [version];
    });
  }
}
