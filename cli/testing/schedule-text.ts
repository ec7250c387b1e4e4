import * as z from 'zod';
import { HOPS, type HopName } from '#shared/trace/hops.ts';
import type { FaultRule } from '#test/kit/faults/fault.ts';
import type { RunOptions } from '#test/kit/scenario/run-scenario.ts';
import { UsageError } from '../failure.ts';

const hopNames = Object.keys(HOPS) as HopName[];

const duration = z.union([
  z.number().min(0),
  z.custom<`${number}ms`>(
    (value) => typeof value === 'string' && /^\d+(\.\d+)?(us|ms|s|min)$/.test(value),
  ),
]);

const when = z.strictObject({
  hop: z.enum(hopNames).optional(),
  name: z.string().optional(),
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
  z.strictObject({ verb: z.literal('stopReading'), until: when }),
  z.strictObject({ verb: z.literal('throwInPlugIn') }),
  z.strictObject({ verb: z.literal('failAllocation') }),
  z.strictObject({ verb: z.literal('cut') }),
  z.strictObject({ verb: z.literal('kill'), side: z.enum(['guest', 'host']) }),
]);

const schedule = z.strictObject({
  seed: z.int().optional(),
  latency: duration.optional(),
  faults: z
    .array(z.strictObject({ when, do: fault }))
    .max(1000)
    .optional(),
});

/** A schedule as one word that every shell passes on as it is. */
export function scheduleWord(options: RunOptions): string {
  return Buffer.from(JSON.stringify(options)).toString('base64url');
}

/** The schedule that a word, or JSON, stands for. @throws UsageError */
export function parseSchedule(text: string): RunOptions {
  const json = text.trimStart().startsWith('{')
    ? text
    : Buffer.from(text, 'base64url').toString('utf8');
  const parsed = schedule.safeParse(parseJson(json));
  if (parsed.success) return withoutUndefined(parsed.data);
  const issue = parsed.error.issues[0];
  const place = issue?.path.join('.') ?? '';
  throw new UsageError(
    `--schedule: ${place === '' ? '' : `${place}: `}${issue?.message ?? 'invalid'}`,
  );
}

function parseJson(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    return undefined;
  }
}

function withoutUndefined({ seed, latency, faults }: z.output<typeof schedule>): RunOptions {
  // What the schema has let through has exactly the members that rules have.
  return { seed, latency, faults: (faults ?? []) as readonly FaultRule[] };
}
