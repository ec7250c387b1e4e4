import * as z from 'zod';
import { ACTORS } from '#shared/trace/hop.ts';
import { HOPS, type HopName } from '#shared/trace/hops.ts';
import { DURATION, type Duration, durationOf } from '../duration.ts';
import type { FaultRule, Verb } from '../faults/fault.ts';
import { VERBS } from '../faults/verbs.ts';
import { type RunOptions, WORLD_KINDS } from '../scenario/run-scenario.ts';

const hopNames = Object.keys(HOPS) as HopName[];

export const verbs = Object.keys(VERBS) as Verb[];

const duration = z.custom<Duration>((given) => durationOf(given) !== undefined, {
  error: `expected a duration: ${DURATION}`,
});

const when = z.strictObject({
  hop: z.enum(hopNames).optional(),
  name: z.string().optional(),
  from: z.enum(ACTORS).optional(),
  device: z.string().optional(),
  vfId: z.int().optional(),
  blockId: z.int().optional(),
  status: z.int().optional(),
  nth: z.int().min(1).optional(),
});

const fault = z.discriminatedUnion('verb', [
  z.strictObject({ verb: z.literal('delay'), by: duration }),
  z.strictObject({ verb: z.literal('hold'), until: when }),
  z.strictObject({ verb: z.literal('drop') }),
  z.strictObject({ verb: z.literal('duplicate') }),
  z.strictObject({ verb: z.literal('reorder'), behind: z.int().min(1) }),
  z.strictObject({ verb: z.literal('truncate'), bytes: z.int().min(0) }),
  z.strictObject({ verb: z.literal('truncateFrame'), characters: z.int().min(0) }),
  z.strictObject({ verb: z.literal('pad'), bytes: z.int().min(0).max(65_536) }),
  z.strictObject({ verb: z.literal('corrupt') }),
  z.strictObject({ verb: z.literal('overrideStatus'), status: z.uint32() }),
  z.strictObject({ verb: z.literal('replyWith'), reply: z.record(z.string(), z.unknown()) }),
  z.strictObject({
    verb: z.literal('forge'),
    message: z.looseObject({ type: z.string().min(1).max(64) }),
  }),
  z.strictObject({ verb: z.literal('stopReading'), until: when }),
  z.strictObject({ verb: z.literal('throwInPlugIn') }),
  z.strictObject({ verb: z.literal('failAllocation') }),
  z.strictObject({ verb: z.literal('cut') }),
  z.strictObject({ verb: z.literal('kill'), side: z.enum(['guest', 'host']) }),
]);

/** What decides a run, as a file or a command line has it. */
export const runOptions = z.strictObject({
  world: z.enum(WORLD_KINDS).optional(),
  seed: z.int().optional(),
  latency: duration.optional(),
  faults: z
    .array(z.strictObject({ when, do: fault }))
    .max(1000)
    .optional(),
});

/** The options that have been read, as a run takes them. */
export function asRunOptions(read: z.output<typeof runOptions>): RunOptions {
  // The schema lets through what rules have, and nothing else.
  return { ...read, faults: (read.faults ?? []) as FaultRule[] };
}
