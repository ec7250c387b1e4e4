import * as z from 'zod';
import { packageVersion } from '#shared/package-info.ts';
import type { TraceEvent } from '#shared/trace/trace.ts';
import { traceEvent } from '#shared/trace/trace-event-schema.ts';
import type { FoundVersions } from '../check/block-versions.ts';
import type { Checker } from '../check/checker.ts';
import type { AppliedFault } from '../faults/fault-engine.ts';
import type { RunOptions, RunResult } from '../scenario/run-scenario.ts';
import { runOptions, verbs } from './schedule-schema.ts';

/** The number of the format; a reader refuses one that it does not know. */
const FORMAT = 1;

const ownVerdict = z.object({
  id: z.string(),
  rule: z.string(),
  holds: z.union([z.boolean(), z.literal('unknown')]),
  why: z.array(z.string()),
  events: z.array(z.int()),
});

const header = z.object({
  format: z.literal(FORMAT, { error: `expected a trace of format ${FORMAT}` }),
  /** The version of this package that wrote the file. */
  version: z.string(),
  /** The name of the scenario. */
  scenario: z.string(),
  /** The file of the scenario, as the command was given it. */
  file: z.string().optional(),
  /** The drivers that stood in for those of the scenario: built-in names, or files. */
  drivers: z.object({ pf: z.string().optional(), vf: z.string().optional() }).optional(),
  options: runOptions,
  /** Of the events. */
  hash: z.string(),
  leftovers: z.array(z.string()).optional(),
  dead: z.object({ host: z.boolean(), guests: z.array(z.string()) }).optional(),
  /** The `seq` of the last event of the scenario itself. */
  end: z.int().min(0).optional(),
  /** What the scenario threw. */
  failure: z.string().optional(),
  /** Whether that is the scenario's own doing. */
  broken: z.enum(['used wrongly', 'threw']).optional(),
  /** Rules of the verifier that a miniport broke, and no fault explains. */
  breaches: z.array(z.string()).optional(),
  /** Fault rules that met nothing, in words. */
  unfired: z.array(z.string()).optional(),
  /** Whether every event says which version its block has, if it has one. */
  versioned: z.boolean().optional(),
  /** What the checkers of the scenario found, which the file does not have. */
  own: z.array(ownVerdict).optional(),
});

const event = traceEvent.extend({ data: z.string().optional() });

const appliedFault = z.object({
  rule: z.int().min(0),
  seq: z.int().min(1),
  fault: z.looseObject({ verb: z.enum(verbs) }),
});

export type TraceFileHeader = z.output<typeof header>;

/** A run as a file has it. */
export interface TraceFile {
  readonly header: TraceFileHeader;
  readonly events: readonly TraceEvent[];
  readonly faults: readonly AppliedFault[];
  /** The versions of the blocks that were read; undefined in a file that does not say. */
  readonly versions?: FoundVersions | undefined;
}

/** A file that is no trace, with the number of the line. */
export class TraceFileError extends Error {
  override readonly name = 'TraceFileError';
}

/** A run as JSON Lines: a header, then an event or an applied fault on each line. */
export function traceFileText(
  scenario: string,
  options: RunOptions,
  run: RunResult,
  file?: string,
  drivers?: TraceFileHeader['drivers'],
): string {
  const { events, faults, hash, leftovers, dead, end, unfired, versions, own } = run;
  const { failure, broken, breaches } = run;
  const head = {
    format: FORMAT,
    version: packageVersion,
    scenario,
    file,
    drivers,
    options,
    hash,
    leftovers,
    dead,
    end,
    failure,
    broken,
    breaches,
    unfired,
    versioned: versions !== undefined && versions.problem === undefined,
    own: own?.flatMap((each) => ownVerdicts(each, run)),
  };
  const lines = [
    { header: head },
    ...events.map((each) => ({ event: each, version: versions?.bySeq.get(each.seq)?.toString() })),
    ...faults.map((fault) => ({ fault })),
  ];
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
}

function ownVerdicts({ id, rule }: Pick<Checker, 'id' | 'rule'>, { verdicts }: RunResult) {
  return verdicts.filter((each) => each.id === id).map((each) => ({ rule, ...each }));
}

const version = z
  .string()
  .regex(/^-?\d+$/)
  .transform(BigInt);

const line = z.union([
  z.strictObject({ event, version: version.optional() }),
  z.strictObject({ fault: appliedFault }),
  z.strictObject({ header }),
]);

/** Reads a trace file. @throws TraceFileError */
export function parseTraceFile(text: string): TraceFile {
  const lines = text
    .split('\n')
    .flatMap((each, index) =>
      each.trim() === '' ? [] : [{ parsed: parseLine(each, index + 1), number: index + 1 }],
    );
  const [first, ...rest] = lines;
  if (first === undefined || !('header' in first.parsed)) {
    throw new TraceFileError('line 1: expected the header of a trace');
  }
  const events: TraceEvent[] = [];
  const faults: AppliedFault[] = [];
  const bySeq = new Map<number, bigint>();
  for (const { parsed, number } of rest) {
    if ('event' in parsed) {
      events.push(parsed.event);
      if (parsed.version !== undefined) bySeq.set(parsed.event.seq, parsed.version);
    }
    // What a rule did is only ever looked at by its verb.
    else if ('fault' in parsed) faults.push(parsed.fault as AppliedFault);
    else throw new TraceFileError(`line ${number}: a second header`);
  }
  const { header } = first.parsed;
  return { header, events, faults, versions: header.versioned === true ? { bySeq } : undefined };
}

function parseLine(text: string, number: number): z.output<typeof line> {
  const parsed = line.safeParse(jsonOf(text));
  if (parsed.success) return parsed.data;
  throw new TraceFileError(
    `line ${number}: ${parsed.error.issues[0]?.message ?? 'not of a trace'}`,
  );
}

function jsonOf(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    return undefined;
  }
}
